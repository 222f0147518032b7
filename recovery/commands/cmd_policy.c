/* cmd_policy.c: daruma policy show|check FILE|apply: the policy in force
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "policy/bytes.h"
#include "recovery/boot/answer_file.h"
#include "recovery/boot/kernel_target.h"
#include "recovery/boot/limits_file.h"
#include "recovery/boot/limits_lock.h"
#include "recovery/boot/safe_image_change.h"
#include "recovery/boot/watchdog_limit.h"
#include "recovery/cleanup.h"
#include "recovery/commands/command_scan_timer.h"
#include "recovery/commands/commands.h"
#include "recovery/commands/output.h"
#include "recovery/commands/table.h"
#include "recovery/document.h"
#include "recovery/event.h"
#include "recovery/message.h"
#include "recovery/policy_file.h"
#include "recovery/products/watch_set.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

static const char *const rules[] = { "changed", "never", "always" };
static const char *const copies[] = { "auto", "rescue", "safe", "none" };

/* What show prints, as numbers with names. */
struct line {
	const char *name;
	uint64_t value;
};

#define LINES_MOST 20

static size_t list_lines(const struct policy_file *policy, struct line lines[LINES_MOST])
{
	const struct daruma_thresholds *limits = &policy->limits.thresholds;
	const struct line all[] = {
		{ "panic", limits->panic },
		{ "unexplained", limits->unexplained },
		{ "safe_tries", limits->safe_tries },
		{ "rescue_tries", limits->rescue_tries },
		{ "incident_starts", limits->incident_starts },
		{ "aside_starts", limits->aside_starts },
		{ "incidents", limits->incidents },
		{ "incident_gap_minutes", limits->incident_gap },
		{ "token_return_minutes", limits->token_return },
		{ "watchdog_seconds", policy->limits.watchdog_seconds },
		{ "settle_seconds", policy->settle_seconds },
		{ "deadline_seconds", policy->deadline_seconds },
		{ "emergency_seconds", policy->emergency_seconds },
		{ "scan_seconds", policy->scan_seconds },
		{ "keep", policy->generations },
		{ "store_bytes", policy->store_bytes },
		{ "store_file_bytes", policy->store_file_bytes },
		{ "late_panics", policy->late_panics },
		{ "late_window_hours", policy->late_window_hours },
	};

	memcpy(lines, all, sizeof(all));
	return sizeof(all) / sizeof(all[0]);
}

static int print_json(const struct context *context, const struct policy_file *policy)
{
	struct json *object = output_object("daruma.policy_state.v1");
	struct line lines[LINES_MOST];
	size_t count = list_lines(policy, lines);

	json_add_integer(object, "version", policy->version);
	for (size_t i = 0; i < count; i++)
		json_add_integer(object, lines[i].name, (int64_t)lines[i].value);
	json_add_text(object, "unexplained_rule",
		      rules[policy->limits.thresholds.unexplained_rule]);
	json_add_bool(object, "automatic", policy->automatic);
	json_add_bool(object, "fast_path", policy->fast_path);
	json_add_text(object, "kernel_copy", copies[policy->kernel_copy]);
	json_add_text(object, "kernel_floor", policy->kernel_floor);
	return output_print(context, object);
}

static int print_text(const struct context *context, const struct policy_file *policy)
{
	static const char *const heads[] = { "KEY", "VALUE" };
	struct table *table = table_new(heads, 2);
	struct line lines[LINES_MOST];
	size_t count = list_lines(policy, lines);
	char value[24];
	int error;

	snprintf(value, sizeof(value), "%u", policy->version);
	table_row(table, (const char *const[]){ "version", value });
	for (size_t i = 0; i < count; i++) {
		snprintf(value, sizeof(value), "%llu", (unsigned long long)lines[i].value);
		table_row(table, (const char *const[]){ lines[i].name, value });
	}
	table_row(table,
		  (const char *const[]){ "unexplained_rule",
					 rules[policy->limits.thresholds.unexplained_rule] });
	table_row(table,
		  (const char *const[]){ "automatic", policy->automatic ? "true" : "false" });
	table_row(table,
		  (const char *const[]){ "fast_path", policy->fast_path ? "true" : "false" });
	table_row(table, (const char *const[]){ "kernel_copy", copies[policy->kernel_copy] });
	table_row(table,
		  (const char *const[]){ "kernel_floor",
					 policy->kernel_floor[0] ? policy->kernel_floor : "-" });
	error = table_print(context, table);
	return error ? message_cannot(context, error, "print the policy") : EXIT_DONE;
}

