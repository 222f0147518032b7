/* test_generation.c: tests of recovery/generation.c, compare.c, inventory.c and scan.c
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "recovery/digest.h"
#include "recovery/generation.h"
#include "recovery/store.h"
#include "tests/unit/product_tree.h"
#include "tests/unit/suite.h"

static struct product_tree tree;

static void set_up(void)
{
	product_tree_make_in_memory(&tree);
}

static void tear_down(void)
{
	product_tree_remove(&tree);
}

static int64_t take(const char *cause)
{
	int64_t id = 0;

	ck_assert_int_eq(generation_take(&tree.context, tree.database, &tree.products, &tree.policy,
					 cause, "b", &id),
			 0);
	return id;
}

static bool differs(void)
{
	bool changed = false;

	ck_assert_int_eq(generation_differs(&tree.context, tree.database, &tree.products, &changed),
			 0);
	return changed;
}

static size_t count_changes(void)
{
	struct change_list changes = product_tree_changes(&tree);
	size_t count = changes.count;

	change_list_free(&changes);
	return count;
}

/* "m content /opt/... channel" of the only change there is. */
static void expect_change(char how, const char *kind, const char *path, const char *set)
{
	struct change_list changes = product_tree_changes(&tree);

	ck_assert_uint_eq(changes.count, 1);
	ck_assert_int_eq(changes.items[0].how, how);
	ck_assert_str_eq(changes.items[0].product, "acme");
	ck_assert_str_eq(changes.items[0].kind, kind);
	ck_assert_str_eq(changes.items[0].path, path);
	ck_assert_str_eq(changes.items[0].set_name, set);
	ck_assert((changes.items[0].before_sha256 == NULL) == (how == 'a'));
	ck_assert((changes.items[0].after_sha256 == NULL) == (how == 'r'));
	change_list_free(&changes);
}

static void whole_path(const char *path, char ret[4096])
{
	tree_path(&tree, path, ret);
}

static void remove_file(const char *path)
{
	char whole[4096];

	whole_path(path, whole);
	ck_assert_int_eq(remove(whole), 0);
}

static struct stat stat_of(const char *path)
{
	struct stat stat;
	char whole[4096];

	whole_path(path, whole);
	ck_assert_int_eq(lstat(whole, &stat), 0);
	return stat;
}

static void set_time(const char *path, const struct stat *like)
{
	const struct timespec times[2] = { like->st_atim, like->st_mtim };
	char whole[4096];

	whole_path(path, whole);
	ck_assert_int_eq(utimensat(AT_FDCWD, whole, times, 0), 0);
}

/* --- taking -------------------------------------------------------------------------------- */

/* R8: module, code and content files included. */
START_TEST(r8_every_file_of_the_product_is_recorded)
{
	tree_write(&tree, "/usr/lib/modules/6.1.0-2/extra/acme_sensor.ko", "another kernel's");
	tree_write(&tree, "/usr/lib/modules/6.1.0-2/extra/acme_sensors.ko", "another module");
	tree_write(&tree, "/usr/lib/modules/6.1.0-2/extra/acme_sensor.ko.bak", "no module");
	tree_write(&tree, "/opt/other/file", "another product's");
	ck_assert_int_eq(take("good-boot"), 1);
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM object"), 7);
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM object WHERE kind='module'"), 2);
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM object WHERE kind='code'"), 1);
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM object WHERE kind='content' AND"
					   " set_name='channel'"),
			 2);
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM object WHERE kind='manifest' AND"
					   " set_name='channel' AND path='" TREE_MANIFEST "'"),
			 1);
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM object WHERE kind='content' AND"
					   " set_name='' AND path='" TREE_RULES "'"),
			 1);
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM object WHERE stored=1"), 7);
	ck_assert_int_eq(tree_query(&tree, "SELECT good FROM generation"), 1);
}
END_TEST

START_TEST(merged_usr_has_one_name)
{
	char link[4096];

	whole_path("/lib", link);
	ck_assert_int_eq(symlink("usr/lib", link), 0);
	take("good-boot");
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM object WHERE path='" TREE_MODULE
					   "' AND kind='module'"),
			 1);
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM object"), 6);
}
END_TEST

