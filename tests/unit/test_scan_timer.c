/* test_scan_timer.c: the drop-in of daruma-scan.timer, and having it taken up
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Runs from the top of the tree: the unit file itself is read.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/policy_file.h"
#include "recovery/scan_timer.h"
#include "recovery/system_file.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

#define FOLDER "/etc/systemd/system/daruma-scan.timer.d"
#define HEAD   "# scan_seconds of the policy, written by daruma: see daruma-policy(5)\n[Timer]\n"

/* --- what it says ------------------------------------------------------------------------------------------------- */

/* An empty value clears the times of both kinds, so none may stand behind a value. */
START_TEST(both_times_are_cleared_before_one_is_set)
{
	char text[SCAN_TIMER_TEXT_SIZE];

	scan_timer_text(600, text);
	ck_assert_str_eq(text, HEAD "OnBootSec=\nOnUnitInactiveSec=\nOnBootSec=600\n"
				    "OnUnitInactiveSec=600\nAccuracySec=60\n");
}
END_TEST

START_TEST(its_accuracy_goes_with_it)
{
	static const struct {
		unsigned seconds;
		const char *line;
	} cases[] = {
		{ 1, "\nAccuracySec=1\n" },	   { 10, "\nAccuracySec=1\n" },
		{ 19, "\nAccuracySec=1\n" },	   { 20, "\nAccuracySec=2\n" },
		{ 86400, "\nAccuracySec=8640\n" }, { UINT_MAX, "\nAccuracySec=429496729\n" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[SCAN_TIMER_TEXT_SIZE];

		scan_timer_text(cases[i].seconds, text);
		ck_assert_msg(strstr(text, cases[i].line), "%u: %s", cases[i].seconds, text);
	}
}
END_TEST

/* Without a drop-in the unit file counts, so it must say what the policy says by default. */
START_TEST(the_unit_file_is_the_default)
{
	struct context here = { .root = "" };
	char top[PATH_MAX - 64], path[PATH_MAX], text[SCAN_TIMER_TEXT_SIZE];
	owned char *unit = NULL;
	struct policy_file policy;
	size_t length;

	ck_assert_ptr_nonnull(getcwd(top, sizeof(top)));
	snprintf(path, sizeof(path), "%s/recovery/units/daruma-scan.timer", top);
	ck_assert_int_eq(system_read(&here, path, 4096, &unit, &length), 0);
	ck_assert_ptr_nonnull(strstr(unit, "\nOnBootSec=5min\nOnUnitInactiveSec=5min\n"
					   "AccuracySec=30\n"));
	policy_file_default(&policy);
	ck_assert_uint_eq(policy.scan_seconds, SCAN_TIMER_SECONDS);
	ck_assert_uint_eq(SCAN_TIMER_SECONDS, 5 * 60);
	scan_timer_text(policy.scan_seconds, text);
	ck_assert_str_eq(text, "");
}
END_TEST

/* --- where it lies ------------------------------------------------------------------------------------------------ */

static struct context context;

static void set_up(void)
{
	context = (struct context){ .root = scratch_make() };
	scratch_write("etc/x", "", 0);
}

static bool exists(const char *name, struct stat *ret)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s%s", context.root, name);
	return lstat(path, ret) == 0;
}

static void expect(const char *text)
{
	owned char *present = NULL;
	struct stat there;
	size_t length;

	if (!text) {
		ck_assert(!exists(SCAN_TIMER_DROP_IN, &there));
		return;
	}
	ck_assert_int_eq(system_read(&context, SCAN_TIMER_DROP_IN, 4096, &present, &length), 0);
	ck_assert_str_eq(present, text);
	ck_assert(!exists(SCAN_TIMER_DROP_IN ".new", &there));
}

#define SAYS(number, tenth)                                                                        \
	HEAD "OnBootSec=\nOnUnitInactiveSec=\nOnBootSec=" number "\nOnUnitInactiveSec=" number     \
	     "\nAccuracySec=" tenth "\n"

