/* test_kdump.c: finding logs of dead kernels that kdump saved
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "recovery/kdump.h"
#include "recovery/state.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

static struct context context;
static struct database *database;

static void shell(const char *text)
{
	char command[512];

	snprintf(command, sizeof(command), "cd '%s' && %s", context.root, text);
	ck_assert_int_eq(system(command), 0);
}

static void set_up(void)
{
	umask(022);
	context = (struct context){ .root = scratch_make() };
	shell("mkdir -p var/crash var/lib");
	ck_assert_int_eq(state_open(&context, true, &database), 0);
}

static void tear_down(void)
{
	database_close(database);
	scratch_remove();
}

/* A file below /var/crash, `when` seconds after 1970. */
static void put(const char *path, int64_t when, const char *text)
{
	char command[400];

	snprintf(command, sizeof(command),
		 "cd var/crash && mkdir -p \"$(dirname '%s')\" && printf '%%s' '%s' >'%s' &&"
		 " touch -d @%lld '%s'",
		 path, text, path, (long long)when, path);
	shell(command);
}

static void expect_since(int64_t since, const char *text, int64_t time)
{
	struct crash_text found = { 0 };

	ck_assert_int_eq(kdump_read_new(&context, database, since, &found), 0);
	if (text) {
		ck_assert_ptr_nonnull(found.text);
		ck_assert_uint_eq(found.size, strlen(text));
		ck_assert_mem_eq(found.text, text, found.size);
		ck_assert_int_eq(found.time, time);
	} else {
		ck_assert_ptr_null(found.text);
		ck_assert_uint_eq(found.fresh, 0);
	}
	crash_text_free(&found);
}

static const char *const distributions[] = {
	"202407190409/dmesg.202407190409",
	"127.0.0.1-2024-07-19-04:09:12/vmcore-dmesg.txt",
	"127.0.0.1-2024-07-19-04:09:12/vmcore-dmesg-incomplete.txt",
	"2024-07-19-04:09/dmesg.txt",
};

START_TEST(logs_of_the_distributions)
{
	put(distributions[_i], 1000, "log");
	expect_since(0, "log", 1000);
}
END_TEST

static const char *const others[] = {
	"202407190409/dump.202407190409",
	"202407190409/kexec-dmesg.log",
	"dmesg.202407190409",
	"202407190409/below/dmesg.txt",
	".hidden/dmesg.txt",
};

START_TEST(other_files_are_passed_over)
{
	put(others[_i], 1000, "log");
	expect_since(0, NULL, 0);
}
END_TEST

/* What is older than the start that failed is not of its crash. */
START_TEST(only_what_is_new_counts)
{
	put("1/dmesg.1", 1000, "first");
	put("2/dmesg.2", 2000, "second");
	put("3/dmesg.3", 1500, "between");
	expect_since(1000, "second", 2000);
	expect_since(2000, "second", 2000);
	expect_since(2001, NULL, 0);
	expect_since(INT64_MAX, NULL, 0);
}
END_TEST

START_TEST(seen_once_is_seen_for_good)
{
	put("1/dmesg.1", 2000, "first");
	ck_assert_int_eq(kdump_mark_seen(&context, database), 0);
	expect_since(0, NULL, 0);
	/* A clock that was set back makes no old one of a new one. */
	put("2/dmesg.2", 1000, "second");
	expect_since(0, "second", 1000);
	ck_assert_int_eq(kdump_mark_seen(&context, database), 0);
	expect_since(0, NULL, 0);
	shell("rm -r var/crash/*");
	ck_assert_int_eq(kdump_mark_seen(&context, database), 0);
	expect_since(0, NULL, 0);
}
END_TEST