static int show(const struct context *context, const char *file)
{
	char problem[POLICY_PROBLEM_SIZE] = "";
	struct policy_file policy;
	int error = policy_file_load(context, &policy, problem);

	if (file)
		return message_usage("policy show: takes no file");
	if (error == -ENOENT)
		message_notice(context, "no policy file: these are the built-in defaults");
	else if (error)
		return message_cannot_accept(context, error, problem, "read the policy");
	return context->json ? print_json(context, &policy) : print_text(context, &policy);
}

/* A product file says so in its schema; everything else is to be a policy. */
static bool is_product(const char *text, size_t length)
{
	char problem[64];
	struct json *document = NULL;
	const char *schema = NULL;
	bool product;

	if (json_parse(text, length, &document, problem, sizeof(problem)) == 0)
		schema = json_string(json_get(document, "schema"));
	product = schema && strncmp(schema, "daruma.product.", strlen("daruma.product.")) == 0;
	json_free(document);
	return product;
}

static int check(const struct context *context, const char *file)
{
	char problem[PRODUCT_PROBLEM_SIZE] = "";
	owned char *text = NULL;
	struct product product = { 0 };
	struct policy_file policy;
	size_t length;
	int error;

	if (!file)
		return message_usage("policy check: which file?");
	error = system_read_named(file, DOCUMENT_SIZE_MAX, &text, &length);
	if (error)
		return message_cannot(context, error, "read %s", file);
	if (is_product(text, length)) {
		error = product_parse(file, text, length, &product, problem);
		product_free(&product);
	} else {
		error = policy_file_parse(file, text, length, &policy, problem);
	}
	if (error == -ENOMEM)
		return message_cannot(context, error, "check %s", file);
	/* The problem starts with the name of the file. */
	if (error && strlen(problem) > strlen(file) + 2)
		return message_cannot_accept(context, -EBADMSG, problem + strlen(file) + 2,
					     "accept %s", file);
	if (error)
		return message_cannot_accept(context, -EBADMSG, message_text(-EBADMSG), "accept %s",
					     file);
	message_notice(context, "%s is sound", file);
	return EXIT_DONE;
}

/* What a policy leaves open stays as `daruma install` found it. */
static void keep_target(struct daruma_target *target, const struct daruma_target *present)
{
	if (!target->path[0])
		*target = *present;
}

static void tell(const struct context *context, const struct daruma_limits *present,
		 const struct daruma_limits *limits, int written)
{
	struct database *database = NULL;
	struct json *details = json_new_object();
	int error = state_open(context, true, &database);

	/* The limits are in force all the same, and the log has the event. */
	if (error) {
		message_notice(context, "it is not in the history: %s", message_text(error));
		database = NULL;
	}
	json_add_integer(details, "policy_version", limits->policy_version);
	json_add_integer(details, "files", written);
	event_write(context, database, "policy.applied", "notice", details);
	if (safe_image_tell_lost(context, database, present, limits))
		message_notice(context,
			       "the owner's image is not what safe starts are of any more");
	database_close(database);
}

