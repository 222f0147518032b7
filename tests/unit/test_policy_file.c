/* test_policy_file.c: the policy file, key by key
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/policy_file.h"
#include "recovery/system_file.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

static struct policy_file policy;
static char problem[POLICY_PROBLEM_SIZE];

static int parse(const char *text)
{
	problem[0] = 0;
	return policy_file_parse("p", text, strlen(text), &policy, problem);
}

START_TEST(shipped_policy_is_the_default)
{
	struct policy_file builtin;
	char *text;
	size_t length;

	policy_file_default(&builtin);
	ck_assert_int_eq(system_read_named("policy/policy.json", 65536, &text, &length), 0);
	ck_assert_int_eq(policy_file_parse("p", text, length, &policy, problem), 0);
	ck_assert_mem_eq(&policy.limits, &builtin.limits, sizeof(policy.limits));
	ck_assert_uint_eq(policy.version, builtin.version);
	ck_assert_uint_eq(policy.settle_seconds, 120);
	ck_assert_uint_eq(policy.deadline_seconds, builtin.deadline_seconds);
	ck_assert_uint_eq(policy.emergency_seconds, builtin.emergency_seconds);
	ck_assert_uint_eq(policy.scan_seconds, builtin.scan_seconds);
	ck_assert_uint_eq(policy.generations, builtin.generations);
	ck_assert_uint_eq(policy.store_bytes, builtin.store_bytes);
	ck_assert_uint_eq(policy.store_file_bytes, builtin.store_file_bytes);
	ck_assert(policy.automatic);
	free(text);
}
END_TEST

/* Every number: its least and its most are taken, the next ones are not (R45). */
static const struct {
	const char *section; /* "" for the top */
	const char *key;
	long long least, most;
} numbers[] = {
	{ "thresholds", "panic", 2, 100 },
	{ "thresholds", "unexplained", 4, 100 },
	{ "thresholds", "safe_tries", 1, 5 },
	{ "thresholds", "rescue_tries", 1, 5 },
	{ "thresholds", "incident_starts", 1, 12 },
	{ "thresholds", "aside_starts", 4, 250 },
	{ "thresholds", "incidents", 1, 3 },
	{ "thresholds", "incident_gap_minutes", 60, 10080 },
	{ "thresholds", "token_return_minutes", 1440, 43200 },
	{ "health", "settle_seconds", 1, 599 },
	{ "health", "deadline_seconds", 121, 86400 },
	{ "health", "emergency_seconds", 30, 86400 },
	{ "generations", "scan_seconds", 10, 86400 },
	{ "generations", "keep", 3, 100 },
	{ "generations", "store_bytes", 67108864, 1099511627776 },
	{ "generations", "store_file_bytes", 0, 536870912 },
	{ "", "watchdog_seconds", 0, 1800 },
};

static int parse_number(size_t index, long long number, bool as_text)
{
	const char *quote = as_text ? "\"" : "";
	char text[256];

	if (numbers[index].section[0])
		snprintf(text, sizeof(text),
			 "{\"schema\":\"daruma.policy.v1\",\"version\":1,\"%s\":{\"%s\":%s%lld%s}}",
			 numbers[index].section, numbers[index].key, quote, number, quote);
	else
		snprintf(text, sizeof(text),
			 "{\"schema\":\"daruma.policy.v1\",\"version\":1,\"%s\":%s%lld%s}",
			 numbers[index].key, quote, number, quote);
	return parse(text);
}

START_TEST(ranges)
{
	size_t i = (size_t)_i;

	ck_assert_msg(parse_number(i, numbers[i].least, false) == 0, "%s", problem);
	ck_assert_msg(parse_number(i, numbers[i].most, false) == 0, "%s", problem);
	ck_assert_msg(parse_number(i, numbers[i].most, true) == 0, "%s", problem);
	ck_assert_int_eq(parse_number(i, numbers[i].least - 1, false), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(problem, numbers[i].key));
	ck_assert_int_eq(parse_number(i, numbers[i].most + 1, false), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(problem, numbers[i].key));
}
END_TEST

/* What this file takes, the stage does not clamp: both say the same ranges. */
START_TEST(accepted_thresholds_are_not_clamped)
{
	size_t i = (size_t)_i;
	struct daruma_thresholds clamped;

	for (int which = 0; which < 2; which++) {
		ck_assert_int_eq(parse_number(i, which ? numbers[i].most : numbers[i].least, false),
				 0);
		clamped = policy.limits.thresholds;
		daruma_thresholds_clamp(&clamped);
		ck_assert_mem_eq(&clamped, &policy.limits.thresholds, sizeof(clamped));
	}
}
END_TEST

