/* test_quarantine_links.c: R24: links, mounts, and folders that become links at any moment
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/quarantine.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/quarantine_scene.h"
#include "tests/unit/suite.h"

START_TEST(r24_link_is_refused)
{
	char path[4096];
	int64_t id = 0;

	scene_path("/opt/acme/content/alias", path);
	ck_assert_int_eq(symlink("../../../home/user/letter", path), 0);
	ck_assert_int_eq(scene_set_path_aside("/opt/acme/content/alias", &id), -ELOOP);
	scene_expect_others_untouched();
}
END_TEST

START_TEST(r24_folder_that_became_a_link_is_refused)
{
	struct change_list changes = product_tree_changes(&scene);
	char from[4096], to[4096];
	unsigned long before;

	scene_path("/opt/acme/content", from);
	scene_path("/srv", to);
	ck_assert_int_eq(rename(from, to), 0);
	ck_assert_int_eq(symlink("../../srv", from), 0);
	before = tree_sum(&scene, "/srv");
	ck_assert_int_eq(quarantine_changes(&scene.context, scene.database, &scene.product,
					    &changes, "b", "a test"),
			 -ELOOP);
	ck_assert(before == tree_sum(&scene, "/srv"));
	ck_assert(scene_module_is("bad module"));
	ck_assert_int_eq(tree_query(&scene, "SELECT COUNT(*) FROM action"), 0);
	change_list_free(&changes);
}
END_TEST

START_TEST(r24_mount_below_the_products_folder_is_refused)
{
	char source[4096], target[4096];
	int64_t id = 0;

	if (!tree_private_mounts())
		return; /* needs root */
	tree_write(&scene, "/opt/acme/content/new/letter", "covered");
	scene_path("/home/user", source);
	scene_path("/opt/acme/content/new", target);
	ck_assert_int_eq(mount(source, target, NULL, MS_BIND, NULL), 0);
	ck_assert_int_eq(scene_set_path_aside("/opt/acme/content/new/letter", &id), -EXDEV);
	scene_expect_others_untouched();
	ck_assert_int_eq(umount(target), 0);
}
END_TEST

START_TEST(product_on_a_file_system_of_its_own)
{
	char target[4096];

	if (!tree_private_mounts())
		return; /* needs root */
	scene_path("/opt/acme/content", target);
	ck_assert_int_eq(mount("content", target, "tmpfs", 0, "size=1m"), 0);
	tree_write(&scene, TREE_CHANNEL, "bad channel");
	tree_write(&scene, SCENE_EXTRA, "bad extra");
	tree_write(&scene, TREE_MANIFEST, "bad manifest");
	ck_assert(scene_all_is_bad());
	ck_assert_int_eq(scene_set_aside(), 5);
	ck_assert(scene_all_is_good());
	scene_expect_tidy();
	ck_assert_int_eq(scene_put_back(TREE_CHANNEL), 0);
	ck_assert(scene_set_is_bad());
	scene_expect_tidy();
	ck_assert_int_eq(umount(target), 0);
}
END_TEST

#define RACE_SECONDS 3

static atomic_bool stop;

static void *swap_for_ever(void *unused)
{
	char folder[4096], link[4096];

	(void)unused;
	scene_path("/opt/acme/content", folder);
	scene_path("/opt/acme/evil", link);
	while (!stop) {
		renameat2(AT_FDCWD, folder, AT_FDCWD, link, RENAME_EXCHANGE);
		usleep(20);
	}
	return NULL;
}

/* A folder of the product and a link out of it change places all the time. Nothing behind the link may change. */
START_TEST(r24_race_changes_nothing_outside)
{
	time_t end = time(NULL) + RACE_SECONDS;
	int done = 0, refused = 0;
	unsigned long before;
	char link[4096], folder[4096];
	pthread_t thread;

	tree_write(&scene, "/srv/victim/channel-291.bin", "outside");
	tree_write(&scene, "/srv/victim/MANIFEST", "outside");
	tree_write(&scene, "/srv/victim/table.bin", "outside");
	before = tree_sum(&scene, "/srv");
	scene_path("/opt/acme/evil", link);
	ck_assert_int_eq(symlink("../../srv/victim", link), 0);
	stop = false;
	ck_assert_int_eq(pthread_create(&thread, NULL, swap_for_ever, NULL), 0);
	while (time(NULL) < end) {
		int64_t id = 0;
		int error = scene_set_path_aside(TREE_CHANNEL, &id);

		if (!error)
			error = quarantine_restore(&scene.context, scene.database, id);
		done += error == 0;
		refused += error == -ELOOP;
		ck_assert_int_eq(tree_count(&scene, "/srv", ".daruma-"), 0);
	}
	stop = true;
	pthread_join(thread, NULL);
	ck_assert(before == tree_sum(&scene, "/srv"));
	/* What the race interrupted is mended when it is over. */
	if (S_ISLNK(tree_stat(&scene, "/opt/acme/content").st_mode)) {
		scene_path("/opt/acme/content", folder);
		ck_assert_int_eq(renameat2(AT_FDCWD, folder, AT_FDCWD, link, RENAME_EXCHANGE), 0);
	}
	ck_assert_int_ge(scene_resume(), 0);
	scene_expect_tidy();
	ck_assert(before == tree_sum(&scene, "/srv"));
	/* Or there was no race. */
	ck_assert_int_gt(done + refused, 10);
	ck_assert_int_gt(refused, 0);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("quarantine_links");
	TCase *links = suite_case(whole, "links and mounts", 60);

	tcase_add_checked_fixture(links, scene_set_up, scene_tear_down);
	tcase_add_test(links, r24_link_is_refused);
	tcase_add_test(links, r24_folder_that_became_a_link_is_refused);
	tcase_add_test(links, r24_mount_below_the_products_folder_is_refused);
	tcase_add_test(links, product_on_a_file_system_of_its_own);
	tcase_add_test(links, r24_race_changes_nothing_outside);
	return whole;
}
