/* quarantine_scene.c: a good state of a product, the update that spoils it, and what the quarantine does about it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/quarantine_scene.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "recovery/quarantine/attributes.h"
#include "recovery/quarantine/quarantine.h"
#include "tests/unit/suite.h"

struct product_tree scene;

static unsigned long users_data;

/* --- files of the scene -------------------------------------------------------------------- */

void scene_path(const char *path, char ret[4096])
{
	tree_path(&scene, path, ret);
}

char *scene_attributes(const char *path)
{
	char whole[4096];
	char *text = NULL;
	int fd;

	scene_path(path, whole);
	fd = open(whole, O_RDONLY | O_NOATIME);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(attributes_read(fd, &text), 0);
	close(fd);
	return text;
}

void scene_dress(const char *path, mode_t mode, long mtime)
{
	const struct timespec times[2] = { { 1600000000, 5 }, { mtime, 123456789 } };
	char whole[4096];

	scene_path(path, whole);
	if (geteuid() == 0)
		ck_assert_int_eq(chown(whole, 17, 18), 0);
	ck_assert_int_eq(chmod(whole, mode), 0);
	/* Not every file system in memory has them. */
	if (setxattr(whole, "user.origin", "acme", 4, 0) < 0)
		ck_assert_int_eq(errno, EOPNOTSUPP);
	ck_assert_int_eq(utimensat(AT_FDCWD, whole, times, 0), 0);
}

static void make_good(void)
{
	tree_write(&scene, SCENE_LETTER, "private");
	tree_write(&scene, "/opt/other/file", "another product's");
	tree_write(&scene, "/etc/passwd", "root:x:0:0");
	scene_dress(TREE_CHANNEL, 0640, 1700000000);
	product_tree_good(&scene);
	users_data = tree_sum(&scene, "/home") + tree_sum(&scene, "/opt/other") +
		     tree_sum(&scene, "/etc");
}

/* A content set that changes in every way, and a module. */
static void land_update(void)
{
	tree_write(&scene, TREE_CHANNEL, "bad channel");
	scene_dress(TREE_CHANNEL, 04604, 1800000000);
	tree_write(&scene, SCENE_EXTRA, "bad extra");
	tree_write(&scene, TREE_MANIFEST, "bad manifest");
	tree_write(&scene, TREE_MODULE, "bad module");
	tree_remove_file(&scene, TREE_TABLE);
}

bool scene_set_is_bad(void)
{
	return tree_holds(&scene, TREE_CHANNEL, "bad channel") &&
	       tree_holds(&scene, SCENE_EXTRA, "bad extra") &&
	       tree_holds(&scene, TREE_MANIFEST, "bad manifest") &&
	       tree_holds(&scene, TREE_TABLE, NULL);
}

bool scene_set_is_good(void)
{
	return tree_holds(&scene, TREE_CHANNEL, "good " TREE_CHANNEL) &&
	       tree_holds(&scene, SCENE_EXTRA, NULL) &&
	       tree_holds(&scene, TREE_MANIFEST, "good " TREE_MANIFEST) &&
	       tree_holds(&scene, TREE_TABLE, "good " TREE_TABLE);
}

bool scene_module_is(const char *text)
{
	return tree_holds(&scene, TREE_MODULE, text);
}

bool scene_all_is_bad(void)
{
	return scene_set_is_bad() && scene_module_is("bad module");
}

bool scene_all_is_good(void)
{
	return scene_set_is_good() && scene_module_is("good " TREE_MODULE);
}

void scene_expect_others_untouched(void)
{
	ck_assert(users_data == tree_sum(&scene, "/home") + tree_sum(&scene, "/opt/other") +
					tree_sum(&scene, "/etc"));
}

void scene_expect_tidy(void)
{
	scene_expect_others_untouched();
	ck_assert_int_eq(tree_count(&scene, "/opt", ".daruma-"), 0);
	ck_assert_int_eq(tree_count(&scene, "/usr", ".daruma-"), 0);
	ck_assert_int_eq(tree_query(&scene, "SELECT COUNT(*) FROM action WHERE step NOT IN"
					    " ('done','restored','purged')"),
			 0);
	ck_assert_int_eq(tree_count(&scene, "/var/lib/daruma/quarantine", "object"),
			 (int)tree_query(&scene, "SELECT COUNT(*) FROM action WHERE step='done'"
						 " AND sha256 IS NOT NULL"));
}

void scene_set_up(void)
{
	product_tree_make_in_memory(&scene);
	make_good();
	land_update();
}

void scene_tear_down(void)
{
	product_tree_remove(&scene);
}

int scene_set_aside_through(const struct file_port *port)
{
	struct change_list changes = product_tree_changes(&scene);
	int result = quarantine_changes_through(port, &scene.context, scene.database,
						&scene.product, &changes, "b", "a test");

	change_list_free(&changes);
	return result;
}

int scene_set_aside(void)
{
	return scene_set_aside_through(file_port_of_system());
}

int scene_set_path_aside(const char *path, int64_t *ret_id)
{
	return quarantine_path(&scene.context, scene.database, &scene.products, path, "by hand",
			       ret_id);
}

int64_t scene_entry_of(const char *path)
{
	char statement[512];

	snprintf(statement, sizeof(statement),
		 "SELECT id FROM action WHERE path='%s' AND restores IS NULL", path);
	return tree_query(&scene, statement);
}

int scene_put_back(const char *path)
{
	return quarantine_restore(&scene.context, scene.database, scene_entry_of(path));
}

int scene_put_all_back(int *ret_count)
{
	struct action_list entries = { 0 };
	int first =
		action_list_load(scene.database, "step='done' AND restores IS NULL", 0, &entries);

	*ret_count = 0;
	for (size_t i = entries.count; i > 0; i--) {
		int error =
			quarantine_restore(&scene.context, scene.database, entries.items[i - 1].id);

		*ret_count += error == 0;
		first = first ? first : error;
	}
	action_list_free(&entries);
	return first;
}

int scene_resume(void)
{
	return quarantine_resume(&scene.context, scene.database);
}

int scene_count_objects(const char *folder)
{
	return tree_count(&scene, folder, "object");
}

void scene_lose_actions(void)
{
	ck_assert_int_eq(scene_set_aside(), 5);
	ck_assert_int_eq(database_run(scene.database, "DELETE FROM action", ""), 0);
	tree_write(&scene, TREE_CODE, "bad code");
}
