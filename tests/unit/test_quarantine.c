/* test_quarantine.c: setting aside: the changes of a product, and one path by hand
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * R29: scene_expect_tidy() sees after each of these that nobody else's files were touched.
 */
#include "recovery/quarantine/quarantine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/failing_port.h"
#include "tests/unit/quarantine_scene.h"
#include "tests/unit/suite.h"

START_TEST(set_goes_back_as_a_whole)
{
	ck_assert(scene_all_is_bad());
	ck_assert_int_eq(scene_set_aside(), 5);
	ck_assert(scene_all_is_good());
	scene_expect_tidy();
	ck_assert_int_eq(quarantine_open_count(scene.database), 4);
	ck_assert_int_eq(tree_query(&scene, "SELECT COUNT(*) FROM event WHERE"
					    " event='object.quarantined'"),
			 5);
	ck_assert_int_eq(scene_resume(), 0);
	ck_assert(scene_all_is_good());
}
END_TEST

START_TEST(r23_last_good_copy_has_its_owner_mode_and_times)
{
	char *good, *now;

	tree_write(&scene, TREE_CHANNEL, "good " TREE_CHANNEL);
	scene_dress(TREE_CHANNEL, 0640, 1700000000);
	good = scene_attributes(TREE_CHANNEL);
	tree_write(&scene, TREE_CHANNEL, "bad channel");
	scene_dress(TREE_CHANNEL, 04604, 1800000000);
	ck_assert_int_eq(scene_set_aside(), 5);
	now = scene_attributes(TREE_CHANNEL);
	ck_assert_str_eq(now, good);
	free(good);
	free(now);
}
END_TEST

/* Or the product, which runs as its own user, could not update what is in it. */
START_TEST(r23_folder_that_was_removed_has_its_owner_and_mode)
{
	static const char deep[] = "/opt/acme/content/deep",
			  part[] = "/opt/acme/content/deep/a/part";
	const uid_t owner = geteuid() == 0 ? 65534 : geteuid();
	char path[4096];
	struct stat folder;

	tree_write(&scene, part, "good part");
	scene_path(deep, path);
	ck_assert_int_eq(chown(path, owner, getegid()), 0);
	ck_assert_int_eq(chmod(path, 02750), 0);
	product_tree_good(&scene);
	tree_remove_file(&scene, part);
	tree_remove_file(&scene, "/opt/acme/content/deep/a");
	tree_remove_file(&scene, deep);
	ck_assert_int_eq(scene_set_aside(), 1);
	tree_expect(&scene, part, "good part");
	folder = tree_stat(&scene, deep);
	ck_assert_uint_eq(folder.st_uid, owner);
	ck_assert_uint_eq(folder.st_mode & 07777, 02750);
}
END_TEST

/* A folder is made whole or not at all. */
START_TEST(folder_that_cannot_be_dressed_is_not_left_there)
{
	static const char deep[] = "/opt/acme/content/deep", part[] = "/opt/acme/content/deep/part";
	struct failing_port port;
	char log[400] = "", path[4096];
	int calls, at;

	tree_write(&scene, part, "good part");
	product_tree_good(&scene);
	tree_remove_file(&scene, part);
	tree_remove_file(&scene, deep);
	failing_port_make(&port, FAIL_NEVER, 0, &calls);
	port.log = log;
	ck_assert_int_eq(scene_set_aside_through(&port.port), 1);
	at = (int)(strchr(log, 'D') - log) + 1;
	tree_remove_file(&scene, part);
	tree_remove_file(&scene, deep);
	failing_port_make(&port, FAIL_ONCE, at, &calls);
	ck_assert_int_eq(scene_set_aside_through(&port.port), -EIO);
	scene_path(deep, path);
	ck_assert_int_eq(access(path, F_OK), -1);
}
END_TEST

START_TEST(r25_what_is_set_aside_is_sealed)
{
	char path[100];
	int64_t id;

	ck_assert_int_eq(scene_set_aside(), 5);
	id = scene_entry_of(TREE_CHANNEL);
	snprintf(path, sizeof(path), "/var/lib/daruma/quarantine/%lld/object", (long long)id);
	ck_assert_uint_eq(tree_stat(&scene, path).st_mode & 07777, 0);
	*strrchr(path, '/') = 0;
	ck_assert_uint_eq(tree_stat(&scene, path).st_mode & 07777, 0700);
	ck_assert_uint_eq(tree_stat(&scene, "/var/lib/daruma/quarantine").st_mode & 07777, 0700);
}
END_TEST