/* /var/crash is everybody's on some systems. */
START_TEST(what_others_may_write_is_no_log)
{
	static const char *const doings[] = {
		"cd var/crash && chmod 666 1/dmesg.1",
		"cd var/crash && chmod 770 1",
		"cd var/crash && mv 1 ../1 && ln -s ../1 1",
		"cd var/crash && mv 1/dmesg.1 .. && ln -s ../../dmesg.1 1/dmesg.1",
		"cd var/crash && rm 1/dmesg.1 && mkfifo 1/dmesg.1",
		"cd var/crash && rm 1/dmesg.1 && mkdir 1/dmesg.1",
		"cd var && mv crash elsewhere && ln -s elsewhere crash",
	};

	put("1/dmesg.1", 1000, "log");
	shell(doings[_i]);
	expect_since(0, NULL, 0);
}
END_TEST

START_TEST(what_another_user_owns_is_no_log)
{
	put("1/dmesg.1", 1000, "log");
	put("2/dmesg.2", 1000, "log");
	if (system("[ \"$(id -u)\" = 0 ]") != 0)
		return;
	shell("cd var/crash && chmod 1777 . && chown 65534 1/dmesg.1 2");
	expect_since(0, NULL, 0);
	shell("chown 0 var/crash/1/dmesg.1");
	expect_since(0, "log", 1000);
}
END_TEST

/* Where /var/crash is everybody's, anybody can put much there, in front of what kdump saved. */
START_TEST(what_does_not_count_hides_nothing)
{
	struct crash_text found = { 0 };

	shell("cd var/crash && for i in $(seq 10); do mkdir $i; echo x >$i/dmesg.$i; done");
	shell("cd var/crash && seq -f crash.%g 8000 | xargs touch");
	shell("cd var/crash && for i in $(seq 11 20); do mkdir $i; echo x >$i/dmesg.$i; done");
	ck_assert_int_eq(kdump_read_new(&context, database, 0, &found), 0);
	ck_assert_uint_eq(found.fresh, 20);
	crash_text_free(&found);
}
END_TEST

/* R30: whatever lies there costs a bounded time, and the end of a log is what counts. */
START_TEST(r30_is_bounded)
{
	struct crash_text found = { 0 };

	shell("cd var/crash && for i in $(seq 100 300); do"
	      " mkdir $i; echo x >$i/dmesg.$i; touch -d @$i $i/dmesg.$i; done");
	shell("cd var/crash/200 && truncate -s 1G dmesg.200 && printf end >>dmesg.200 &&"
	      " touch -d @1000 dmesg.200");
	ck_assert_int_eq(kdump_read_new(&context, database, 0, &found), 0);
	ck_assert_uint_eq(found.fresh, KDUMP_TEXTS_MAX);
	ck_assert_uint_eq(found.size, CRASH_TEXT_MAX);
	ck_assert_mem_eq(found.text + found.size - 3, "end", 3);
	crash_text_free(&found);
	ck_assert_int_eq(kdump_mark_seen(&context, database), 0);
	ck_assert_int_eq(kdump_read_new(&context, database, 250, &found), 0);
	ck_assert_uint_eq(found.fresh, 0);
}
END_TEST

START_TEST(nothing_is_there)
{
	shell("rmdir var/crash");
	ck_assert_int_eq(kdump_mark_seen(&context, database), 0);
	expect_since(0, NULL, 0);
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof((array)[0]))

Suite *suite(void)
{
	Suite *all = suite_create("kdump");
	TCase *tests = suite_case(all, "kdump", 20);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_loop_test(tests, logs_of_the_distributions, 0, COUNT(distributions));
	tcase_add_loop_test(tests, other_files_are_passed_over, 0, COUNT(others));
	tcase_add_test(tests, only_what_is_new_counts);
	tcase_add_test(tests, seen_once_is_seen_for_good);
	tcase_add_loop_test(tests, what_others_may_write_is_no_log, 0, 7);
	tcase_add_test(tests, what_another_user_owns_is_no_log);
	tcase_add_test(tests, what_does_not_count_hides_nothing);
	tcase_add_test(tests, r30_is_bounded);
	tcase_add_test(tests, nothing_is_there);
	return all;
}
