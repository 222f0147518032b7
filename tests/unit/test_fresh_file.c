/* test_fresh_file.c: a small file is replaced as a whole or stays
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/fresh_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

static int folder;

static void set_up(void)
{
	folder = open(scratch_make(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(folder, 0);
}

static void tear_down(void)
{
	close(folder);
	scratch_remove();
}

static void expect(const char *name, const char *text)
{
	char found[64] = "";
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_ge(read(fd, found, sizeof(found) - 1), 0);
	ck_assert_str_eq(found, text);
	close(fd);
}

START_TEST(is_made_and_replaced)
{
	struct stat stat;

	ck_assert_int_eq(fresh_file_put(folder, "a", "a.new", "one\n"), 0);
	expect("a", "one\n");
	ck_assert_int_eq(fresh_file_put(folder, "a", "a.new", "2\n"), 0);
	expect("a", "2\n");
	ck_assert_int_eq(fstatat(folder, "a.new", &stat, 0), -1);
}
END_TEST

START_TEST(what_a_power_cut_left_is_in_nobodys_way)
{
	ck_assert_int_eq(fresh_file_put(folder, "a.new", "x", "much longer than the next\n"), 0);
	ck_assert_int_eq(fresh_file_put(folder, "a", "a.new", "one\n"), 0);
	expect("a", "one\n");
}
END_TEST

START_TEST(link_is_not_followed)
{
	ck_assert_int_eq(fresh_file_put(folder, "other", "x", "other\n"), 0);
	ck_assert_int_eq(fresh_file_put(folder, "a", "x", "old\n"), 0);
	ck_assert_int_eq(symlinkat("other", folder, "a.new"), 0);
	ck_assert_int_eq(fresh_file_put(folder, "a", "a.new", "new\n"), -ELOOP);
	expect("other", "other\n");
	expect("a", "old\n");
}
END_TEST

START_TEST(failure_keeps_the_old_one_and_tidies_up)
{
	struct stat stat;

	ck_assert_int_eq(mkdirat(folder, "a", 0755), 0);
	ck_assert_int_eq(fresh_file_put(folder, "a", "a.new", "new\n"), -EISDIR);
	ck_assert_int_eq(fstatat(folder, "a", &stat, 0), 0);
	ck_assert_int_eq(fstatat(folder, "a.new", &stat, 0), -1);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("fresh_file");
	TCase *tests = suite_case(whole, "fresh_file", 5);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, is_made_and_replaced);
	tcase_add_test(tests, what_a_power_cut_left_is_in_nobodys_way);
	tcase_add_test(tests, link_is_not_followed);
	tcase_add_test(tests, failure_keeps_the_old_one_and_tidies_up);
	return whole;
}
