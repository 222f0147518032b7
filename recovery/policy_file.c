/* policy_file.c: the policy, as JSON on disk and as limits for the firmware stage
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/policy_file.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "policy/record.h"
#include "recovery/cleanup.h"
#include "recovery/document.h"
#include "recovery/system_file.h"

#define MIB (UINT64_C(1) << 20)

static const struct policy_file defaults = {
	.version = 1,
	.settle_seconds = 120,
	.deadline_seconds = 600,
	.emergency_seconds = 300,
	.scan_seconds = 300,
	.generations = 5,
	.store_bytes = 512 * MIB,
	.store_file_bytes = 64 * MIB,
	.automatic = true,
	.fast_path = true,
	.late_panics = 3,
	.late_window_hours = 168,
};

/* In the order of enum daruma_unexplained_rule. */
static const char *const rules[] = { "changed", "never", "always", NULL };
/* In the order of enum policy_kernel_copy. */
static const char *const copies[] = { "auto", "rescue", "safe", "none", NULL };
static const char *const schema[] = { "daruma.policy.v1", NULL };

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if (*text < 0x20 || *text > 0x7e)
			return false;
	return true;
}

/* As limits.h has it: on the partition of the stage, with a backslash first; empty is allowed. */
static bool is_esp_path(const char *text)
{
	return is_printable(text) && (text[0] == '\\' || text[0] == 0) && !strchr(text, '/') &&
	       !strstr(text, "\\\\") && !strstr(text, "\\..");
}

static bool is_floor(const char *text)
{
	return !text[0] || kernel_floor_is_release(text);
}

#define AT(member)                                                                                 \
	.offset = offsetof(struct policy_file, member),                                            \
	.size = sizeof(((struct policy_file *)0)->member)
#define NUMBER(name, member, low, high)                                                            \
	{                                                                                          \
		.key = name, .kind = DOCUMENT_NUMBER, AT(member), .least = low, .most = high       \
	}
#define ESP_PATH(name, member)                                                                     \
	{                                                                                          \
		.key = name, .kind = DOCUMENT_TEXT, AT(member), .test = is_esp_path,               \
		.form = "empty, or a path on the ESP that starts with a backslash"                 \
	}
#define OPTIONS(name, member)                                                                      \
	{                                                                                          \
		.key = name, .kind = DOCUMENT_TEXT, AT(member), .test = is_printable,              \
		.form = "printable ASCII"                                                          \
	}
#define SECTION(name, table)                                                                       \
	{                                                                                          \
		.key = name, .kind = DOCUMENT_OBJECT, .fields = table                              \
	}

/* The ranges are those that the firmware stage clamps to (limits.h): nothing is accepted here that it would change. */
static const struct document_field threshold_fields[] = {
	NUMBER("panic", limits.thresholds.panic, 2, 100),
	NUMBER("unexplained", limits.thresholds.unexplained, 4, 100),
	NUMBER("safe_tries", limits.thresholds.safe_tries, 1, 5),
	NUMBER("rescue_tries", limits.thresholds.rescue_tries, 1, 5),
	NUMBER("incident_starts", limits.thresholds.incident_starts, 1, 12),
	NUMBER("aside_starts", limits.thresholds.aside_starts, 4, 250),
	NUMBER("incidents", limits.thresholds.incidents, 1, DARUMA_TOKENS),
	NUMBER("incident_gap_minutes", limits.thresholds.incident_gap, 60, 43200),
	NUMBER("token_return_minutes", limits.thresholds.token_return, 60, 43200),
	{ .key = "unexplained_rule",
	  .kind = DOCUMENT_WORD,
	  AT(limits.thresholds.unexplained_rule),
	  .words = rules },
	{ 0 },
};

static const struct document_field health_fields[] = {
	NUMBER("settle_seconds", settle_seconds, 1, 3600),
	NUMBER("deadline_seconds", deadline_seconds, 60, 86400),
	NUMBER("emergency_seconds", emergency_seconds, 30, 86400),
	{ 0 },
};

static const struct document_field generation_fields[] = {
	NUMBER("scan_seconds", scan_seconds, 10, 86400),
	NUMBER("keep", generations, 3, 100),
	NUMBER("store_bytes", store_bytes, MIB, MIB << 20),
	NUMBER("store_file_bytes", store_file_bytes, 0, MIB << 20),
	{ 0 },
};

