/* cmd_status.c: daruma status: what this boot is, and what waits
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <string.h>

#include "recovery/boot/own_entry.h"
#include "recovery/boot/own_variables.h"
#include "recovery/boot/past_boot.h"
#include "recovery/boot/stage_trial.h"
#include "recovery/commands/commands.h"
#include "recovery/commands/output.h"
#include "recovery/commands/stage_view.h"
#include "recovery/commands/table.h"
#include "recovery/first_error.h"
#include "recovery/message.h"
#include "recovery/policy_file.h"
#include "recovery/products/watch_set.h"
#include "recovery/quarantine/quarantine.h"
#include "recovery/repair/previous_kernel.h"
#include "recovery/repair/reduced_mode.h"
#include "recovery/repair/switched_off.h"
#include "recovery/run_mark.h"
#include "recovery/state.h"
#include "recovery/timestamp.h"

/* Everything that status tells, gathered before a line is printed. */
struct status {
	struct stage_view view;
	int state_error; /* of state_open() */
	struct database *database;
	struct past_boot last_good; /* boot_id NULL: none */
	struct past_boot current;   /* the same */
	int quarantined;
	struct text_list switched_off, reduced;
	bool has_kernel;
	struct previous_kernel kernel; /* with has_kernel: the default that Daruma chose */
	struct product_list products;
	struct policy_file policy;
	const char *update; /* of the stage: stage_trial_word() */
	enum safe_image_state safe_image;
	bool unauthorised; /* the safe profile was entered past the stage */
	bool overdue;	   /* it is up, and not answered good within the deadline */
	int policy_error;
	char policy_problem[POLICY_PROBLEM_SIZE];
};

static const char *find_update(const struct context *context, struct database *database)
{
	struct esp esp;
	struct boot_entry ours;
	const struct stage_trial_place place = { .context = context,
						 .variables = own_variables(context),
						 .database = database,
						 .esp = &esp,
						 .ours = &ours };

	if (stage_trial_is_pending(database) &&
	    (esp_find(context, &esp) != 0 || own_entry_describe(context, database, &ours) != 0))
		return "waiting";
	return stage_trial_word(&place);
}

/* No such boot is an answer; what cannot be read is kept, and told behind all that could be. */
static void keep(struct status *status, int error)
{
	if (error != -ESRCH)
		first_error_keep(&status->state_error, error);
}

static void gather_recorded(const struct context *context, struct status *status)
{
	struct database *database = status->database;
	int kernel;

	keep(status, past_boot_find(context, database, "@last-good", &status->last_good));
	keep(status, past_boot_find(context, database, "@current", &status->current));
	status->quarantined = quarantine_open_count(database);
	keep(status, status->quarantined);
	keep(status, switched_off_products(database, &status->switched_off));
	keep(status, reduced_mode_products(database, &status->reduced));
	kernel = previous_kernel_open(database, &status->kernel);
	keep(status, kernel);
	status->has_kernel = kernel == 1;
}

static int gather(const struct context *context, struct status *status)
{
	memset(status, 0, sizeof(*status));
	stage_view_take(context, &status->view);
	status->safe_image = stage_view_safe_image(context, &status->view);
	status->policy_error = policy_file_load(context, &status->policy, status->policy_problem);
	status->overdue = run_mark_is_set(context, RUN_MARK_OVERDUE) &&
			  status->view.answer.result == DARUMA_RESULT_NONE;
	status->unauthorised = run_mark_is_set(context, RUN_MARK_UNAUTHORISED);
	status->update = "none";
	status->state_error = state_open(context, false, &status->database);
	if (status->state_error != -ENOENT)
		status->quarantined = status->state_error;
	if (status->database) {
		gather_recorded(context, status);
		status->update = find_update(context, status->database);
	}
	return watch_set_load(context, &status->products, NULL);
}

static void release(struct status *status)
{
	past_boot_free(&status->last_good);
	past_boot_free(&status->current);
	product_list_free(&status->products);
	text_list_free(&status->switched_off);
	text_list_free(&status->reduced);
	database_close(status->database);
}

static struct json *counters_json(const struct daruma_counters *counters)
{
	struct json *object = json_new_object();

	json_add_integer(object, "panic", counters->panic);
	json_add_integer(object, "watchdog", counters->watchdog);
	json_add_integer(object, "unexplained", counters->unexplained);
	json_add_integer(object, "clean", counters->clean);
	json_add_integer(object, "late", counters->late);
	return object;
}

