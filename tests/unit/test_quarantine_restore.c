/* test_quarantine_restore.c: putting back what was set aside: as it was (R23), and as often as asked (R27)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/quarantine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/quarantine_scene.h"
#include "tests/unit/suite.h"

/* Attributes of a file, and its bytes. */
static void expect_same(const char *path, const char *text, const char *attributes)
{
	char *now = scene_attributes(path);

	tree_expect(&scene, path, text);
	ck_assert_str_eq(now, attributes);
	free(now);
}

START_TEST(r23_round_trip_is_identical)
{
	char *channel = scene_attributes(TREE_CHANNEL), *extra = scene_attributes(SCENE_EXTRA);
	int count = 0;

	ck_assert_int_eq(scene_set_aside(), 5);
	ck_assert_int_eq(scene_put_all_back(&count), 0);
	ck_assert(scene_all_is_bad());
	expect_same(TREE_CHANNEL, "bad channel", channel);
	expect_same(SCENE_EXTRA, "bad extra", extra);
	scene_expect_tidy();
	ck_assert_int_eq(quarantine_open_count(scene.database), 0);
	free(channel);
	free(extra);
}
END_TEST

START_TEST(set_is_put_back_as_a_whole)
{
	ck_assert_int_eq(scene_set_aside(), 5);
	ck_assert_int_eq(scene_put_back(TREE_MANIFEST), 0);
	ck_assert(scene_set_is_bad());
	ck_assert(scene_module_is("good " TREE_MODULE));
	scene_expect_tidy();
	ck_assert_int_eq(quarantine_open_count(scene.database), 1);
	ck_assert_int_eq(tree_query(&scene, "SELECT COUNT(*) FROM event WHERE"
					    " event='object.restored'"),
			 4);
}
END_TEST

/* R27: repeatable without harm, for one and for all. */
START_TEST(r27_putting_back_twice_does_nothing)
{
	int count = 0;

	ck_assert_int_eq(scene_set_aside(), 5);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(scene_put_back(TREE_CHANNEL), 0);
		ck_assert(scene_set_is_bad());
		ck_assert(scene_module_is("good " TREE_MODULE));
	}
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(scene_put_all_back(&count), 0);
		ck_assert_int_eq(count, i == 0 ? 1 : 0);
		ck_assert(scene_all_is_bad());
		scene_expect_tidy();
	}
	ck_assert_int_eq(quarantine_restore(&scene.context, scene.database, 4711), -ENXIO);
}
END_TEST

START_TEST(what_was_in_place_is_an_entry_of_its_own)
{
	int64_t id;

	ck_assert_int_eq(scene_set_aside(), 5);
	tree_write(&scene, TREE_MODULE, "a third module");
	ck_assert_int_eq(scene_put_back(TREE_MODULE), 0);
	ck_assert(scene_module_is("bad module"));
	id = tree_query(&scene, "SELECT id FROM action WHERE restores IS NOT NULL");
	ck_assert_int_gt(id, 0);
	ck_assert_int_eq(quarantine_restore(&scene.context, scene.database, id), 0);
	ck_assert(scene_module_is("a third module"));
	scene_expect_tidy();
}
END_TEST

/* The bytes may be back already, the rest is not. */
START_TEST(r23_attributes_come_back_where_the_bytes_are)
{
	char *channel = scene_attributes(TREE_CHANNEL);

	ck_assert_int_eq(scene_set_aside(), 5);
	tree_write(&scene, TREE_CHANNEL, "bad channel");
	ck_assert_int_eq(scene_put_back(TREE_CHANNEL), 0);
	ck_assert(scene_set_is_bad());
	expect_same(TREE_CHANNEL, "bad channel", channel);
	scene_expect_tidy();
	free(channel);
}
END_TEST

START_TEST(file_that_was_put_back_and_is_gone_again)
{
	ck_assert_int_eq(scene_set_aside(), 5);
	tree_remove_file(&scene, TREE_TABLE);
	ck_assert_int_eq(scene_put_back(TREE_TABLE), 0);
	ck_assert(scene_set_is_bad());
	scene_expect_tidy();
	ck_assert_int_eq(quarantine_open_count(scene.database), 1);
}
END_TEST

START_TEST(damaged_object_is_not_put_back)
{
	char path[100];

	ck_assert_int_eq(scene_set_aside(), 5);
	snprintf(path, sizeof(path), "/var/lib/daruma/quarantine/%lld/object",
		 (long long)scene_entry_of(TREE_MODULE));
	tree_write(&scene, path, "something else");
	ck_assert_int_eq(scene_put_back(TREE_MODULE), -EBADMSG);
	ck_assert(scene_all_is_good());
	scene_expect_tidy();
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("quarantine_restore");
	TCase *back = suite_case(whole, "putting back", 60);

	tcase_add_checked_fixture(back, scene_set_up, scene_tear_down);
	tcase_add_test(back, r23_round_trip_is_identical);
	tcase_add_test(back, set_is_put_back_as_a_whole);
	tcase_add_test(back, r27_putting_back_twice_does_nothing);
	tcase_add_test(back, what_was_in_place_is_an_entry_of_its_own);
	tcase_add_test(back, r23_attributes_come_back_where_the_bytes_are);
	tcase_add_test(back, file_that_was_put_back_and_is_gone_again);
	tcase_add_test(back, damaged_object_is_not_put_back);
	return whole;
}
