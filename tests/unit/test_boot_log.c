/* test_boot_log.c: the kernel's messages of an earlier start, as the journal keeps them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/boot_log.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

#define ID "0123456789abcdef0123456789abcdef"

static struct context context;

/* What journalctl is played to do, and what it was asked. */
static struct {
	const char *output;
	int error, status;
	unsigned calls;
	char asked[512];
} journalctl;

static int run(const char *const argv[], unsigned seconds, char *output, size_t size,
	       int *ret_status)
{
	journalctl.calls++;
	journalctl.asked[0] = '\0';
	for (size_t i = 0; argv[i]; i++) {
		strcat(journalctl.asked, argv[i]);
		strcat(journalctl.asked, " ");
	}
	ck_assert_uint_ge(seconds, 1);
	ck_assert_uint_le(seconds, 2);
	if (!journalctl.error)
		snprintf(output, size, "%s", journalctl.output);
	*ret_status = journalctl.status;
	return journalctl.error;
}

static const struct process_port port = { .run = run };

static void set_up(void)
{
	context = (struct context){ .root = scratch_make(), .quiet = true };
	scratch_write("var/log/journal/x", "", 0);
	memset(&journalctl, 0, sizeof(journalctl));
	journalctl.output = "";
}

static bool asked(const char *word)
{
	return strstr(journalctl.asked, word) != NULL;
}

static void expect(const char *id, const char *text)
{
	struct crash_text found = { 0 };

	ck_assert_int_eq(boot_log_read(&context, &port, id, &found), 0);
	if (text)
		ck_assert_str_eq(found.text, text);
	else
		ck_assert_ptr_null(found.text);
	crash_text_free(&found);
}

/* R12: no client of journald can set the transport, no writer of /dev/kmsg the facility. */
START_TEST(r12_only_what_the_kernel_itself_said)
{
	journalctl.output = "a line\n";
	expect(ID, "a line\n");
	ck_assert(asked("journalctl "));
	ck_assert(asked(" _BOOT_ID=" ID " "));
	ck_assert(asked(" _TRANSPORT=kernel "));
	ck_assert(asked(" SYSLOG_FACILITY=0 "));
	ck_assert(asked(" --no-pager "));
}
END_TEST

/* A record of the kernel is at most a KiB (Linux kernel/printk/internal.h, PRINTKRB_RECORD_MAX), and its head less than 128 bytes: the
 * newest, which journalctl prints last, must not be what finds no room. */
START_TEST(r30_all_lines_that_are_asked_for_have_room)
{
	const char *lines;

	expect(ID, NULL);
	lines = strstr(journalctl.asked, " --lines=");
	ck_assert_ptr_nonnull(lines);
	ck_assert_int_gt(atoi(lines + strlen(" --lines=")), 500);
	ck_assert_int_le(atoi(lines + strlen(" --lines=")), CRASH_TEXT_MAX / (1024 + 128));
}
END_TEST

/* R30: what comes out has a bound, and its time is not known. */
START_TEST(r30_is_bounded)
{
	struct crash_text found = { 0 };
	char *much = malloc(2 * CRASH_TEXT_MAX);

	memset(much, 'x', 2 * CRASH_TEXT_MAX - 1);
	much[2 * CRASH_TEXT_MAX - 1] = '\0';
	journalctl.output = much;
	ck_assert_int_eq(boot_log_read(&context, &port, ID, &found), 0);
	ck_assert_uint_lt(found.size, CRASH_TEXT_MAX);
	ck_assert_int_eq(found.time, 0);
	ck_assert_uint_eq(found.fresh, 0);
	crash_text_free(&found);
	free(much);
}
END_TEST

static const char *const no_ids[] = { "", "k1", "0123456789ABCDEF0123456789ABCDEF", ID "0",
				      "0123456789abcdef0123456789abcde=" };

START_TEST(what_is_no_boot_id_is_not_asked_for)
{
	journalctl.output = "a line\n";
	expect(no_ids[_i], NULL);
	ck_assert_uint_eq(journalctl.calls, 0);
}
END_TEST

START_TEST(a_journal_that_is_not_kept_is_not_asked)
{
	char before[BOOT_LOG_ID_SIZE];

	scratch_remove();
	context.root = scratch_make();
	expect(ID, NULL);
	boot_log_before(&context, &port, before);
	ck_assert_str_eq(before, "");
	ck_assert_uint_eq(journalctl.calls, 0);
}
END_TEST

/* The guard does not fail for it: the crash may have damaged the journal too. */
START_TEST(what_journalctl_cannot_do_is_no_error)
{
	static const int errors[] = { -ETIMEDOUT, -ENOENT, -EIO };
	char before[BOOT_LOG_ID_SIZE];

	for (size_t i = 0; i < 3; i++) {
		journalctl.error = errors[i];
		expect(ID, NULL);
		boot_log_before(&context, &port, before);
		ck_assert_str_eq(before, "");
	}
	journalctl.error = 0;
	journalctl.status = 1;
	expect(ID, NULL);
	journalctl.output = "what could be read\n";
	expect(ID, "what could be read\n");
}
END_TEST

START_TEST(the_start_before_this_one)
{
	static const char *const none[] = {
		"", "\n", "a message\n", "-- No entries --\n", ID "0\n", ID ID "\n"
	};
	char before[BOOT_LOG_ID_SIZE];

	journalctl.output = ID "\n";
	boot_log_before(&context, &port, before);
	ck_assert_str_eq(before, ID);
	ck_assert(asked(" --boot=-1 "));
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		journalctl.output = none[i];
		boot_log_before(&context, &port, before);
		ck_assert_str_eq(before, "");
	}
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("boot_log");
	TCase *tests = suite_case(all, "boot_log", 20);

	tcase_add_checked_fixture(tests, set_up, scratch_remove);
	tcase_add_test(tests, r12_only_what_the_kernel_itself_said);
	tcase_add_test(tests, r30_all_lines_that_are_asked_for_have_room);
	tcase_add_test(tests, r30_is_bounded);
	tcase_add_loop_test(tests, what_is_no_boot_id_is_not_asked_for, 0, 5);
	tcase_add_test(tests, a_journal_that_is_not_kept_is_not_asked);
	tcase_add_test(tests, what_journalctl_cannot_do_is_no_error);
	tcase_add_test(tests, the_start_before_this_one);
	return all;
}