START_TEST(split_usr_has_modules_in_lib)
{
	remove_file(TREE_MODULE);
	tree_write(&tree, "/lib/modules/5.10/updates/acme_sensor.ko.zst", "module");
	take("good-boot");
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM object WHERE kind='module' AND"
					   " path='/lib/modules/5.10/updates/acme_sensor.ko.zst'"),
			 1);
}
END_TEST

START_TEST(nothing_new_makes_no_generation)
{
	ck_assert_int_eq(take("good-boot"), 1);
	ck_assert_int_eq(take("good-boot"), 1);
	ck_assert_int_eq(take("run-time"), 1);
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM generation"), 1);
	tree_write(&tree, TREE_CHANNEL, "newer");
	ck_assert_int_eq(take("run-time"), 2);
}
END_TEST

START_TEST(installation_is_good_after_its_first_good_start)
{
	ck_assert_int_eq(take("install"), 1);
	tree_write(&tree, TREE_CHANNEL, "newer");
	ck_assert_uint_eq(count_changes(), 0); /* nothing was good yet */
	ck_assert_int_eq(take("install"), 2);
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM generation WHERE good=1"), 0);
	ck_assert_int_eq(take("good-boot"), 2);
	ck_assert_int_eq(tree_query(&tree, "SELECT good FROM generation WHERE id=2"), 1);
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM generation"), 1);
	ck_assert(!differs());
}
END_TEST

/* A wrong digest in the table stays: proof that the file was not read. */
START_TEST(unchanged_file_is_not_read_again)
{
	take("good-boot");
	ck_assert_int_eq(database_run(tree.database,
				      "UPDATE object SET sha256='not read' WHERE path=?1", "t",
				      TREE_CHANNEL),
			 0);
	ck_assert_uint_eq(count_changes(), 0);
	ck_assert(!differs());
	ck_assert_int_eq(take("good-boot"), 1);
	tree_write(&tree, TREE_CHANNEL, "good " TREE_CHANNEL);
	ck_assert_uint_eq(count_changes(), 1);
}
END_TEST

START_TEST(same_bytes_in_a_new_file_are_no_change)
{
	struct stat before, now;

	take("good-boot");
	before = stat_of(TREE_CHANNEL);
	tree_write(&tree, "/opt/acme/keeps-the-inode", "");
	remove_file(TREE_CHANNEL);
	tree_write(&tree, "/opt/acme/takes-the-inode", "");
	tree_write(&tree, TREE_CHANNEL, "good " TREE_CHANNEL);
	set_time(TREE_CHANNEL, &before);
	now = stat_of(TREE_CHANNEL);
	ck_assert(now.st_ino != before.st_ino);
	ck_assert_uint_eq(count_changes(), 0);
	ck_assert(!differs());
	ck_assert_int_eq(take("good-boot"), 1);
	ck_assert_int_eq(
		tree_query(&tree, "SELECT inode FROM object WHERE path='" TREE_CHANNEL "'"),
		(int64_t)now.st_ino);
}
END_TEST

/* --- comparing ----------------------------------------------------------------------------- */

START_TEST(changed_content_shows)
{
	char before[DIGEST_TEXT_SIZE], after[DIGEST_TEXT_SIZE];
	struct change_list changes;

	take("good-boot");
	ck_assert(!differs());
	tree_write(&tree, TREE_CHANNEL, "bad");
	ck_assert(differs());
	expect_change('m', "content", TREE_CHANNEL, "channel");
	changes = product_tree_changes(&tree);
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
	take("good-boot");
	tree_write(&tree, TREE_MODULE, "bad");
	expect_change('m', "module", TREE_MODULE, "");
	ck_assert(differs());
}
END_TEST

START_TEST(added_file_shows)
{
	take("good-boot");
	tree_write(&tree, "/opt/acme/content/deep/channel-292.bin", "new");
	expect_change('a', "content", "/opt/acme/content/deep/channel-292.bin", "channel");
	ck_assert(differs());
}
END_TEST

START_TEST(removed_file_shows)
{
	take("good-boot");
	remove_file(TREE_TABLE);
	expect_change('r', "content", TREE_TABLE, "channel");
	ck_assert(differs());
}
END_TEST