START_TEST(error_gives_the_defaults)
{
	struct policy_file builtin;

	policy_file_default(&builtin);
	ck_assert_int_eq(parse("{\"schema\":\"daruma.policy.v1\",\"version\":9,\"thresholds\":"
			       "{\"panic\":50,\"unexplained\":1}}"),
			 -EBADMSG);
	ck_assert_uint_eq(policy.version, builtin.version);
	ck_assert_uint_eq(policy.limits.thresholds.panic, builtin.limits.thresholds.panic);
	ck_assert_str_eq(problem, "p: /thresholds/unexplained: 1 is out of range 4 to 100");
}
END_TEST

START_TEST(targets_reach_the_limits)
{
	ck_assert_int_eq(
		parse("{\"schema\":\"daruma.policy.v1\",\"version\":4294967295,\"targets\":{"
		      "\"normal\":{\"path\":\"\\\\EFI\\\\a.efi\",\"options\":\"x y\"}},"
		      "\"answer_path\":\"\\\\EFI\\\\answer\",\"thresholds\":"
		      "{\"unexplained_rule\":\"always\"},\"repair\":{\"automatic\":false}}"),
		0);
	ck_assert_str_eq(policy.limits.normal.path, "\\EFI\\a.efi");
	ck_assert_str_eq(policy.limits.normal.options, "x y");
	ck_assert_str_eq(policy.limits.answer_path, "\\EFI\\answer");
	ck_assert_uint_eq(policy.limits.policy_version, UINT32_MAX);
	ck_assert_int_eq(policy.limits.thresholds.unexplained_rule, DARUMA_UNEXPLAINED_ALWAYS);
	ck_assert(!policy.automatic);
}
END_TEST

/* One byte more than fits is refused; the longest that fits survives encoding and decoding. */
START_TEST(longest_path)
{
	uint8_t bytes[DARUMA_LIMITS_SIZE];
	struct daruma_limits limits;
	char text[600];
	char path[300];

	memset(path, 'a', sizeof(path));
	for (int length = 255; length <= 256; length++) {
		snprintf(text, sizeof(text),
			 "{\"schema\":\"daruma.policy.v1\",\"version\":1,\"targets\":{\"safe\":"
			 "{\"path\":\"\\\\%.*s\"}}}",
			 length - 1, path);
		ck_assert_int_eq(parse(text), length == 255 ? 0 : -EBADMSG);
		if (length == 256)
			break;
		daruma_limits_encode(&policy.limits, bytes);
		ck_assert_int_eq(
			daruma_limits_decode(bytes, sizeof(bytes), policy.limits.install, &limits),
			DARUMA_STATE_VALID);
		ck_assert_uint_eq(strlen(limits.safe.path), 255);
	}
}
END_TEST

START_TEST(admin_file_wins)
{
	const char *shipped = "{\"schema\":\"daruma.policy.v1\",\"version\":1}";
	const char *admin = "{\"schema\":\"daruma.policy.v1\",\"version\":5}";
	struct context context = { .root = scratch_make() };

	ck_assert_int_eq(policy_file_load(&context, &policy, problem), -ENOENT);
	ck_assert_ptr_nonnull(strstr(problem, "No such file"));
	scratch_write("usr/share/daruma/policy.json", shipped, strlen(shipped));
	ck_assert_int_eq(policy_file_load(&context, &policy, problem), 0);
	ck_assert_uint_eq(policy.version, 1);
	scratch_write("etc/daruma/policy.json", admin, strlen(admin));
	ck_assert_int_eq(policy_file_load(&context, &policy, problem), 0);
	ck_assert_uint_eq(policy.version, 5);
	scratch_write("etc/daruma/policy.json", "{", 1);
	ck_assert_int_eq(policy_file_load(&context, &policy, problem), -EBADMSG);
	ck_assert_uint_eq(policy.version, 1);
	scratch_remove();
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("policy_file");
	TCase *tests = suite_case(all, "policy_file", 10);

	tcase_add_loop_test(tests, ranges, 0, sizeof(numbers) / sizeof(numbers[0]));
	tcase_add_loop_test(tests, accepted_thresholds_are_not_clamped, 0,
			    sizeof(numbers) / sizeof(numbers[0]));
	tcase_add_test(tests, shipped_policy_is_the_default);
	tcase_add_test(tests, error_gives_the_defaults);
	tcase_add_test(tests, targets_reach_the_limits);
	tcase_add_test(tests, longest_path);
	tcase_add_test(tests, admin_file_wins);
	return all;
}