static struct json *names_json(const struct text_list *names)
{
	struct json *list = json_new_array();

	for (size_t i = 0; i < names->count; i++)
		json_append_text(list, names->items[i]);
	return list;
}

static struct json *troubles_json(uint32_t troubles)
{
	struct json *list = json_new_array();

	for (unsigned bit = 0; bit < 32; bit++)
		if ((troubles >> bit & 1) && stage_view_trouble(bit))
			json_append_text(list, stage_view_trouble(bit));
	return list;
}

static void add_note(struct json *object, const struct status *status)
{
	const struct stage_view *view = &status->view;
	const struct daruma_note *note = &view->note;

	json_add_text(object, "boot_id", view->boot_id);
	json_add_text(object, "installation", view->id);
	json_add_text(object, "rung", daruma_rung_name(note->rung));
	json_add_text(object, "reason", daruma_reason_name(note->reason));
	json_add_text(object, "health", stage_view_health(view));
	json_add_bool(object, "overdue", status->overdue);
	json_add_text(object, "previous_ending", daruma_ending_name(note->last_ending));
	json_add_bool(object, "armed", note->armed);
	json_add_bool(object, "changed", note->changed);
	json_add_bool(object, "accused", note->accused);
	json_add_bool(object, "test", note->test);
	json_add(object, "counters", counters_json(&note->counters));
	json_add_integer(object, "tries_left", note->tries_left);
	json_add_integer(object, "incident", note->incident);
	json_add_bool(object, "incident_open", note->incident_open);
	json_add_integer(object, "throttle_minutes", note->cooldown);
	json_add_text(object, "request",
		      daruma_request_name(view->answered ? view->answer.request : 0));
	json_add_integer(object, "starts", note->starts);
	json_add(object, "troubles", troubles_json(note->troubles));
}

static void add_last_good(struct json *object, const struct past_boot *boot)
{
	struct json *last = boot->boot_id ? json_new_object() : NULL;

	if (!last) {
		json_add_text(object, "last_good", NULL);
		return;
	}
	json_add_text(last, "boot_id", boot->boot_id);
	output_add_time(last, "time", boot->outcome_time);
	json_add(object, "last_good", last);
}

static int print_json(const struct context *context, const struct status *status)
{
	struct json *object = output_object("daruma.status.v1");
	struct json *products = json_new_array();

	json_add_text(object, "stage", status->view.word);
	if (!status->view.error)
		add_note(object, status);
	json_add_text(object, "stage_update", status->update);
	json_add_bool(object, "state", status->database != NULL);
	add_last_good(object, &status->last_good);
	if (status->quarantined >= 0)
		json_add_integer(object, "quarantined", status->quarantined);
	else
		json_add_text(object, "quarantined", NULL);
	json_add(object, "switched_off", names_json(&status->switched_off));
	json_add(object, "reduced_mode", names_json(&status->reduced));
	json_add_text(object, "previous_kernel", status->has_kernel ? status->kernel.kernel : NULL);
	for (size_t i = 0; i < status->products.count; i++)
		json_append_text(products, status->products.items[i].id);
	json_add(object, "products", products);
	json_add_integer(object, "policy_version", status->policy.version);
	json_add_text(object, "policy_problem",
		      status->policy_error ? status->policy_problem : NULL);
	json_add_text(object, "safe_profile", safe_image_word(status->safe_image));
	json_add_bool(object, "unauthorised", status->unauthorised);
	json_add_text(object, "not_safe", status->current.not_safe);
	return output_print(context, object);
}

static void print_note(const struct status *status)
{
	const struct daruma_note *note = &status->view.note;
	const struct daruma_thresholds *limits = &status->policy.limits.thresholds;

	table_line("boot", "%s", status->view.boot_id);
	table_line("rung", "%s: %s", daruma_rung_name(note->rung), stage_view_reason(note->reason));
	table_line("health", "%s", stage_view_health(&status->view));
	if (status->overdue)
		table_line("overdue",
			   "it is up and not healthy: 'journalctl -u daruma-gate' tells why");
	table_line("boot before", "%s", stage_view_ending(note->last_ending));
	table_line("counted",
		   "%u panics and %u watchdog resets (limit %u), %u unexplained (limit %u)",
		   note->counters.panic, note->counters.watchdog, limits->panic,
		   note->counters.unexplained, limits->unexplained);
	if (!note->armed)
		table_line("counting", "off until the first good boot");
	if (note->incident_open)
		table_line("incident", "number %u, open", note->incident);
	if (note->cooldown)
		table_line("throttle", "no automatic safe start for %u healthy minutes",
			   note->cooldown);
	if (status->view.answered && status->view.answer.request == DARUMA_REQUEST_REPAIR)
		table_line("next boot", "safe, if this one crashes after it was healthy");
	else if (status->view.answered && status->view.answer.request)
		table_line("next boot", "%s, on request",
			   daruma_request_name(status->view.answer.request));
	for (unsigned bit = 0; bit < 32; bit++)
		if ((note->troubles >> bit & 1) && stage_view_trouble(bit))
			table_line("trouble", "%s", stage_view_trouble(bit));
}