static int64_t new_inode(const char *path)
{
	return (int64_t)tree_stat(&scene, path).st_ino;
}

/* R23: the object is moved: the same inode, not a copy of its bytes. */
START_TEST(r23_object_is_moved)
{
	int64_t inode = new_inode(TREE_CHANNEL);
	char path[100];

	ck_assert_int_eq(scene_set_aside(), 5);
	snprintf(path, sizeof(path), "/var/lib/daruma/quarantine/%lld/object",
		 (long long)scene_entry_of(TREE_CHANNEL));
	ck_assert_int_eq(new_inode(path), inode);
	ck_assert_uint_eq(tree_stat(&scene, path).st_nlink, 1);
	tree_expect(&scene, path, "bad channel");
}
END_TEST

START_TEST(r62_no_change_nothing_is_set_aside)
{
	ck_assert_int_eq(scene_set_aside(), 5);
	product_tree_good(&scene);
	ck_assert_int_eq(scene_set_aside(), 0);
	ck_assert_int_eq(quarantine_open_count(scene.database), 4);
}
END_TEST

START_TEST(dry_run_changes_nothing)
{
	unsigned long before = tree_sum(&scene, "/opt") + tree_sum(&scene, "/usr");
	int64_t id = 0;

	scene.context.dry_run = true;
	ck_assert_int_eq(scene_set_aside(), 5);
	ck_assert_int_eq(scene_set_path_aside(TREE_CHANNEL, &id), 0);
	ck_assert(before == tree_sum(&scene, "/opt") + tree_sum(&scene, "/usr"));
	ck_assert_int_eq(tree_query(&scene, "SELECT COUNT(*) FROM action"), 0);
	scene.context.dry_run = false;
	ck_assert_int_eq(scene_set_aside(), 5);
	scene.context.dry_run = true;
	before = tree_sum(&scene, "/opt") + tree_sum(&scene, "/usr");
	ck_assert_int_eq(scene_put_back(TREE_CHANNEL), 0);
	ck_assert(before == tree_sum(&scene, "/opt") + tree_sum(&scene, "/usr"));
	ck_assert_int_eq(quarantine_open_count(scene.database), 4);
}
END_TEST

START_TEST(missing_copy_leaves_the_place_empty_and_says_so)
{
	char store[4096], away[4096];

	scene_path("/var/lib/daruma/store", store);
	scene_path("/var/lib/daruma/store.away", away);
	ck_assert_int_eq(rename(store, away), 0);
	ck_assert_int_eq(scene_set_aside(), 4);
	tree_expect(&scene, TREE_CHANNEL, NULL);
	tree_expect(&scene, TREE_MODULE, NULL);
	tree_expect(&scene, SCENE_EXTRA, NULL);
	scene_expect_tidy();
	ck_assert_int_eq(quarantine_open_count(scene.database), 4);
}
END_TEST

START_TEST(file_that_changed_again_stays)
{
	struct change_list changes = product_tree_changes(&scene);

	tree_write(&scene, TREE_MANIFEST, "changed again");
	ck_assert_int_eq(quarantine_changes(&scene.context, scene.database, &scene.product,
					    &changes, "b", "a test"),
			 -EAGAIN);
	tree_expect(&scene, TREE_MANIFEST, "changed again");
	tree_expect(&scene, TREE_CHANNEL, "bad channel");
	tree_expect(&scene, SCENE_EXTRA, "bad extra");
	scene_expect_tidy();
	change_list_free(&changes);
}
END_TEST

START_TEST(removed_folder_is_made_again)
{
	tree_remove_file(&scene, TREE_MANIFEST);
	tree_remove_file(&scene, TREE_CHANNEL);
	tree_remove_file(&scene, SCENE_EXTRA);
	tree_remove_file(&scene, "/opt/acme/content/new");
	tree_remove_file(&scene, "/opt/acme/content");
	ck_assert_int_eq(scene_set_aside(), 4);
	ck_assert(scene_all_is_good());
	scene_expect_tidy();
}
END_TEST