START_TEST(it_is_written_on_change_only)
{
	struct stat first, second;

	ck_assert_int_eq(scan_timer_differs(&context, 600), 1);
	ck_assert_int_eq(scan_timer_set(&context, 600), 1);
	expect(SAYS("600", "60"));
	ck_assert(exists(SCAN_TIMER_DROP_IN, &first));
	ck_assert_uint_eq(first.st_mode & 07777, 0644);
	ck_assert_int_eq(scan_timer_differs(&context, 600), 0);
	ck_assert_int_eq(scan_timer_set(&context, 600), 0);
	ck_assert(exists(SCAN_TIMER_DROP_IN, &second));
	ck_assert(first.st_ino == second.st_ino && first.st_ctim.tv_nsec == second.st_ctim.tv_nsec);
	ck_assert_int_eq(scan_timer_set(&context, 86400), 1);
	expect(SAYS("86400", "8640"));
}
END_TEST

START_TEST(it_is_deleted_where_the_unit_file_will_do)
{
	struct stat there;

	ck_assert_int_eq(scan_timer_set(&context, SCAN_TIMER_SECONDS), 0);
	ck_assert(!exists("/etc/systemd", &there));
	ck_assert_int_eq(scan_timer_set(&context, 600), 1);
	ck_assert_int_eq(scan_timer_set(&context, SCAN_TIMER_SECONDS), 1);
	ck_assert(!exists(FOLDER, &there));
	ck_assert(exists("/etc/systemd/system", &there));
	ck_assert_int_eq(scan_timer_set(&context, SCAN_TIMER_SECONDS), 0);
}
END_TEST

START_TEST(the_administrators_drop_ins_stay)
{
	struct stat there;

	scratch_write(FOLDER "/60-own.conf", "[Timer]\n", 8);
	ck_assert_int_eq(scan_timer_set(&context, 600), 1);
	ck_assert_int_eq(scan_timer_set(&context, SCAN_TIMER_SECONDS), 1);
	expect(NULL);
	ck_assert(exists(FOLDER "/60-own.conf", &there));
}
END_TEST

/* Empty, cut, longer than any, with a NUL, of another kind of end: each is set right. */
START_TEST(whatever_lies_there_is_replaced)
{
	static char large[5000];
	const struct {
		const char *bytes;
		size_t size;
	} cases[] = {
		{ "", 0 },
		{ "[Timer]\n", 8 },
		{ large, sizeof(large) },
		{ SAYS("600", "60") "\0", sizeof(SAYS("600", "60")) },
		{ SAYS("600", "60"), sizeof(SAYS("600", "60")) - 2 },
	};
	unsigned wanted[] = { 600, SCAN_TIMER_SECONDS };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size_t j = 0; j < 2; j++) {
			scratch_write(SCAN_TIMER_DROP_IN, cases[i].bytes, cases[i].size);
			ck_assert_int_eq(scan_timer_set(&context, wanted[j]), 1);
			expect(j ? NULL : SAYS("600", "60"));
		}
}
END_TEST

/* A power cut left it. */
START_TEST(half_a_write_is_in_nobodys_way)
{
	struct stat there;

	scratch_write(SCAN_TIMER_DROP_IN ".new", "[Ti", 3);
	ck_assert_int_eq(scan_timer_set(&context, 600), 1);
	expect(SAYS("600", "60"));
	scratch_write(SCAN_TIMER_DROP_IN ".new", "[Ti", 3);
	ck_assert_int_eq(scan_timer_set(&context, SCAN_TIMER_SECONDS), 1);
	ck_assert(!exists(FOLDER, &there));
}
END_TEST