static const struct document_field repair_fields[] = {
	{ .key = "automatic", .kind = DOCUMENT_TRUTH, AT(automatic) },
	{ .key = "fast_path", .kind = DOCUMENT_TRUTH, AT(fast_path) },
	NUMBER("late_panics", late_panics, 2, 100),
	NUMBER("late_window_hours", late_window_hours, 1, 8760),
	{ 0 },
};

static const struct document_field normal_fields[] = { ESP_PATH("path", limits.normal.path),
						       OPTIONS("options", limits.normal.options),
						       { 0 } };
static const struct document_field safe_fields[] = { ESP_PATH("path", limits.safe.path),
						     OPTIONS("options", limits.safe.options),
						     { 0 } };
static const struct document_field rescue_fields[] = { ESP_PATH("path", limits.rescue.path),
						       OPTIONS("options", limits.rescue.options),
						       { 0 } };

static const struct document_field target_fields[] = {
	SECTION("normal", normal_fields),
	SECTION("safe", safe_fields),
	SECTION("rescue", rescue_fields),
	{ 0 },
};

static const struct document_field fields[] = {
	{ .key = "schema", .kind = DOCUMENT_CONSTANT, .required = true, .words = schema },
	{ .key = "version",
	  .kind = DOCUMENT_NUMBER,
	  .required = true,
	  AT(version),
	  .least = 1,
	  .most = UINT32_MAX },
	SECTION("thresholds", threshold_fields),
	SECTION("health", health_fields),
	SECTION("generations", generation_fields),
	SECTION("repair", repair_fields),
	SECTION("targets", target_fields),
	{ .key = "kernel_copy", .kind = DOCUMENT_WORD, AT(kernel_copy), .words = copies },
	{ .key = "kernel_floor",
	  .kind = DOCUMENT_TEXT,
	  AT(kernel_floor),
	  .test = is_floor,
	  .form = "empty, or a kernel's release" },
	NUMBER("watchdog_seconds", limits.watchdog_seconds, 0, 1800),
	ESP_PATH("answer_path", limits.answer_path),
	{ 0 },
};

const struct document_field *policy_file_fields(void)
{
	return fields;
}

/* In the order of preference. */
static const char *const places[] = { "/etc/daruma/policy.json", "/usr/share/daruma/policy.json" };

void policy_file_default(struct policy_file *ret)
{
	*ret = defaults;
	daruma_limits_default(&ret->limits);
	ret->limits.policy_version = ret->version;
}

/* Rules between two keys. */
static const char *find_conflict(const struct policy_file *policy)
{
	if (policy->limits.thresholds.token_return < policy->limits.thresholds.incident_gap)
		return "/thresholds/token_return_minutes: below incident_gap_minutes";
	if (policy->deadline_seconds <= policy->settle_seconds)
		return "/health/deadline_seconds: not above settle_seconds";
	if (policy->store_file_bytes > policy->store_bytes)
		return "/generations/store_file_bytes: above store_bytes";
	return NULL;
}

int policy_file_parse(const char *name, const char *text, size_t length, struct policy_file *ret,
		      char ret_problem[POLICY_PROBLEM_SIZE])
{
	struct policy_file policy;
	const char *conflict;
	int error;

	policy_file_default(ret);
	policy = *ret;
	error = document_read_text(name, text, length, fields, &policy, ret_problem,
				   POLICY_PROBLEM_SIZE);
	if (error)
		return error;
	conflict = find_conflict(&policy);
	if (conflict) {
		snprintf(ret_problem, POLICY_PROBLEM_SIZE, "%s: %s", name, conflict);
		return -EBADMSG;
	}
	policy.limits.policy_version = policy.version;
	*ret = policy;
	return 0;
}

int policy_file_load(const struct context *context, struct policy_file *ret,
		     char ret_problem[POLICY_PROBLEM_SIZE])
{
	int error = -ENOENT;

	policy_file_default(ret);
	for (size_t i = 0; error == -ENOENT && i < sizeof(places) / sizeof(places[0]); i++) {
		owned char *text = NULL;
		size_t length;

		error = system_read(context, places[i], DOCUMENT_SIZE_MAX, &text, &length);
		if (error)
			snprintf(ret_problem, POLICY_PROBLEM_SIZE, "%s: %s", places[i],
				 strerror(-error));
		else
			error = policy_file_parse(places[i], text, length, ret, ret_problem);
	}
	return error;
}
