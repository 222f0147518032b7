/* test_generation_scan.c: where a product's files are looked for, and what is not followed (R24)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

#include "tests/unit/suite.h"
#include "tests/unit/watched_product.h"

START_TEST(merged_usr_has_one_name)
{
	char link[4096];

	watched_path("/lib", link);
	ck_assert_int_eq(symlink("usr/lib", link), 0);
	watched_take("good-boot");
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM object WHERE path='" TREE_MODULE
					      "' AND kind='module'"),
			 1);
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM object"), 6);
}
END_TEST

START_TEST(split_usr_has_modules_in_lib)
{
	tree_remove_file(&watched, TREE_MODULE);
	tree_write(&watched, "/lib/modules/5.10/updates/acme_sensor.ko.zst", "module");
	watched_take("good-boot");
	ck_assert_int_eq(tree_query(&watched,
				    "SELECT COUNT(*) FROM object WHERE kind='module' AND"
				    " path='/lib/modules/5.10/updates/acme_sensor.ko.zst'"),
			 1);
}
END_TEST

START_TEST(r24_links_are_not_followed)
{
	char whole[4096], target[4096];

	tree_write(&watched, "/home/user/letter", "private");
	watched_path("/home/user", target);
	watched_path("/opt/acme/content/away", whole);
	ck_assert_int_eq(symlink(target, whole), 0);
	watched_path("/opt/acme/content/letter", whole);
	watched_path("/home/user/letter", target);
	ck_assert_int_eq(symlink(target, whole), 0);
	watched_take("good-boot");
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM object"), 6);
}
END_TEST

START_TEST(r24_listed_folder_that_is_a_link_is_not_followed)
{
	char from[4096], to[4096];

	watched_path("/opt/acme/rules", from);
	watched_path("/opt/acme/moved", to);
	ck_assert_int_eq(rename(from, to), 0);
	ck_assert_int_eq(symlink("moved", from), 0);
	watched_take("good-boot");
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM object"), 5);
}
END_TEST

/* As image based systems have it, and who has moved it to a larger disk. */
START_TEST(moved_opt_is_looked_into)
{
	char from[4096], to[4096];

	tree_write(&watched, "/data/x", "");
	watched_path("/opt", from);
	watched_path("/data/opt", to);
	ck_assert_int_eq(rename(from, to), 0);
	ck_assert_int_eq(symlink("/data/opt", from), 0);
	watched_take("good-boot");
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM object"), 6);
	tree_write(&watched, "/data" TREE_CODE, "bad");
	watched_expect_change('m', "code", "/data" TREE_CODE, "");
}
END_TEST

START_TEST(r24_opt_that_leads_to_peoples_files_is_not_looked_into)
{
	char from[4096], to[4096];

	tree_write(&watched, "/home/x", "");
	watched_path("/opt", from);
	watched_path("/home/opt", to);
	ck_assert_int_eq(rename(from, to), 0);
	ck_assert_int_eq(symlink("/home/opt", from), 0);
	watched_take("good-boot");
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM object"), 1);
}
END_TEST

START_TEST(r24_mounts_below_a_listed_folder_are_not_entered)
{
	char whole[4096], source[4096];

	if (!tree_private_mounts())
		return; /* needs root */
	tree_write(&watched, "/home/user/letter", "private");
	tree_write(&watched, "/opt/acme/content/mounted/own", "under the mount");
	watched_path("/home/user", source);
	watched_path("/opt/acme/content/mounted", whole);
	ck_assert_int_eq(mount(source, whole, NULL, MS_BIND, NULL), 0);
	watched_take("good-boot");
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM object"), 6);
	ck_assert_int_eq(umount(whole), 0);
}
END_TEST

START_TEST(own_files_beside_an_object_belong_to_nobody)
{
	tree_write(&watched, "/opt/acme/content/.daruma-7", "half way");
	watched_take("good-boot");
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM object"), 6);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("generation_scan");
	TCase *looking = suite_case(whole, "looking", 60);

	tcase_add_checked_fixture(looking, watched_set_up, watched_tear_down);
	tcase_add_test(looking, merged_usr_has_one_name);
	tcase_add_test(looking, split_usr_has_modules_in_lib);
	tcase_add_test(looking, r24_links_are_not_followed);
	tcase_add_test(looking, r24_listed_folder_that_is_a_link_is_not_followed);
	tcase_add_test(looking, moved_opt_is_looked_into);
	tcase_add_test(looking, r24_opt_that_leads_to_peoples_files_is_not_looked_into);
	tcase_add_test(looking, r24_mounts_below_a_listed_folder_are_not_entered);
	tcase_add_test(looking, own_files_beside_an_object_belong_to_nobody);
	return whole;
}
