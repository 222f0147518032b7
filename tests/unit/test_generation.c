/* test_generation.c: taking a generation: what it records, and when it is new and good
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/generation.h"

#include <stdio.h>
#include <time.h>

#include "tests/unit/suite.h"
#include "tests/unit/watched_product.h"

/* R8: module, code and content files included. */
START_TEST(r8_every_file_of_the_product_is_recorded)
{
	tree_write(&watched, "/usr/lib/modules/6.1.0-2/extra/acme_sensor.ko", "another kernel's");
	tree_write(&watched, "/usr/lib/modules/6.1.0-2/extra/acme_sensors.ko", "another module");
	tree_write(&watched, "/usr/lib/modules/6.1.0-2/extra/acme_sensor.ko.bak", "no module");
	tree_write(&watched, "/opt/other/file", "another product's");
	ck_assert_int_eq(watched_take("good-boot"), 1);
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM object"), 7);
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM object WHERE kind='module'"),
			 2);
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM object WHERE kind='code'"), 1);
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM object WHERE kind='content' AND"
					      " set_name='channel'"),
			 2);
	ck_assert_int_eq(tree_query(&watched,
				    "SELECT COUNT(*) FROM object WHERE kind='manifest' AND"
				    " set_name='channel' AND path='" TREE_MANIFEST "'"),
			 1);
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM object WHERE kind='content' AND"
					      " set_name='' AND path='" TREE_RULES "'"),
			 1);
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM object WHERE stored=1"), 7);
	ck_assert_int_eq(tree_query(&watched, "SELECT good FROM generation"), 1);
}
END_TEST

START_TEST(nothing_new_makes_no_generation)
{
	ck_assert_int_eq(watched_take("good-boot"), 1);
	ck_assert_int_eq(watched_take("good-boot"), 1);
	ck_assert_int_eq(watched_take("run-time"), 1);
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM generation"), 1);
	tree_write(&watched, TREE_CHANNEL, "newer");
	ck_assert_int_eq(watched_take("run-time"), 2);
}
END_TEST

/* R23: a folder that is made anew is as closed as the administrator left it, not as it was once. */
START_TEST(r23_folders_that_were_changed_since_are_noted)
{
	static const char mode[] = "SELECT COUNT(*) FROM folder WHERE path='/opt/acme/content' AND"
				   " attributes LIKE '%\"mode\":488%'"; /* 0750 */
	char path[4096];

	watched_path("/opt/acme/content", path);
	ck_assert_int_eq(chmod(path, 0755), 0);
	ck_assert_int_eq(watched_take("good-boot"), 1);
	ck_assert_int_eq(tree_query(&watched, mode), 0);
	ck_assert_int_eq(chmod(path, 0750), 0);
	ck_assert_int_eq(watched_take("good-boot"), 1);
	ck_assert_int_eq(tree_query(&watched, mode), 1);
	tree_write(&watched, TREE_CHANNEL, "newer");
	ck_assert_int_eq(watched_take("good-boot"), 2);
	ck_assert_int_eq(tree_query(&watched, mode), 2);
}
END_TEST

START_TEST(installation_is_good_after_its_first_good_start)
{
	ck_assert_int_eq(watched_take("install"), 1);
	tree_write(&watched, TREE_CHANNEL, "newer");
	ck_assert_uint_eq(watched_count_changes(), 0); /* nothing was good yet */
	ck_assert_int_eq(watched_take("install"), 2);
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM generation WHERE good=1"), 0);
	ck_assert_int_eq(watched_take("good-boot"), 2);
	ck_assert_int_eq(tree_query(&watched, "SELECT good FROM generation WHERE id=2"), 1);
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM generation"), 1);
	ck_assert(!watched_differs());
}
END_TEST

/* A wrong digest in the table stays: proof that the file was not read. */
START_TEST(unchanged_file_is_not_read_again)
{
	watched_take("good-boot");
	ck_assert_int_eq(database_run(watched.database,
				      "UPDATE object SET sha256='not read' WHERE path=?1", "t",
				      TREE_CHANNEL),
			 0);
	ck_assert_uint_eq(watched_count_changes(), 0);
	ck_assert(!watched_differs());
	ck_assert_int_eq(watched_take("good-boot"), 1);
	tree_write(&watched, TREE_CHANNEL, "good " TREE_CHANNEL);
	ck_assert_uint_eq(watched_count_changes(), 1);
}
END_TEST