START_TEST(changed_manifest_shows)
{
	take("good-boot");
	tree_write(&tree, TREE_MANIFEST, "new");
	expect_change('m', "manifest", TREE_MANIFEST, "channel");
}
END_TEST

/* Same size and time, other bytes: the change time gives it away. */
START_TEST(rewriting_in_place_with_the_old_time_shows)
{
	struct stat before;
	char *text;

	take("good-boot");
	before = stat_of(TREE_CHANNEL);
	text = tree_read(&tree, TREE_CHANNEL);
	text[0] = 'G';
	tree_write(&tree, TREE_CHANNEL, text);
	free(text);
	set_time(TREE_CHANNEL, &before);
	ck_assert(differs());
	expect_change('m', "content", TREE_CHANNEL, "channel");
}
END_TEST

START_TEST(newest_change_comes_first)
{
	struct change_list changes;

	take("good-boot");
	tree_write(&tree, TREE_CHANNEL, "first");
	sleep(1);
	tree_write(&tree, TREE_CODE, "second");
	sleep(1);
	tree_write(&tree, TREE_RULES, "third");
	changes = product_tree_changes(&tree);
	ck_assert_uint_eq(changes.count, 3);
	ck_assert_str_eq(changes.items[0].path, TREE_RULES);
	ck_assert_str_eq(changes.items[1].path, TREE_CODE);
	ck_assert_str_eq(changes.items[2].path, TREE_CHANNEL);
	change_list_free(&changes);
}
END_TEST

/* --- what is no change (R62) --------------------------------------------------------------- */

START_TEST(r62_without_a_good_generation_nothing_is_blamed)
{
	struct change_list changes = product_tree_changes(&tree);

	ck_assert_uint_eq(changes.count, 0);
	ck_assert_int_eq(changes.generation, 0);
	ck_assert(!differs());
	take("install");
	tree_write(&tree, TREE_CHANNEL, "newer");
	ck_assert_uint_eq(count_changes(), 0);
	ck_assert(!differs());
}
END_TEST

START_TEST(r62_product_that_is_gone_is_not_blamed)
{
	static const char *const all[] = { TREE_MODULE,	 TREE_CODE,  TREE_RULES,
					   TREE_CHANNEL, TREE_TABLE, TREE_MANIFEST };

	take("good-boot");
	for (size_t i = 0; i < 5; i++)
		remove_file(all[i]);
	ck_assert_uint_eq(count_changes(), 5);
	remove_file(all[5]);
	ck_assert_uint_eq(count_changes(), 0);
	ck_assert(!differs());
}
END_TEST

START_TEST(r62_kernel_that_is_gone_is_not_blamed)
{
	take("good-boot");
	remove_file(TREE_MODULE);
	ck_assert_uint_eq(count_changes(), 1);
	remove_file("/usr/lib/modules/6.1.0-1/updates");
	remove_file("/usr/lib/modules/6.1.0-1");
	ck_assert_uint_eq(count_changes(), 0);
}
END_TEST

/* A product file that comes later finds files that were there all the time. */
START_TEST(r62_what_is_only_watched_newly_is_not_blamed)
{
	struct product_list none = { 0 };
	int64_t id;

	sleep(1);
	ck_assert_int_eq(generation_take(&tree.context, tree.database, &none, &tree.policy,
					 "good-boot", "b", &id),
			 0);
	ck_assert_uint_eq(count_changes(), 0);
	ck_assert(!differs());
	tree_write(&tree, TREE_CHANNEL, "landed after that");
	expect_change('a', "content", TREE_CHANNEL, "channel");
}
END_TEST

START_TEST(only_the_products_asked_for_are_compared)
{
	struct product_list none = { 0 };
	struct change_list changes;

	take("good-boot");
	tree_write(&tree, TREE_CHANNEL, "bad");
	ck_assert_int_eq(generation_compare(&tree.context, tree.database, &none, &changes), 0);
	ck_assert_uint_eq(changes.count, 0);
	change_list_free(&changes);
}
END_TEST