static void print_products(const struct product_list *products)
{
	if (products->count == 0)
		table_line("watched", "nothing");
	for (size_t i = 0; i < products->count; i++)
		table_line("watched", "%s (%s)", products->items[i].product, products->items[i].id);
}

static const char *stage_sentence(const struct stage_view *view)
{
	switch (view->error) {
	case 0:
		return "active";
	case -ENOENT:
		return "bypassed: this boot did not go through it";
	case -ENODEV:
		return "unreachable: no EFI variables here";
	case -EEXIST:
		return "more than one boot note";
	default:
		return "its boot note is damaged";
	}
}

static void print_update(const char *word)
{
	static const struct {
		const char *word, *sentence;
	} sentences[] = {
		{ "waiting", "a new stage waits until it is named for a start" },
		{ "next-start", "a new stage is tried in the next start" },
		{ "this-start", "this start came by a new stage; it is in use once this is good" },
		{ "refused", "a new stage did not come up; the one before is in use" },
	};

	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++)
		if (strcmp(sentences[i].word, word) == 0)
			table_line("stage update", "%s", sentences[i].sentence);
}

static void print_text(const struct context *context, const struct status *status)
{
	char time[TIMESTAMP_SIZE];

	table_line("stage", "%s", stage_sentence(&status->view));
	print_update(status->update);
	if (!status->view.error)
		print_note(status);
	timestamp_human(status->last_good.outcome_time, context->utc, time);
	if (status->last_good.boot_id)
		table_line("last good boot", "%s, %s", status->last_good.boot_id, time);
	else
		table_line("last good boot", "none recorded");
	if (status->quarantined >= 0)
		table_line("quarantine", "%d set aside", status->quarantined);
	else
		table_line("quarantine", "not known: %s", message_text(status->quarantined));
	for (size_t i = 0; i < status->switched_off.count; i++)
		table_line("switched off", "%s: 'daruma restore %s' switches it on again",
			   status->switched_off.items[i], status->switched_off.items[i]);
	for (size_t i = 0; i < status->reduced.count; i++)
		table_line("reduced mode",
			   "%s: 'daruma release %s' has it leave that mode, on trial",
			   status->reduced.items[i], status->reduced.items[i]);
	if (status->has_kernel)
		table_line("kernel",
			   "%s is the default, since %s was to blame; 'daruma release kernel' "
			   "undoes it",
			   status->kernel.kernel, status->kernel.blamed);
	print_products(&status->products);
	if (status->policy_error)
		table_line("policy", "built-in defaults: %s", status->policy_problem);
	else
		table_line("policy", "version %u", status->policy.version);
	table_line("safe profile", "%s", safe_image_word(status->safe_image));
	if (status->unauthorised)
		table_line("unauthorised",
			   "the safe profile was entered, and the stage did not order it");
	if (status->current.not_safe)
		table_line("not safe", "%s", status->current.not_safe);
}

int cmd_status(const struct context *context, int argc, char *argv[])
{
	struct status status;
	int error = gather(context, &status);
	int code = EXIT_DONE;

	(void)argc;
	(void)argv;
	if (error)
		code = message_cannot(context, error, "read the watch set");
	else if (status.view.error == -ENODEV && !status.database)
		code = message_cannot(context, -ENODEV, "read the boot note");
	else if (context->json)
		code = print_json(context, &status);
	else
		print_text(context, &status);
	if (status.state_error && status.state_error != -ENOENT && code == EXIT_DONE)
		code = message_cannot(context, status.state_error, "read %s%s", context->root,
				      STATE_FILE);
	release(&status);
	return code;
}
