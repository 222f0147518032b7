/* test_generation_compare.c: what changed since the last good generation, and what is no change (R62)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/generation.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "recovery/digest.h"
#include "tests/unit/suite.h"
#include "tests/unit/watched_product.h"

START_TEST(changed_content_shows)
{
	char before[DIGEST_TEXT_SIZE], after[DIGEST_TEXT_SIZE];
	struct change_list changes;

	watched_take("good-boot");
	ck_assert(!watched_differs());
	tree_write(&watched, TREE_CHANNEL, "bad");
	ck_assert(watched_differs());
	watched_expect_change('m', "content", TREE_CHANNEL, "channel");
	changes = product_tree_changes(&watched);
	ck_assert_int_eq(digest_bytes("good " TREE_CHANNEL, strlen("good " TREE_CHANNEL), before),
			 0);
	ck_assert_int_eq(digest_bytes("bad", 3, after), 0);
	ck_assert_str_eq(changes.items[0].before_sha256, before);
	ck_assert_str_eq(changes.items[0].after_sha256, after);
	ck_assert_int_eq(changes.generation, 1);
	ck_assert_int_le(llabs(changes.items[0].time - time(NULL)), 60);
	change_list_free(&changes);
}
END_TEST

START_TEST(changed_module_shows)
{
	watched_take("good-boot");
	tree_write(&watched, TREE_MODULE, "bad");
	watched_expect_change('m', "module", TREE_MODULE, "");
	ck_assert(watched_differs());
}
END_TEST

START_TEST(added_file_shows)
{
	watched_take("good-boot");
	tree_write(&watched, "/opt/acme/content/deep/channel-292.bin", "new");
	watched_expect_change('a', "content", "/opt/acme/content/deep/channel-292.bin", "channel");
	ck_assert(watched_differs());
}
END_TEST

START_TEST(removed_file_shows)
{
	watched_take("good-boot");
	tree_remove_file(&watched, TREE_TABLE);
	watched_expect_change('r', "content", TREE_TABLE, "channel");
	ck_assert(watched_differs());
}
END_TEST

START_TEST(changed_manifest_shows)
{
	watched_take("good-boot");
	tree_write(&watched, TREE_MANIFEST, "new");
	watched_expect_change('m', "manifest", TREE_MANIFEST, "channel");
}
END_TEST

/* Same size and time, other bytes: the change time gives it away. */
START_TEST(rewriting_in_place_with_the_old_time_shows)
{
	struct stat before;
	char *text;

	watched_take("good-boot");
	before = tree_stat(&watched, TREE_CHANNEL);
	text = tree_read(&watched, TREE_CHANNEL);
	text[0] = 'G';
	tree_write(&watched, TREE_CHANNEL, text);
	free(text);
	watched_set_time(TREE_CHANNEL, &before);
	ck_assert(watched_differs());
	watched_expect_change('m', "content", TREE_CHANNEL, "channel");
}
END_TEST

START_TEST(newest_change_comes_first)
{
	struct change_list changes;

	watched_take("good-boot");
	tree_write(&watched, TREE_CHANNEL, "first");
	sleep(1);
	tree_write(&watched, TREE_CODE, "second");
	sleep(1);
	tree_write(&watched, TREE_RULES, "third");
	changes = product_tree_changes(&watched);
	ck_assert_uint_eq(changes.count, 3);
	ck_assert_str_eq(changes.items[0].path, TREE_RULES);
	ck_assert_str_eq(changes.items[1].path, TREE_CODE);
	ck_assert_str_eq(changes.items[2].path, TREE_CHANNEL);
	change_list_free(&changes);
}
END_TEST

static void set_digest(int64_t generation, const char *sha256)
{
	ck_assert_int_eq(
		database_run(watched.database,
			     "UPDATE object SET sha256=?2 WHERE generation=?1 AND path='" TREE_CODE
			     "'",
			     "it", generation, sha256),
		0);
}