static int write_limits(const struct context *context, const struct esp *esp,
			const struct daruma_limits *present, const struct daruma_limits *limits)
{
	int written;

	if (context->dry_run) {
		printf("would write version %u to %s/EFI/daruma/limits.bin and limits.bak\n",
		       limits->policy_version, esp->path);
		return EXIT_DONE;
	}
	written = answer_file_lay(esp, limits);
	if (written == -EEXIST)
		return message_cannot_because(context, written,
					      "a file that is not Daruma's is there",
					      "lay %s on %s", limits->answer_path, esp->path);
	if (written < 0)
		return message_cannot(context, written, "lay %s on %s", limits->answer_path,
				      esp->path);
	written = limits_file_write(esp, limits);
	if (written < 0) {
		int code = message_cannot(context, written, "write the limits to %s/EFI/daruma",
					  esp->path);

		if (written == -ENOENT)
			message_hint("daruma install puts the stage there");
		return code;
	}
	if (written == 0) {
		message_notice(context, "version %u is in force already", limits->policy_version);
		return EXIT_DONE;
	}
	tell(context, present, limits, written);
	message_notice(context, "version %u is in force from the next boot",
		       limits->policy_version);
	return EXIT_DONE;
}

/* A copy that the policy wants no more, or that is below its floor, is named no more; the next good start deletes it. */
static void obey_kernels(const struct context *context, struct policy_file *policy)
{
	struct database *database = NULL;

	if (state_open(context, false, &database) != 0)
		database = NULL;
	kernel_target_obey(database, policy, &policy->limits);
	database_close(database);
}

static int apply_to(const struct context *context, const struct esp *esp,
		    struct policy_file *policy)
{
	struct daruma_limits *limits = &policy->limits;
	struct daruma_limits present;

	/* R44: an older policy, put back by whoever, is not taken. */
	if (limits_file_load(esp, &present) && present.policy_version > limits->policy_version) {
		message_cannot_because(context, -EPERM, "a newer one is in force",
				       "apply version %u of the policy", limits->policy_version);
		message_hint("the version in force is %u", present.policy_version);
		return EXIT_REJECTED;
	}
	keep_target(&limits->normal, &present.normal);
	keep_target(&limits->safe, &present.safe);
	keep_target(&limits->rescue, &present.rescue);
	obey_kernels(context, policy);
	safe_image_obey(esp, policy->kernel_floor, limits);
	watchdog_limit_keep(esp, limits);
	return write_limits(context, esp, &present, limits);
}

static int apply(const struct context *context, const char *file)
{
	char problem[POLICY_PROBLEM_SIZE] = "";
	struct policy_file policy;
	owned_descriptor int lock = -1;
	struct esp esp;
	int code, error = policy_file_load(context, &policy, problem);

	if (file)
		return message_usage("policy apply: takes no file: the policy in force is applied");
	if (error)
		return message_cannot_accept(context, error, problem, "apply the policy");
	error = esp_find(context, &esp);
	if (error)
		return message_cannot(context, error, "find the EFI system partition");
	/* Limits for a guessed installation would be foreign to the stage. */
	if (!esp.identified && daruma_is_zero(esp.guid + 4, sizeof(esp.guid) - 4))
		return message_cannot_because(context, -ENODEV, "its partition is not known",
					      "write the limits to %s", esp.path);
	if (!context->dry_run)
		lock = limits_lock_take(context);
	/* Where there is none, the limits are needed all the same. */
	if (lock == -ETIMEDOUT)
		return message_cannot(context, lock, "write the limits to %s", esp.path);
	code = apply_to(context, &esp, &policy);
	/* Last: what an older or unwritten policy says of the timer does not count either, and a timer that cannot be set
	 * keeps no limits from the stage. */
	return code ? code : command_scan_timer(context, policy.scan_seconds);
}

int cmd_policy(const struct context *context, int argc, char *argv[])
{
	static const struct {
		const char *name;
		int (*run)(const struct context *context, const char *file);
	} actions[] = { { "show", show }, { "check", check }, { "apply", apply } };
	const char *name = argc > 1 ? argv[1] : "show";

	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (strcmp(actions[i].name, name) == 0)
			return actions[i].run(context, argc > 2 ? argv[2] : NULL);
	return message_usage("policy: %s: neither show, check nor apply", name);
}