START_TEST(same_bytes_in_a_new_file_are_no_change)
{
	struct stat before, now;

	watched_take("good-boot");
	before = tree_stat(&watched, TREE_CHANNEL);
	tree_write(&watched, "/opt/acme/keeps-the-inode", "");
	tree_remove_file(&watched, TREE_CHANNEL);
	tree_write(&watched, "/opt/acme/takes-the-inode", "");
	tree_write(&watched, TREE_CHANNEL, "good " TREE_CHANNEL);
	watched_set_time(TREE_CHANNEL, &before);
	now = tree_stat(&watched, TREE_CHANNEL);
	ck_assert(now.st_ino != before.st_ino);
	ck_assert_uint_eq(watched_count_changes(), 0);
	ck_assert(!watched_differs());
	ck_assert_int_eq(watched_take("good-boot"), 1);
	ck_assert_int_eq(
		tree_query(&watched, "SELECT inode FROM object WHERE path='" TREE_CHANNEL "'"),
		(int64_t)now.st_ino);
}
END_TEST

/* Many files go into one transaction, and come out again in order. */
START_TEST(many_files)
{
	char path[64];
	time_t begin = time(NULL);

	for (int i = 0; i < 4000; i++) {
		snprintf(path, sizeof(path), "/opt/acme/content/%02d/%d", i % 50, i);
		tree_write(&watched, path, path);
	}
	watched_take("good-boot");
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM object"), 4006);
	tree_write(&watched, "/opt/acme/content/17/17", "changed");
	watched_expect_change('m', "content", "/opt/acme/content/17/17", "channel");
	ck_assert_int_le(time(NULL) - begin, 30);
}
END_TEST

/* --- what is good -------------------------------------------------------------------------- */

static int64_t last_good(void)
{
	int64_t id = 0;

	ck_assert_int_eq(generation_last_good(watched.database, &id, NULL), 0);
	return id;
}

/* A module or a program on the disk may never have run: only a good start proves it. */
static void expect_unproven(const char *kind, const char *path)
{
	int64_t newest;

	ck_assert_int_eq(watched_take("good-boot"), 1);
	tree_write(&watched, path, "updated");
	newest = watched_take("run-time");
	ck_assert_int_eq(newest, 2);
	ck_assert_int_eq(last_good(), 1);
	watched_expect_change('m', kind, path, "");
	/* Neither does looking again, nor new content beside it. */
	ck_assert_int_eq(watched_take("run-time"), 2);
	ck_assert_int_eq(last_good(), 1);
	tree_write(&watched, TREE_CHANNEL, "newer");
	ck_assert_int_eq(watched_take("run-time"), 3);
	ck_assert_int_eq(last_good(), 1);
	ck_assert_uint_eq(watched_count_changes(), 2);
	ck_assert_int_eq(watched_take("good-boot"), 3);
	ck_assert_int_eq(last_good(), 3);
	ck_assert_uint_eq(watched_count_changes(), 0);
}

START_TEST(module_that_has_not_run_is_not_good)
{
	expect_unproven("module", TREE_MODULE);
}
END_TEST

START_TEST(code_that_has_not_run_is_not_good)
{
	expect_unproven("code", TREE_CODE);
}
END_TEST

START_TEST(content_in_force_is_good)
{
	ck_assert_int_eq(watched_take("good-boot"), 1);
	tree_write(&watched, TREE_CHANNEL, "newer");
	tree_write(&watched, TREE_MANIFEST, "newer");
	ck_assert_int_eq(watched_take("run-time"), 2);
	ck_assert_int_eq(last_good(), 2);
	ck_assert_uint_eq(watched_count_changes(), 0);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("generation");
	TCase *taking = suite_case(whole, "taking", 60);

	tcase_add_checked_fixture(taking, watched_set_up, watched_tear_down);
	tcase_add_test(taking, r8_every_file_of_the_product_is_recorded);
	tcase_add_test(taking, nothing_new_makes_no_generation);
	tcase_add_test(taking, r23_folders_that_were_changed_since_are_noted);
	tcase_add_test(taking, installation_is_good_after_its_first_good_start);
	tcase_add_test(taking, unchanged_file_is_not_read_again);
	tcase_add_test(taking, same_bytes_in_a_new_file_are_no_change);
	tcase_add_test(taking, many_files);
	tcase_add_test(taking, module_that_has_not_run_is_not_good);
	tcase_add_test(taking, code_that_has_not_run_is_not_good);
	tcase_add_test(taking, content_in_force_is_good);
	return whole;
}