/* What an update left there until the next start is read once, not at each scan. */
START_TEST(what_the_newest_generation_has_read_is_not_read_again)
{
	char digest[DIGEST_TEXT_SIZE];
	struct change_list changes;

	watched_take("good-boot");
	tree_write(&watched, TREE_CODE, "waits for a start");
	ck_assert_int_eq(watched_take("run-time"), 2);
	set_digest(2, "not read");
	changes = product_tree_changes(&watched);
	ck_assert_uint_eq(changes.count, 1);
	ck_assert_str_eq(changes.items[0].after_sha256, "not read");
	change_list_free(&changes);
	tree_write(&watched, TREE_CODE, "another");
	ck_assert_int_eq(digest_bytes("another", 7, digest), 0);
	changes = product_tree_changes(&watched);
	ck_assert_uint_eq(changes.count, 1);
	ck_assert_str_eq(changes.items[0].after_sha256, digest);
	change_list_free(&changes);
}
END_TEST

/* --- what is no change (R62) --------------------------------------------------------------- */

START_TEST(r62_without_a_good_generation_nothing_is_blamed)
{
	struct change_list changes = product_tree_changes(&watched);

	ck_assert_uint_eq(changes.count, 0);
	ck_assert_int_eq(changes.generation, 0);
	ck_assert(!watched_differs());
	watched_take("install");
	tree_write(&watched, TREE_CHANNEL, "newer");
	ck_assert_uint_eq(watched_count_changes(), 0);
	ck_assert(!watched_differs());
}
END_TEST

START_TEST(r62_product_that_is_gone_is_not_blamed)
{
	static const char *const all[] = { TREE_MODULE,	 TREE_CODE,  TREE_RULES,
					   TREE_CHANNEL, TREE_TABLE, TREE_MANIFEST };

	watched_take("good-boot");
	for (size_t i = 0; i < 5; i++)
		tree_remove_file(&watched, all[i]);
	ck_assert_uint_eq(watched_count_changes(), 5);
	tree_remove_file(&watched, all[5]);
	ck_assert_uint_eq(watched_count_changes(), 0);
	ck_assert(!watched_differs());
}
END_TEST

START_TEST(r62_kernel_that_is_gone_is_not_blamed)
{
	watched_take("good-boot");
	tree_remove_file(&watched, TREE_MODULE);
	ck_assert_uint_eq(watched_count_changes(), 1);
	tree_remove_file(&watched, "/usr/lib/modules/6.1.0-1/updates");
	tree_remove_file(&watched, "/usr/lib/modules/6.1.0-1");
	ck_assert_uint_eq(watched_count_changes(), 0);
}
END_TEST

/* A product file that comes later finds files that were there all the time. */
START_TEST(r62_what_is_only_watched_newly_is_not_blamed)
{
	struct product_list none = { 0 };
	int64_t id;

	sleep(1);
	ck_assert_int_eq(generation_take(&watched.context, watched.database, &none, &watched.policy,
					 "good-boot", "b", &id),
			 0);
	ck_assert_uint_eq(watched_count_changes(), 0);
	ck_assert(!watched_differs());
	tree_write(&watched, TREE_CHANNEL, "landed after that");
	watched_expect_change('a', "content", TREE_CHANNEL, "channel");
}
END_TEST

START_TEST(only_the_products_asked_for_are_compared)
{
	struct product_list none = { 0 };
	struct change_list changes;

	watched_take("good-boot");
	tree_write(&watched, TREE_CHANNEL, "bad");
	ck_assert_int_eq(generation_compare(&watched.context, watched.database, &none, &changes),
			 0);
	ck_assert_uint_eq(changes.count, 0);
	change_list_free(&changes);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("generation_compare");
	TCase *comparing = suite_case(whole, "comparing", 60);

	tcase_add_checked_fixture(comparing, watched_set_up, watched_tear_down);
	tcase_add_test(comparing, changed_content_shows);
	tcase_add_test(comparing, changed_module_shows);
	tcase_add_test(comparing, added_file_shows);
	tcase_add_test(comparing, removed_file_shows);
	tcase_add_test(comparing, changed_manifest_shows);
	tcase_add_test(comparing, rewriting_in_place_with_the_old_time_shows);
	tcase_add_test(comparing, newest_change_comes_first);
	tcase_add_test(comparing, what_the_newest_generation_has_read_is_not_read_again);
	tcase_add_test(comparing, r62_without_a_good_generation_nothing_is_blamed);
	tcase_add_test(comparing, r62_product_that_is_gone_is_not_blamed);
	tcase_add_test(comparing, r62_kernel_that_is_gone_is_not_blamed);
	tcase_add_test(comparing, r62_what_is_only_watched_newly_is_not_blamed);
	tcase_add_test(comparing, only_the_products_asked_for_are_compared);
	return whole;
}