/* A link is replaced, and what it points to is not written. */
START_TEST(links_are_not_followed)
{
	char path[PATH_MAX];
	struct stat there;

	scratch_write(FOLDER "/x", "", 0);
	scratch_write("etc/victim", "precious", 8);
	snprintf(path, sizeof(path), "%s%s", context.root, SCAN_TIMER_DROP_IN);
	ck_assert_int_eq(symlink("/etc/victim", path), 0);
	ck_assert_int_eq(scan_timer_set(&context, 600), 1);
	expect(SAYS("600", "60"));
	ck_assert(exists("/etc/victim", &there) && there.st_size == 8);
	snprintf(path, sizeof(path), "%s%s.new", context.root, SCAN_TIMER_DROP_IN);
	ck_assert_int_eq(symlink("/etc/victim", path), 0);
	ck_assert_int_lt(scan_timer_set(&context, 601), 0);
	ck_assert(exists("/etc/victim", &there) && there.st_size == 8);
	/* Said once, mended by the next. */
	ck_assert_int_eq(scan_timer_set(&context, 601), 1);
	expect(SAYS("601", "60"));
}
END_TEST

START_TEST(what_cannot_be_done_is_said)
{
	struct context elsewhere = { .root = "/nonexistent" };

	ck_assert_int_eq(scan_timer_set(&elsewhere, 600), -ENOENT);
	ck_assert_int_eq(scan_timer_set(&elsewhere, SCAN_TIMER_SECONDS), 0);
	scratch_write("etc/systemd", "no folder", 9);
	ck_assert_int_eq(scan_timer_set(&context, 600), -ENOTDIR);
	ck_assert_int_eq(scan_timer_differs(&context, 600), -ENOTDIR);
}
END_TEST

/* --- having it taken up ------------------------------------------------------------------------------------------- */

static char calls[512];
static const char *stale;
static const char *failing; /* the call with this word does not end well */

static int record(const char *const argv[], unsigned seconds, char *output, size_t size,
		  int *ret_status)
{
	bool fails = false;

	ck_assert_uint_gt(seconds, 0);
	for (size_t i = 0; argv[i]; i++) {
		strcat(calls, argv[i]);
		strcat(calls, argv[i + 1] ? " " : "\n");
		fails = fails || (failing && strcmp(argv[i], failing) == 0);
	}
	if (output)
		snprintf(output, size, "%s\n", stale);
	*ret_status = fails;
	return 0;
}

static const struct process_port port = { .run = record };

#define SHOW	"systemctl show -p NeedDaemonReload --value daruma-scan.timer\n"
#define RELOAD	"systemctl daemon-reload\n"
#define RESTART "systemctl try-restart daruma-scan.timer\n"

static void take_up(bool changed, int error, const char *expected)
{
	calls[0] = '\0';
	ck_assert_int_eq(scan_timer_take_up(&port, changed), error);
	ck_assert_str_eq(calls, expected);
}

START_TEST(a_change_is_taken_up)
{
	stale = "no";
	take_up(true, 0, RELOAD RESTART);
	take_up(false, 0, SHOW);
}
END_TEST

/* An earlier call changed the file and failed then. */
START_TEST(what_was_left_undone_is_done)
{
	stale = "yes";
	failing = "daemon-reload";
	take_up(true, -ECHILD, RELOAD);
	failing = NULL;
	take_up(false, 0, SHOW RELOAD RESTART);
	failing = "try-restart";
	take_up(false, -ECHILD, SHOW RELOAD RESTART);
	failing = "show";
	take_up(false, 0, SHOW);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("scan_timer");
	TCase *text = suite_case(all, "text", 5);
	TCase *files = suite_case(all, "files", 5);
	TCase *manager = suite_case(all, "manager", 5);

	tcase_add_test(text, both_times_are_cleared_before_one_is_set);
	tcase_add_test(text, its_accuracy_goes_with_it);
	tcase_add_test(text, the_unit_file_is_the_default);
	tcase_add_checked_fixture(files, set_up, scratch_remove);
	tcase_add_test(files, it_is_written_on_change_only);
	tcase_add_test(files, it_is_deleted_where_the_unit_file_will_do);
	tcase_add_test(files, the_administrators_drop_ins_stay);
	tcase_add_test(files, whatever_lies_there_is_replaced);
	tcase_add_test(files, half_a_write_is_in_nobodys_way);
	tcase_add_test(files, links_are_not_followed);
	tcase_add_test(files, what_cannot_be_done_is_said);
	tcase_add_test(manager, a_change_is_taken_up);
	tcase_add_test(manager, what_was_left_undone_is_done);
	return all;
}