/* --- what is not followed (R24) ------------------------------------------------------------ */

START_TEST(r24_links_are_not_followed)
{
	char whole[4096], target[4096];

	tree_write(&tree, "/home/user/letter", "private");
	whole_path("/home/user", target);
	whole_path("/opt/acme/content/away", whole);
	ck_assert_int_eq(symlink(target, whole), 0);
	whole_path("/opt/acme/content/letter", whole);
	whole_path("/home/user/letter", target);
	ck_assert_int_eq(symlink(target, whole), 0);
	take("good-boot");
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM object"), 6);
}
END_TEST

START_TEST(r24_listed_folder_that_is_a_link_is_not_followed)
{
	char from[4096], to[4096];

	whole_path("/opt/acme/rules", from);
	whole_path("/opt/acme/moved", to);
	ck_assert_int_eq(rename(from, to), 0);
	ck_assert_int_eq(symlink("moved", from), 0);
	take("good-boot");
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM object"), 5);
}
END_TEST

START_TEST(r24_mounts_below_a_listed_folder_are_not_entered)
{
	char whole[4096], source[4096];

	if (!tree_private_mounts())
		return; /* needs root */
	tree_write(&tree, "/home/user/letter", "private");
	tree_write(&tree, "/opt/acme/content/mounted/own", "under the mount");
	whole_path("/home/user", source);
	whole_path("/opt/acme/content/mounted", whole);
	ck_assert_int_eq(mount(source, whole, NULL, MS_BIND, NULL), 0);
	take("good-boot");
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM object"), 6);
	ck_assert_int_eq(umount(whole), 0);
}
END_TEST

START_TEST(own_files_beside_an_object_belong_to_nobody)
{
	tree_write(&tree, "/opt/acme/content/.daruma-7", "half way");
	take("good-boot");
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM object"), 6);
}
END_TEST

/* --- what is kept -------------------------------------------------------------------------- */

