/* test_unread.c: files that cannot be read end no survey, and are not blamed for it (R62)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/unread.h"

#include <linux/capability.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/unit/suite.h"
#include "tests/unit/watched_product.h"

#define CONTENT "/opt/acme/content"

static void set_mode(const char *path, mode_t mode)
{
	char whole[4096];

	watched_path(path, whole);
	ck_assert_int_eq(chmod(whole, mode), 0);
}

/* Modes are for root too from now on. */
static void obey_modes(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[2];

	ck_assert_int_eq(syscall(SYS_capget, &head, sets), 0);
	sets[0].effective &= ~(1U << CAP_DAC_OVERRIDE | 1U << CAP_DAC_READ_SEARCH);
	ck_assert_int_eq(syscall(SYS_capset, &head, sets), 0);
}

START_TEST(one_unreadable_file_ends_no_survey)
{
	obey_modes();
	set_mode(TREE_CHANNEL, 0);
	ck_assert_int_eq(watched_take("good-boot"), 1);
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM object"), 5);
	ck_assert_int_eq(
		tree_query(&watched, "SELECT COUNT(*) FROM unread WHERE path='" TREE_CHANNEL "'"),
		1);
	ck_assert_int_eq(watched_take("good-boot"), 1);
	tree_write(&watched, TREE_CODE, "bad");
	ck_assert(watched_differs());
	watched_expect_change('m', "code", TREE_CODE, "");
}
END_TEST

START_TEST(r62_file_that_cannot_be_read_is_not_removed)
{
	watched_take("good-boot");
	obey_modes();
	tree_write(&watched, TREE_CHANNEL, "newer");
	set_mode(TREE_CHANNEL, 0);
	ck_assert_uint_eq(watched_count_changes(), 0);
	tree_remove_file(&watched, TREE_TABLE);
	watched_expect_change('r', "content", TREE_TABLE, "channel");
}
END_TEST

START_TEST(r62_folder_that_cannot_be_read_is_not_removed)
{
	watched_take("good-boot");
	obey_modes();
	set_mode(CONTENT, 0);
	ck_assert_uint_eq(watched_count_changes(), 0);
	ck_assert(!watched_differs());
	set_mode(CONTENT, 0755);
}
END_TEST

/* Or the whole product would be set aside the first time that somebody can read it. */
START_TEST(r62_what_could_not_be_read_before_is_not_new)
{
	obey_modes();
	set_mode(CONTENT, 0);
	watched_take("good-boot");
	set_mode(CONTENT, 0755);
	tree_write(&watched, TREE_CHANNEL, "newer");
	ck_assert_uint_eq(watched_count_changes(), 0);
	ck_assert(!watched_differs());
	ck_assert_int_eq(watched_take("good-boot"), 2);
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM unread WHERE generation=2"), 0);
	tree_write(&watched, TREE_CHANNEL, "bad");
	watched_expect_change('m', "content", TREE_CHANNEL, "channel");
}
END_TEST

START_TEST(what_is_known_stands_for_an_untouched_file)
{
	if (geteuid() != 0)
		return; /* needs root */
	set_mode(TREE_CHANNEL, 0);
	watched.policy.store_file_bytes = 0;
	watched_take("good-boot");
	watched.policy.store_file_bytes = 4000;
	obey_modes();
	tree_write(&watched, TREE_CODE, "newer");
	ck_assert_int_eq(watched_take("good-boot"), 2);
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM unread"), 0);
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM object WHERE generation=2 AND "
					      "path='" TREE_CHANNEL "' AND stored=0"),
			 1);
}
END_TEST

START_TEST(a_folder_stands_for_all_below_it)
{
	struct text_list list = { 0 };

	ck_assert_int_eq(text_list_add(&list, "/opt/b"), 0);
	ck_assert_int_eq(text_list_add(&list, "/opt/a/c"), 0);
	ck_assert_int_eq(text_list_add(&list, "/opt/b"), 0);
	unread_sort(&list);
	ck_assert_uint_eq(list.count, 2);
	ck_assert(unread_covers(&list, "/opt/b"));
	ck_assert(unread_covers(&list, "/opt/b/x/y"));
	ck_assert(unread_covers(&list, "/opt/a/c"));
	ck_assert(!unread_covers(&list, "/opt/a"));
	ck_assert(!unread_covers(&list, "/opt/bb"));
	ck_assert(!unread_covers(&list, "/"));
	text_list_free(&list);
	ck_assert(!unread_covers(&list, "/opt/b"));
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("unread");
	TCase *reading = suite_case(whole, "reading", 60);

	tcase_add_checked_fixture(reading, watched_set_up, watched_tear_down);
	tcase_add_test(reading, one_unreadable_file_ends_no_survey);
	tcase_add_test(reading, r62_file_that_cannot_be_read_is_not_removed);
	tcase_add_test(reading, r62_folder_that_cannot_be_read_is_not_removed);
	tcase_add_test(reading, r62_what_could_not_be_read_before_is_not_new);
	tcase_add_test(reading, what_is_known_stands_for_an_untouched_file);
	tcase_add_test(reading, a_folder_stands_for_all_below_it);
	return whole;
}