START_TEST(other_names_of_a_file_stay_what_they_are)
{
	char from[4096], to[4096];

	scene_path(TREE_CHANNEL, from);
	scene_path("/opt/other/hard-link", to);
	ck_assert_int_eq(link(from, to), 0);
	ck_assert_int_eq(scene_set_aside(), 5);
	ck_assert(scene_all_is_good());
	tree_expect(&scene, "/opt/other/hard-link", "bad channel");
	ck_assert_uint_eq(tree_stat(&scene, "/opt/other/hard-link").st_mode & 07777, 04604);
	ck_assert_int_eq(scene_put_back(TREE_CHANNEL), 0);
	ck_assert(scene_set_is_bad());
}
END_TEST

START_TEST(only_one_at_a_time)
{
	char path[4096];
	int fd;

	scene_path("/var/lib/daruma/quarantine", path);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	fd = open(path, O_RDONLY);
	ck_assert_int_eq(flock(fd, LOCK_EX), 0);
	ck_assert_int_eq(scene_set_aside(), -EBUSY);
	ck_assert(scene_all_is_bad());
	ck_assert_int_eq(tree_query(&scene, "SELECT COUNT(*) FROM action"), 0);
	close(fd);
	ck_assert_int_eq(scene_set_aside(), 5);
}
END_TEST

/* What is on the disk, and when: nothing is swapped before both copies are. */
START_TEST(order_of_calls)
{
	struct failing_port port;
	char log[512] = "";
	int calls;

	ck_assert_int_eq(scene_set_aside(), 5);
	product_tree_good(&scene);
	failing_port_make(&port, FAIL_NEVER, 0, &calls);
	port.log = log;
	tree_write(&scene, TREE_CODE, "bad code");
	ck_assert_int_eq(scene_set_aside_through(&port.port), 1);
	/* keep: folder, link, sync all; prepare: new file, sync; exchange, sync; drop second name, sync; seal, sync */
	ck_assert_str_eq(log, "FLSSS"
			      "NCDS"
			      "XS"
			      "US"
			      "MS");
}
END_TEST

/* --- the tables were lost ------------------------------------------------------------------ */

START_TEST(objects_of_lost_rows_are_never_dropped)
{
	char *first;

	scene_lose_actions();
	first = tree_read(&scene, "/var/lib/daruma/quarantine/1/object");
	ck_assert_ptr_nonnull(first);
	ck_assert_int_eq(scene_set_aside(), 1);
	ck_assert_int_eq(scene_entry_of(TREE_CODE), 1);
	tree_expect(&scene, "/var/lib/daruma/quarantine/1/object", "bad code");
	tree_expect(&scene, "/var/lib/daruma/quarantine/orphan-1-1/object", first);
	ck_assert_int_eq(scene_count_objects("/var/lib/daruma/quarantine"), 5);
	/* And again: the next free number. */
	ck_assert_int_eq(database_run(scene.database, "DELETE FROM action", ""), 0);
	tree_write(&scene, TREE_CODE, "worse code");
	ck_assert_int_eq(scene_set_aside(), 1);
	tree_expect(&scene, "/var/lib/daruma/quarantine/1/object", "worse code");
	tree_expect(&scene, "/var/lib/daruma/quarantine/orphan-1-1/object", first);
	tree_expect(&scene, "/var/lib/daruma/quarantine/orphan-1-2/object", "bad code");
	free(first);
}
END_TEST

START_TEST(empty_folder_is_used_again)
{
	char folder[4096];

	scene_path("/var/lib/daruma/quarantine", folder);
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	scene_path("/var/lib/daruma/quarantine/1", folder);
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	ck_assert_int_eq(scene_set_aside(), 5);
	scene_path("/var/lib/daruma/quarantine/orphan-1-1", folder);
	ck_assert_int_ne(access(folder, F_OK), 0);
	scene_expect_tidy();
}
END_TEST

/* --- by hand ------------------------------------------------------------------------------- */