static bool is_stored(const char *text)
{
	char sha256[DIGEST_TEXT_SIZE];
	struct store store;
	int fd;

	ck_assert_int_eq(digest_bytes(text, strlen(text), sha256), 0);
	ck_assert_int_eq(store_open(&tree.context, file_port_of_system(), true, &store), 0);
	fd = store_get(&store, sha256);
	store_close(&store);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int64_t last_good(void)
{
	int64_t id = 0;

	ck_assert_int_eq(generation_last_good(tree.database, &id, NULL), 0);
	return id;
}

/* A module or a program on the disk may never have run: only a good start proves it. */
static void expect_unproven(const char *kind, const char *path)
{
	int64_t newest;

	ck_assert_int_eq(take("good-boot"), 1);
	tree_write(&tree, path, "updated");
	newest = take("run-time");
	ck_assert_int_eq(newest, 2);
	ck_assert_int_eq(last_good(), 1);
	expect_change('m', kind, path, "");
	/* Neither does looking again, nor new content beside it. */
	ck_assert_int_eq(take("run-time"), 2);
	ck_assert_int_eq(last_good(), 1);
	tree_write(&tree, TREE_CHANNEL, "newer");
	ck_assert_int_eq(take("run-time"), 3);
	ck_assert_int_eq(last_good(), 1);
	ck_assert_uint_eq(count_changes(), 2);
	ck_assert_int_eq(take("good-boot"), 3);
	ck_assert_int_eq(last_good(), 3);
	ck_assert_uint_eq(count_changes(), 0);
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
	ck_assert_int_eq(take("good-boot"), 1);
	tree_write(&tree, TREE_CHANNEL, "newer");
	tree_write(&tree, TREE_MANIFEST, "newer");
	ck_assert_int_eq(take("run-time"), 2);
	ck_assert_int_eq(last_good(), 2);
	ck_assert_uint_eq(count_changes(), 0);
}
END_TEST

/* R11: at least three good generations, each with its copies. */
START_TEST(r11_as_many_generations_as_the_policy_says)
{
	char text[32];

	tree.policy.generations = 3;
	for (int i = 1; i <= 5; i++) {
		snprintf(text, sizeof(text), "content %d", i);
		tree_write(&tree, TREE_CHANNEL, text);
		ck_assert_int_eq(take(i % 2 ? "good-boot" : "run-time"), i);
	}
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM generation"), 3);
	ck_assert_int_eq(tree_query(&tree, "SELECT MIN(id) FROM generation"), 3);
	ck_assert_int_eq(tree_query(&tree, "SELECT MIN(generation) FROM object"), 3);
	ck_assert(!is_stored("content 1"));
	ck_assert(!is_stored("content 2"));
	ck_assert(is_stored("content 3"));
	ck_assert(is_stored("content 5"));
}
END_TEST

START_TEST(last_good_stays_however_many_installations_follow)
{
	char text[32];

	tree.policy.generations = 3;
	take("good-boot");
	for (int i = 0; i < 6; i++) {
		snprintf(text, sizeof(text), "installed %d", i);
		tree_write(&tree, TREE_CHANNEL, text);
		take("install");
	}
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM generation WHERE good=1"), 1);
	ck_assert(is_stored("good " TREE_CHANNEL));
	expect_change('m', "content", TREE_CHANNEL, "channel");
}
END_TEST

START_TEST(large_files_are_recorded_and_not_copied)
{
	tree.policy.store_file_bytes = 40;
	tree_write(&tree, TREE_CHANNEL, "a content of more than forty characters, as you can see");
	take("good-boot");
	ck_assert(!is_stored("a content of more than forty characters, as you can see"));
	ck_assert_int_eq(
		tree_query(&tree, "SELECT stored FROM object WHERE path='" TREE_CHANNEL "'"), 0);
	ck_assert(is_stored("good " TREE_CODE));
	tree.policy.store_file_bytes = 4000;
	ck_assert_int_eq(take("good-boot"), 1);
	ck_assert(is_stored("a content of more than forty characters, as you can see"));
}
END_TEST

/* The budget: the oldest copies go first, those of the last good generation never. */
START_TEST(budget_gives_up_the_oldest_copies)
{
	int64_t first;

	take("good-boot");
	first = tree_query(&tree, "SELECT SUM(size) FROM object");
	tree.policy.store_bytes = (uint64_t)first + 40;
	tree_write(&tree, TREE_CHANNEL, "thirty characters, number two");
	take("good-boot");
	ck_assert(is_stored("good " TREE_CHANNEL));
	tree_write(&tree, TREE_CHANNEL, "thirty characters, number 333");
	take("good-boot");
	ck_assert(!is_stored("good " TREE_CHANNEL));
	ck_assert(is_stored("thirty characters, number two"));
	ck_assert(is_stored("thirty characters, number 333"));
	ck_assert_int_eq(tree_query(&tree, "SELECT stored FROM object WHERE generation=1 AND "
					   "path='" TREE_CHANNEL "'"),
			 0);
	tree.policy.store_bytes = (uint64_t)first;
	tree_write(&tree, TREE_CHANNEL, "number four is much longer than all that is left over");
	take("good-boot");
	ck_assert(!is_stored("number four is much longer than all that is left over"));
	ck_assert(is_stored("thirty characters, number 333"));
	ck_assert(is_stored("good " TREE_CODE));
}
END_TEST

/* What was installed since may not push the last good copies out. */
START_TEST(budget_never_gives_up_the_last_good_copies)
{
	take("good-boot");
	tree.policy.store_bytes = (uint64_t)tree_query(&tree, "SELECT SUM(size) FROM object") + 40;
	tree_write(&tree, TREE_CHANNEL, "thirty characters, number two");
	take("install");
	tree_write(&tree, TREE_CHANNEL, "thirty characters, number 333");
	take("install");
	tree_write(&tree, TREE_CHANNEL, "thirty characters, number 444");
	take("install");
	ck_assert(is_stored("good " TREE_CHANNEL));
	ck_assert(!is_stored("thirty characters, number two"));
	ck_assert(is_stored("good " TREE_CODE));
}
END_TEST

START_TEST(copy_of_an_open_action_is_kept)
{
	char sha256[DIGEST_TEXT_SIZE];

	take("good-boot");
	ck_assert_int_eq(digest_bytes("good " TREE_CHANNEL, strlen("good " TREE_CHANNEL), sha256),
			 0);
	ck_assert_int_eq(database_run(tree.database,
				      "INSERT INTO action(time,product,kind,path,step,replaced_by,"
				      "reason,step_time) VALUES(1,'acme','content','/x','copied',"
				      "?1,'',1)",
				      "t", sha256),
			 0);
	tree.policy.generations = 1;
	tree_write(&tree, TREE_CHANNEL, "newer");
	tree_write(&tree, TREE_CODE, "newer code");
	take("good-boot");
	ck_assert(is_stored("good " TREE_CHANNEL));
	ck_assert(!is_stored("good " TREE_CODE));
}
END_TEST

/* Many files go into one transaction, and come out again in order. */
START_TEST(many_files)
{
	char path[64];
	time_t begin = time(NULL);

	for (int i = 0; i < 4000; i++) {
		snprintf(path, sizeof(path), "/opt/acme/content/%02d/%d", i % 50, i);
		tree_write(&tree, path, path);
	}
	take("good-boot");
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM object"), 4006);
	tree_write(&tree, "/opt/acme/content/17/17", "changed");
	expect_change('m', "content", "/opt/acme/content/17/17", "channel");
	ck_assert_int_le(time(NULL) - begin, 30);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("generation");
	TCase *taking = suite_case(whole, "taking", 60);
	TCase *comparing = suite_case(whole, "comparing", 60);
	TCase *keeping = suite_case(whole, "keeping", 60);

	tcase_add_checked_fixture(taking, set_up, tear_down);
	tcase_add_checked_fixture(comparing, set_up, tear_down);
	tcase_add_checked_fixture(keeping, set_up, tear_down);
	tcase_add_test(taking, r8_every_file_of_the_product_is_recorded);
	tcase_add_test(taking, merged_usr_has_one_name);
	tcase_add_test(taking, split_usr_has_modules_in_lib);
	tcase_add_test(taking, nothing_new_makes_no_generation);
	tcase_add_test(taking, installation_is_good_after_its_first_good_start);
	tcase_add_test(taking, unchanged_file_is_not_read_again);
	tcase_add_test(taking, same_bytes_in_a_new_file_are_no_change);
	tcase_add_test(taking, r24_links_are_not_followed);
	tcase_add_test(taking, r24_listed_folder_that_is_a_link_is_not_followed);
	tcase_add_test(taking, r24_mounts_below_a_listed_folder_are_not_entered);
	tcase_add_test(taking, own_files_beside_an_object_belong_to_nobody);
	tcase_add_test(comparing, changed_content_shows);
	tcase_add_test(comparing, changed_module_shows);
	tcase_add_test(comparing, added_file_shows);
	tcase_add_test(comparing, removed_file_shows);
	tcase_add_test(comparing, changed_manifest_shows);
	tcase_add_test(comparing, rewriting_in_place_with_the_old_time_shows);
	tcase_add_test(comparing, newest_change_comes_first);
	tcase_add_test(comparing, r62_without_a_good_generation_nothing_is_blamed);
	tcase_add_test(comparing, r62_product_that_is_gone_is_not_blamed);
	tcase_add_test(comparing, r62_kernel_that_is_gone_is_not_blamed);
	tcase_add_test(comparing, r62_what_is_only_watched_newly_is_not_blamed);
	tcase_add_test(comparing, only_the_products_asked_for_are_compared);
	tcase_add_test(keeping, module_that_has_not_run_is_not_good);
	tcase_add_test(keeping, code_that_has_not_run_is_not_good);
	tcase_add_test(keeping, content_in_force_is_good);
	tcase_add_test(keeping, r11_as_many_generations_as_the_policy_says);
	tcase_add_test(keeping, last_good_stays_however_many_installations_follow);
	tcase_add_test(keeping, large_files_are_recorded_and_not_copied);
	tcase_add_test(keeping, budget_gives_up_the_oldest_copies);
	tcase_add_test(keeping, budget_never_gives_up_the_last_good_copies);
	tcase_add_test(keeping, copy_of_an_open_action_is_kept);
	tcase_add_test(keeping, many_files);
	return whole;
}