START_TEST(path_by_hand_takes_its_set_along)
{
	int64_t id = 0;

	ck_assert_int_eq(scene_set_path_aside(TREE_MANIFEST, &id), 0);
	ck_assert_int_eq(id, scene_entry_of(TREE_MANIFEST));
	ck_assert(scene_set_is_good());
	ck_assert(scene_module_is("bad module"));
	scene_expect_tidy();
}
END_TEST

START_TEST(unchanged_path_by_hand_is_taken_away)
{
	int64_t id = 0;

	ck_assert_int_eq(scene_set_path_aside(TREE_CODE, &id), 0);
	tree_expect(&scene, TREE_CODE, NULL);
	ck_assert(scene_all_is_bad());
	ck_assert_int_eq(quarantine_restore(&scene.context, scene.database, id), 0);
	tree_expect(&scene, TREE_CODE, "good " TREE_CODE);
	scene_expect_tidy();
}
END_TEST

START_TEST(r14_path_of_no_product_is_refused)
{
	static const char *const paths[] = {
		SCENE_LETTER, "/etc/passwd", "/opt/other/file",
		"/",	      "/opt/acme",   "/usr/lib/modules/6.1.0-1/other.ko"
	};
	int64_t id = 0;

	tree_write(&scene, "/usr/lib/modules/6.1.0-1/other.ko", "another module");
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		ck_assert_msg(scene_set_path_aside(paths[i], &id) == -EPERM, "%s", paths[i]);
	ck_assert_int_eq(scene_set_path_aside("/opt/acme/content/../../../etc/passwd", &id),
			 -EINVAL);
	ck_assert_int_eq(scene_set_path_aside("opt/acme/content/MANIFEST", &id), -EINVAL);
	ck_assert_int_eq(scene_set_path_aside("/opt/acme/content/none", &id), -ENOENT);
	ck_assert_int_eq(scene_set_path_aside("/opt/acme/content/new", &id), -EISDIR);
	ck_assert_int_eq(tree_query(&scene, "SELECT COUNT(*) FROM action"), 0);
	scene_expect_others_untouched();
}
END_TEST

START_TEST(merged_usr_paths_by_hand)
{
	char link[4096];
	int64_t id = 0;

	scene_path("/lib", link);
	ck_assert_int_eq(symlink("usr/lib", link), 0);
	ck_assert_int_eq(
		scene_set_path_aside("/lib/modules/6.1.0-1/updates/acme-sensor.ko.xz", &id), 0);
	ck_assert(scene_module_is("good " TREE_MODULE));
	ck_assert_int_eq(id, scene_entry_of(TREE_MODULE));
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("quarantine");
	TCase *aside = suite_case(whole, "setting aside", 60);

	tcase_add_checked_fixture(aside, scene_set_up, scene_tear_down);
	tcase_add_test(aside, set_goes_back_as_a_whole);
	tcase_add_test(aside, r23_last_good_copy_has_its_owner_mode_and_times);
	tcase_add_test(aside, r23_folder_that_was_removed_has_its_owner_and_mode);
	tcase_add_test(aside, folder_that_cannot_be_dressed_is_not_left_there);
	tcase_add_test(aside, r25_what_is_set_aside_is_sealed);
	tcase_add_test(aside, r23_object_is_moved);
	tcase_add_test(aside, r62_no_change_nothing_is_set_aside);
	tcase_add_test(aside, dry_run_changes_nothing);
	tcase_add_test(aside, missing_copy_leaves_the_place_empty_and_says_so);
	tcase_add_test(aside, file_that_changed_again_stays);
	tcase_add_test(aside, removed_folder_is_made_again);
	tcase_add_test(aside, other_names_of_a_file_stay_what_they_are);
	tcase_add_test(aside, only_one_at_a_time);
	tcase_add_test(aside, order_of_calls);
	tcase_add_test(aside, objects_of_lost_rows_are_never_dropped);
	tcase_add_test(aside, empty_folder_is_used_again);
	tcase_add_test(aside, path_by_hand_takes_its_set_along);
	tcase_add_test(aside, unchanged_path_by_hand_is_taken_away);
	tcase_add_test(aside, r14_path_of_no_product_is_refused);
	tcase_add_test(aside, merged_usr_paths_by_hand);
	return whole;
}
