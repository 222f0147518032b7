/* test_quarantine.c: tests of recovery/quarantine.c, transfer.c, move.c and place.c
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "recovery/attributes.h"
#include "tests/unit/failing_port.h"
#include "tests/unit/product_tree.h"
#include "tests/unit/suite.h"

#define EXTRA  "/opt/acme/content/new/extra.bin"
#define LETTER "/home/user/letter"

static struct product_tree tree;
static unsigned long users_data;

/* --- a good state, and the update that spoils it ------------------------------------------- */

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
	ck_assert_msg(lstat(whole, &stat) == 0, "%s: %s", path, strerror(errno));
	return stat;
}

static int64_t new_inode(const char *path)
{
	return (int64_t)stat_of(path).st_ino;
}

/* The file at `path` as attributes.h tells it. */
static char *attributes_of(const char *path)
{
	char whole[4096];
	char *text = NULL;
	int fd;

	whole_path(path, whole);
	fd = open(whole, O_RDONLY | O_NOATIME);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(attributes_read(fd, &text), 0);
	close(fd);
	return text;
}

static void dress(const char *path, mode_t mode, long mtime)
{
	const struct timespec times[2] = { { 1600000000, 5 }, { mtime, 123456789 } };
	char whole[4096];

	whole_path(path, whole);
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
	tree_write(&tree, LETTER, "private");
	tree_write(&tree, "/opt/other/file", "another product's");
	tree_write(&tree, "/etc/passwd", "root:x:0:0");
	dress(TREE_CHANNEL, 0640, 1700000000);
	product_tree_good(&tree);
	users_data =
		tree_sum(&tree, "/home") + tree_sum(&tree, "/opt/other") + tree_sum(&tree, "/etc");
}

/* A content set that changes in every way, and a module. */
static void land_update(void)
{
	tree_write(&tree, TREE_CHANNEL, "bad channel");
	dress(TREE_CHANNEL, 04604, 1800000000);
	tree_write(&tree, EXTRA, "bad extra");
	tree_write(&tree, TREE_MANIFEST, "bad manifest");
	tree_write(&tree, TREE_MODULE, "bad module");
	remove_file(TREE_TABLE);
}

static bool set_is_bad(void)
{
	return tree_holds(&tree, TREE_CHANNEL, "bad channel") &&
	       tree_holds(&tree, EXTRA, "bad extra") &&
	       tree_holds(&tree, TREE_MANIFEST, "bad manifest") &&
	       tree_holds(&tree, TREE_TABLE, NULL);
}

static bool set_is_good(void)
{
	return tree_holds(&tree, TREE_CHANNEL, "good " TREE_CHANNEL) &&
	       tree_holds(&tree, EXTRA, NULL) &&
	       tree_holds(&tree, TREE_MANIFEST, "good " TREE_MANIFEST) &&
	       tree_holds(&tree, TREE_TABLE, "good " TREE_TABLE);
}

static bool module_is(const char *text)
{
	return tree_holds(&tree, TREE_MODULE, text);
}

static bool all_is_bad(void)
{
	return set_is_bad() && module_is("bad module");
}

static bool all_is_good(void)
{
	return set_is_good() && module_is("good " TREE_MODULE);
}

/* R29, and no name of ours is left beside the product's. */
static void expect_others_untouched(void)
{
	ck_assert(users_data == tree_sum(&tree, "/home") + tree_sum(&tree, "/opt/other") +
					tree_sum(&tree, "/etc"));
}

static void expect_tidy(void)
{
	expect_others_untouched();
	ck_assert_int_eq(tree_count(&tree, "/opt", ".daruma-"), 0);
	ck_assert_int_eq(tree_count(&tree, "/usr", ".daruma-"), 0);
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM action WHERE step NOT IN"
					   " ('done','restored')"),
			 0);
	ck_assert_int_eq(tree_count(&tree, "/var/lib/daruma/quarantine", "object"),
			 (int)tree_query(&tree, "SELECT COUNT(*) FROM action WHERE step='done'"
						" AND sha256 IS NOT NULL"));
}

static void set_up(void)
{
	product_tree_make_in_memory(&tree);
	make_good();
	land_update();
}

static void tear_down(void)
{
	product_tree_remove(&tree);
}

static int set_aside_through(const struct file_port *port)
{
	struct change_list changes = product_tree_changes(&tree);
	int result = quarantine_changes_through(port, &tree.context, tree.database, &tree.product,
						&changes, "b", "a test");

	change_list_free(&changes);
	return result;
}

static int set_aside(void)
{
	return set_aside_through(file_port_of_system());
}

static int set_path_aside(const char *path, int64_t *ret_id)
{
	return quarantine_path(&tree.context, tree.database, &tree.products, path, "by hand",
			       ret_id);
}

static int64_t entry_of(const char *path)
{
	char statement[512];

	snprintf(statement, sizeof(statement),
		 "SELECT id FROM action WHERE path='%s' AND restores IS NULL", path);
	return tree_query(&tree, statement);
}

static int put_back(const char *path)
{
	return quarantine_restore(&tree.context, tree.database, entry_of(path));
}

static int put_all_back(int *ret_count)
{
	return quarantine_restore_all(&tree.context, tree.database, ret_count);
}

static int resume(void)
{
	return quarantine_resume(&tree.context, tree.database);
}

/* --- setting aside ------------------------------------------------------------------------- */

START_TEST(set_goes_back_as_a_whole)
{
	ck_assert(all_is_bad());
	ck_assert_int_eq(set_aside(), 5);
	ck_assert(all_is_good());
	expect_tidy();
	ck_assert_int_eq(quarantine_open_count(tree.database), 4);
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM event WHERE"
					   " event='object.quarantined'"),
			 5);
	ck_assert_int_eq(resume(), 0);
	ck_assert(all_is_good());
}
END_TEST

START_TEST(r23_last_good_copy_has_its_owner_mode_and_times)
{
	char *good, *now;

	tree_write(&tree, TREE_CHANNEL, "good " TREE_CHANNEL);
	dress(TREE_CHANNEL, 0640, 1700000000);
	good = attributes_of(TREE_CHANNEL);
	tree_write(&tree, TREE_CHANNEL, "bad channel");
	dress(TREE_CHANNEL, 04604, 1800000000);
	ck_assert_int_eq(set_aside(), 5);
	now = attributes_of(TREE_CHANNEL);
	ck_assert_str_eq(now, good);
	free(good);
	free(now);
}
END_TEST

START_TEST(r25_what_is_set_aside_is_sealed)
{
	char path[100];
	int64_t id;

	ck_assert_int_eq(set_aside(), 5);
	id = entry_of(TREE_CHANNEL);
	snprintf(path, sizeof(path), "/var/lib/daruma/quarantine/%lld/object", (long long)id);
	ck_assert_uint_eq(stat_of(path).st_mode & 07777, 0);
	*strrchr(path, '/') = 0;
	ck_assert_uint_eq(stat_of(path).st_mode & 07777, 0700);
	ck_assert_uint_eq(stat_of("/var/lib/daruma/quarantine").st_mode & 07777, 0700);
}
END_TEST

/* R23: the object is moved: the same inode, not a copy of its bytes. */
START_TEST(r23_object_is_moved)
{
	int64_t inode = new_inode(TREE_CHANNEL);
	char path[100];

	ck_assert_int_eq(set_aside(), 5);
	snprintf(path, sizeof(path), "/var/lib/daruma/quarantine/%lld/object",
		 (long long)entry_of(TREE_CHANNEL));
	ck_assert_int_eq(new_inode(path), inode);
	ck_assert_uint_eq(stat_of(path).st_nlink, 1);
	tree_expect(&tree, path, "bad channel");
}
END_TEST

START_TEST(r62_no_change_nothing_is_set_aside)
{
	ck_assert_int_eq(set_aside(), 5);
	product_tree_good(&tree);
	ck_assert_int_eq(set_aside(), 0);
	ck_assert_int_eq(quarantine_open_count(tree.database), 4);
}
END_TEST

START_TEST(dry_run_changes_nothing)
{
	unsigned long before = tree_sum(&tree, "/opt") + tree_sum(&tree, "/usr");
	int64_t id = 0;

	tree.context.dry_run = true;
	ck_assert_int_eq(set_aside(), 5);
	ck_assert_int_eq(set_path_aside(TREE_CHANNEL, &id), 0);
	ck_assert(before == tree_sum(&tree, "/opt") + tree_sum(&tree, "/usr"));
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM action"), 0);
	tree.context.dry_run = false;
	ck_assert_int_eq(set_aside(), 5);
	tree.context.dry_run = true;
	before = tree_sum(&tree, "/opt") + tree_sum(&tree, "/usr");
	ck_assert_int_eq(put_back(TREE_CHANNEL), 0);
	ck_assert(before == tree_sum(&tree, "/opt") + tree_sum(&tree, "/usr"));
	ck_assert_int_eq(quarantine_open_count(tree.database), 4);
}
END_TEST

START_TEST(missing_copy_leaves_the_place_empty_and_says_so)
{
	char store[4096], away[4096];

	whole_path("/var/lib/daruma/store", store);
	whole_path("/var/lib/daruma/store.away", away);
	ck_assert_int_eq(rename(store, away), 0);
	ck_assert_int_eq(set_aside(), -ENODATA);
	tree_expect(&tree, TREE_CHANNEL, NULL);
	tree_expect(&tree, TREE_MODULE, NULL);
	tree_expect(&tree, EXTRA, NULL);
	expect_tidy();
	ck_assert_int_eq(quarantine_open_count(tree.database), 4);
}
END_TEST

START_TEST(file_that_changed_again_stays)
{
	struct change_list changes = product_tree_changes(&tree);

	tree_write(&tree, TREE_MANIFEST, "changed again");
	ck_assert_int_eq(quarantine_changes(&tree.context, tree.database, &tree.product, &changes,
					    "b", "a test"),
			 -EAGAIN);
	tree_expect(&tree, TREE_MANIFEST, "changed again");
	tree_expect(&tree, TREE_CHANNEL, "bad channel");
	tree_expect(&tree, EXTRA, "bad extra");
	expect_tidy();
	change_list_free(&changes);
}
END_TEST

/* --- somebody changes files meanwhile: what is in place stays, and nothing is lost --------- */

static char meddle_at;

static void replace_file(const char *path, const char *text)
{
	char from[4096], to[4096];

	tree_write(&tree, "/opt/acme/third", text);
	whole_path("/opt/acme/third", from);
	whole_path(path, to);
	ck_assert_int_eq(rename(from, to), 0);
}

/* Once, before the first call of that kind. */
static void replace_channel(char letter, int number)
{
	(void)number;
	if (letter != meddle_at)
		return;
	meddle_at = 0;
	replace_file(TREE_CHANNEL, "a third channel");
}

static void replace_module(char letter, int number)
{
	(void)number;
	if (letter != meddle_at)
		return;
	meddle_at = 0;
	replace_file(TREE_MODULE, "a third module");
}

static void meddle(void (*with)(char letter, int number), char letter)
{
	struct failing_port port;
	int calls;

	failing_port_make(&port, FAIL_NEVER, 0, &calls);
	port.meddle = with;
	meddle_at = letter;
	ck_assert_int_eq(set_aside_through(&port.port), -EAGAIN);
	ck_assert_int_eq(meddle_at, 0);
	expect_tidy();
	ck_assert_int_eq(quarantine_open_count(tree.database), 0);
}

START_TEST(file_replaced_before_it_is_kept)
{
	meddle(replace_module, 'F');
	ck_assert(module_is("a third module"));
	ck_assert(set_is_bad());
}
END_TEST

START_TEST(file_replaced_while_it_is_linked)
{
	/* The first link is that of the manifest, whose turn comes first: the channel's is next. */
	meddle(replace_channel, 'L');
	tree_expect(&tree, TREE_CHANNEL, "a third channel");
	tree_expect(&tree, TREE_MANIFEST, "bad manifest");
	tree_expect(&tree, EXTRA, "bad extra");
}
END_TEST

START_TEST(file_replaced_before_the_swap)
{
	meddle(replace_channel, 'X');
	tree_expect(&tree, TREE_CHANNEL, "a third channel");
	tree_expect(&tree, TREE_MANIFEST, "bad manifest");
	tree_expect(&tree, EXTRA, "bad extra");
	ck_assert(module_is("bad module"));
}
END_TEST

/* Nothing takes the place of an added file: it is taken by a rename. */
static void replace_extra(char letter, int number)
{
	(void)number;
	if (letter != meddle_at)
		return;
	meddle_at = 0;
	replace_file(EXTRA, "a third extra");
}

START_TEST(added_file_replaced_before_it_is_taken)
{
	meddle(replace_extra, 'X');
	tree_expect(&tree, EXTRA, "a third extra");
	tree_expect(&tree, TREE_CHANNEL, "bad channel");
}
END_TEST

/* A file that comes into the place of a removed one is not written over. */
static void fill_table(char letter, int number)
{
	(void)number;
	if (letter != meddle_at)
		return;
	meddle_at = 0;
	replace_file(TREE_TABLE, "a third table");
}

START_TEST(file_that_comes_into_an_empty_place_stays)
{
	struct failing_port port;
	int calls;

	failing_port_make(&port, FAIL_NEVER, 0, &calls);
	port.meddle = fill_table;
	meddle_at = 'X';
	ck_assert_int_eq(set_aside_through(&port.port), -EEXIST);
	tree_expect(&tree, TREE_TABLE, "a third table");
	tree_expect(&tree, TREE_CHANNEL, "bad channel");
	expect_tidy();
}
END_TEST

START_TEST(removed_folder_is_made_again)
{
	remove_file(TREE_MANIFEST);
	remove_file(TREE_CHANNEL);
	remove_file(EXTRA);
	remove_file("/opt/acme/content/new");
	remove_file("/opt/acme/content");
	ck_assert_int_eq(set_aside(), 4);
	ck_assert(all_is_good());
	expect_tidy();
}
END_TEST

START_TEST(other_names_of_a_file_stay_what_they_are)
{
	char from[4096], to[4096];

	whole_path(TREE_CHANNEL, from);
	whole_path("/opt/other/hard-link", to);
	ck_assert_int_eq(link(from, to), 0);
	ck_assert_int_eq(set_aside(), 5);
	ck_assert(all_is_good());
	tree_expect(&tree, "/opt/other/hard-link", "bad channel");
	ck_assert_uint_eq(stat_of("/opt/other/hard-link").st_mode & 07777, 04604);
	ck_assert_int_eq(put_back(TREE_CHANNEL), 0);
	ck_assert(set_is_bad());
}
END_TEST

START_TEST(only_one_at_a_time)
{
	char path[4096];
	int fd;

	whole_path("/var/lib/daruma/quarantine", path);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	fd = open(path, O_RDONLY);
	ck_assert_int_eq(flock(fd, LOCK_EX), 0);
	ck_assert_int_eq(set_aside(), -EBUSY);
	ck_assert(all_is_bad());
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM action"), 0);
	close(fd);
	ck_assert_int_eq(set_aside(), 5);
}
END_TEST

/* What is on the disk, and when: nothing is swapped before both copies are. */
START_TEST(order_of_calls)
{
	struct failing_port port;
	char log[512] = "";
	int calls;

	ck_assert_int_eq(set_aside(), 5);
	product_tree_good(&tree);
	failing_port_make(&port, FAIL_NEVER, 0, &calls);
	port.log = log;
	tree_write(&tree, TREE_CODE, "bad code");
	ck_assert_int_eq(set_aside_through(&port.port), 1);
	/* keep: folder, link, sync all; prepare: new file, sync; exchange, sync; drop second name, sync; seal, sync */
	ck_assert_str_eq(log, "FLSSS"
			      "NCDS"
			      "XS"
			      "US"
			      "MS");
}
END_TEST

/* --- the tables were lost ------------------------------------------------------------------ */

static int count_objects(const char *folder)
{
	return tree_count(&tree, folder, "object");
}

/* Four objects are in folders 1 to 5, and the next row is number 1 again. */
static void lose_actions(void)
{
	ck_assert_int_eq(set_aside(), 5);
	ck_assert_int_eq(database_run(tree.database, "DELETE FROM action", ""), 0);
	tree_write(&tree, TREE_CODE, "bad code");
}

START_TEST(objects_of_lost_rows_are_never_dropped)
{
	char *first;

	lose_actions();
	first = tree_read(&tree, "/var/lib/daruma/quarantine/1/object");
	ck_assert_ptr_nonnull(first);
	ck_assert_int_eq(set_aside(), 1);
	ck_assert_int_eq(entry_of(TREE_CODE), 1);
	tree_expect(&tree, "/var/lib/daruma/quarantine/1/object", "bad code");
	tree_expect(&tree, "/var/lib/daruma/quarantine/orphan-1-1/object", first);
	ck_assert_int_eq(count_objects("/var/lib/daruma/quarantine"), 5);
	/* And again: the next free number. */
	ck_assert_int_eq(database_run(tree.database, "DELETE FROM action", ""), 0);
	tree_write(&tree, TREE_CODE, "worse code");
	ck_assert_int_eq(set_aside(), 1);
	tree_expect(&tree, "/var/lib/daruma/quarantine/1/object", "worse code");
	tree_expect(&tree, "/var/lib/daruma/quarantine/orphan-1-1/object", first);
	tree_expect(&tree, "/var/lib/daruma/quarantine/orphan-1-2/object", "bad code");
	free(first);
}
END_TEST

START_TEST(empty_folder_is_used_again)
{
	char folder[4096];

	whole_path("/var/lib/daruma/quarantine", folder);
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	whole_path("/var/lib/daruma/quarantine/1", folder);
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	ck_assert_int_eq(set_aside(), 5);
	whole_path("/var/lib/daruma/quarantine/orphan-1-1", folder);
	ck_assert_int_ne(access(folder, F_OK), 0);
	expect_tidy();
}
END_TEST

/* --- by hand ------------------------------------------------------------------------------- */

START_TEST(path_by_hand_takes_its_set_along)
{
	int64_t id = 0;

	ck_assert_int_eq(set_path_aside(TREE_MANIFEST, &id), 0);
	ck_assert_int_eq(id, entry_of(TREE_MANIFEST));
	ck_assert(set_is_good());
	ck_assert(module_is("bad module"));
	expect_tidy();
}
END_TEST

START_TEST(unchanged_path_by_hand_is_taken_away)
{
	int64_t id = 0;

	ck_assert_int_eq(set_path_aside(TREE_CODE, &id), 0);
	tree_expect(&tree, TREE_CODE, NULL);
	ck_assert(all_is_bad());
	ck_assert_int_eq(quarantine_restore(&tree.context, tree.database, id), 0);
	tree_expect(&tree, TREE_CODE, "good " TREE_CODE);
	expect_tidy();
}
END_TEST

START_TEST(r14_path_of_no_product_is_refused)
{
	static const char *const paths[] = {
		LETTER, "/etc/passwd", "/opt/other/file",
		"/",	"/opt/acme",   "/usr/lib/modules/6.1.0-1/other.ko"
	};
	int64_t id = 0;

	tree_write(&tree, "/usr/lib/modules/6.1.0-1/other.ko", "another module");
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		ck_assert_msg(set_path_aside(paths[i], &id) == -EPERM, "%s", paths[i]);
	ck_assert_int_eq(set_path_aside("/opt/acme/content/../../../etc/passwd", &id), -EINVAL);
	ck_assert_int_eq(set_path_aside("opt/acme/content/MANIFEST", &id), -EINVAL);
	ck_assert_int_eq(set_path_aside("/opt/acme/content/none", &id), -ENOENT);
	ck_assert_int_eq(set_path_aside("/opt/acme/content/new", &id), -EISDIR);
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM action"), 0);
	expect_others_untouched();
}
END_TEST

START_TEST(merged_usr_paths_by_hand)
{
	char link[4096];
	int64_t id = 0;

	whole_path("/lib", link);
	ck_assert_int_eq(symlink("usr/lib", link), 0);
	ck_assert_int_eq(set_path_aside("/lib/modules/6.1.0-1/updates/acme-sensor.ko.xz", &id), 0);
	ck_assert(module_is("good " TREE_MODULE));
	ck_assert_int_eq(id, entry_of(TREE_MODULE));
}
END_TEST

/* --- R24: links and mounts ----------------------------------------------------------------- */

START_TEST(r24_link_is_refused)
{
	char path[4096];
	int64_t id = 0;

	whole_path("/opt/acme/content/alias", path);
	ck_assert_int_eq(symlink("../../../home/user/letter", path), 0);
	ck_assert_int_eq(set_path_aside("/opt/acme/content/alias", &id), -ELOOP);
	expect_others_untouched();
}
END_TEST

START_TEST(r24_folder_that_became_a_link_is_refused)
{
	struct change_list changes = product_tree_changes(&tree);
	char from[4096], to[4096];
	unsigned long before;

	whole_path("/opt/acme/content", from);
	whole_path("/srv", to);
	ck_assert_int_eq(rename(from, to), 0);
	ck_assert_int_eq(symlink("../../srv", from), 0);
	before = tree_sum(&tree, "/srv");
	ck_assert_int_eq(quarantine_changes(&tree.context, tree.database, &tree.product, &changes,
					    "b", "a test"),
			 -ELOOP);
	ck_assert(before == tree_sum(&tree, "/srv"));
	ck_assert(module_is("bad module"));
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM action"), 0);
	change_list_free(&changes);
}
END_TEST

START_TEST(r24_mount_below_the_products_folder_is_refused)
{
	char source[4096], target[4096];
	int64_t id = 0;

	if (!tree_private_mounts())
		return; /* needs root */
	tree_write(&tree, "/opt/acme/content/new/letter", "covered");
	whole_path("/home/user", source);
	whole_path("/opt/acme/content/new", target);
	ck_assert_int_eq(mount(source, target, NULL, MS_BIND, NULL), 0);
	ck_assert_int_eq(set_path_aside("/opt/acme/content/new/letter", &id), -EXDEV);
	expect_others_untouched();
	ck_assert_int_eq(umount(target), 0);
}
END_TEST

START_TEST(product_on_a_file_system_of_its_own)
{
	char target[4096];

	if (!tree_private_mounts())
		return; /* needs root */
	whole_path("/opt/acme/content", target);
	ck_assert_int_eq(mount("content", target, "tmpfs", 0, "size=1m"), 0);
	tree_write(&tree, TREE_CHANNEL, "bad channel");
	tree_write(&tree, EXTRA, "bad extra");
	tree_write(&tree, TREE_MANIFEST, "bad manifest");
	ck_assert(all_is_bad());
	ck_assert_int_eq(set_aside(), 5);
	ck_assert(all_is_good());
	expect_tidy();
	ck_assert_int_eq(put_back(TREE_CHANNEL), 0);
	ck_assert(set_is_bad());
	expect_tidy();
	ck_assert_int_eq(umount(target), 0);
}
END_TEST

#define RACE_SECONDS 3

static atomic_bool stop;

static void *swap_for_ever(void *unused)
{
	char folder[4096], link[4096];

	(void)unused;
	whole_path("/opt/acme/content", folder);
	whole_path("/opt/acme/evil", link);
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

	tree_write(&tree, "/srv/victim/channel-291.bin", "outside");
	tree_write(&tree, "/srv/victim/MANIFEST", "outside");
	tree_write(&tree, "/srv/victim/table.bin", "outside");
	before = tree_sum(&tree, "/srv");
	whole_path("/opt/acme/evil", link);
	ck_assert_int_eq(symlink("../../srv/victim", link), 0);
	stop = false;
	ck_assert_int_eq(pthread_create(&thread, NULL, swap_for_ever, NULL), 0);
	while (time(NULL) < end) {
		int64_t id = 0;
		int error = set_path_aside(TREE_CHANNEL, &id);

		if (!error)
			error = quarantine_restore(&tree.context, tree.database, id);
		done += error == 0;
		refused += error == -ELOOP;
		ck_assert_int_eq(tree_count(&tree, "/srv", ".daruma-"), 0);
	}
	stop = true;
	pthread_join(thread, NULL);
	ck_assert(before == tree_sum(&tree, "/srv"));
	/* What the race interrupted is mended when it is over. */
	if (S_ISLNK(stat_of("/opt/acme/content").st_mode)) {
		whole_path("/opt/acme/content", folder);
		ck_assert_int_eq(renameat2(AT_FDCWD, folder, AT_FDCWD, link, RENAME_EXCHANGE), 0);
	}
	ck_assert_int_ge(resume(), 0);
	expect_tidy();
	ck_assert(before == tree_sum(&tree, "/srv"));
	/* Or there was no race. */
	ck_assert_int_gt(done + refused, 10);
	ck_assert_int_gt(refused, 0);
}
END_TEST

/* --- putting back -------------------------------------------------------------------------- */

/* Attributes of a file, and its bytes. */
static void expect_same(const char *path, const char *text, const char *attributes)
{
	char *now = attributes_of(path);

	tree_expect(&tree, path, text);
	ck_assert_str_eq(now, attributes);
	free(now);
}

START_TEST(r23_round_trip_is_identical)
{
	char *channel = attributes_of(TREE_CHANNEL), *extra = attributes_of(EXTRA);
	int count = 0;

	ck_assert_int_eq(set_aside(), 5);
	ck_assert_int_eq(put_all_back(&count), 0);
	ck_assert(all_is_bad());
	expect_same(TREE_CHANNEL, "bad channel", channel);
	expect_same(EXTRA, "bad extra", extra);
	expect_tidy();
	ck_assert_int_eq(quarantine_open_count(tree.database), 0);
	free(channel);
	free(extra);
}
END_TEST

START_TEST(set_is_put_back_as_a_whole)
{
	ck_assert_int_eq(set_aside(), 5);
	ck_assert_int_eq(put_back(TREE_MANIFEST), 0);
	ck_assert(set_is_bad());
	ck_assert(module_is("good " TREE_MODULE));
	expect_tidy();
	ck_assert_int_eq(quarantine_open_count(tree.database), 1);
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM event WHERE"
					   " event='object.restored'"),
			 4);
}
END_TEST

/* R27: repeatable without harm, for one and for all. */
START_TEST(r27_putting_back_twice_does_nothing)
{
	int count = 0;

	ck_assert_int_eq(set_aside(), 5);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(put_back(TREE_CHANNEL), 0);
		ck_assert(set_is_bad());
		ck_assert(module_is("good " TREE_MODULE));
	}
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(put_all_back(&count), 0);
		ck_assert_int_eq(count, i == 0 ? 1 : 0);
		ck_assert(all_is_bad());
		expect_tidy();
	}
	ck_assert_int_eq(quarantine_restore(&tree.context, tree.database, 4711), -ENXIO);
}
END_TEST

START_TEST(what_was_in_place_is_an_entry_of_its_own)
{
	int64_t id;

	ck_assert_int_eq(set_aside(), 5);
	tree_write(&tree, TREE_MODULE, "a third module");
	ck_assert_int_eq(put_back(TREE_MODULE), 0);
	ck_assert(module_is("bad module"));
	id = tree_query(&tree, "SELECT id FROM action WHERE restores IS NOT NULL");
	ck_assert_int_gt(id, 0);
	ck_assert_int_eq(quarantine_restore(&tree.context, tree.database, id), 0);
	ck_assert(module_is("a third module"));
	expect_tidy();
}
END_TEST

/* The bytes may be back already, the rest is not. */
START_TEST(r23_attributes_come_back_where_the_bytes_are)
{
	char *channel = attributes_of(TREE_CHANNEL);

	ck_assert_int_eq(set_aside(), 5);
	tree_write(&tree, TREE_CHANNEL, "bad channel");
	ck_assert_int_eq(put_back(TREE_CHANNEL), 0);
	ck_assert(set_is_bad());
	expect_same(TREE_CHANNEL, "bad channel", channel);
	expect_tidy();
	free(channel);
}
END_TEST

START_TEST(file_that_was_put_back_and_is_gone_again)
{
	ck_assert_int_eq(set_aside(), 5);
	remove_file(TREE_TABLE);
	ck_assert_int_eq(put_back(TREE_TABLE), 0);
	ck_assert(set_is_bad());
	expect_tidy();
	ck_assert_int_eq(quarantine_open_count(tree.database), 1);
}
END_TEST

START_TEST(damaged_object_is_not_put_back)
{
	char path[100];

	ck_assert_int_eq(set_aside(), 5);
	snprintf(path, sizeof(path), "/var/lib/daruma/quarantine/%lld/object",
		 (long long)entry_of(TREE_MODULE));
	tree_write(&tree, path, "something else");
	ck_assert_int_eq(put_back(TREE_MODULE), -EBADMSG);
	ck_assert(all_is_good());
	expect_tidy();
}
END_TEST

/* --- R28: each call fails ------------------------------------------------------------------ */

typedef int job(const struct file_port *port);
typedef bool test_state(void);

struct trial {
	job *run;
	bool prepare_new; /* start from what set_aside() made */
	test_state *before, *after;
	bool no_exchange;
};

static int restore_set(const struct file_port *port)
{
	return quarantine_restore_through(port, &tree.context, tree.database,
					  entry_of(TREE_CHANNEL));
}

static const struct trial trials[] = {
	{ set_aside_through, false, all_is_bad, all_is_good, false },
	{ set_aside_through, false, all_is_bad, all_is_good, true },
	{ restore_set, true, set_is_good, set_is_bad, false },
	{ restore_set, true, set_is_good, set_is_bad, true },
};

static void begin(const struct trial *trial)
{
	set_up();
	if (trial->prepare_new)
		ck_assert_int_eq(set_aside(), 5);
	ck_assert(trial->before());
}

static void make_port(struct failing_port *port, const struct trial *trial, enum failing_mode mode,
		      int at, int *calls)
{
	failing_port_make(port, mode, at, calls);
	port->no_exchange = trial->no_exchange;
	port->half_copies = true;
}

/* Returns false when there were fewer calls than `at`. */
static bool fail_at(const struct trial *trial, enum failing_mode mode, int error, int at)
{
	struct failing_port port;
	int calls, result;
	bool more;

	begin(trial);
	make_port(&port, trial, mode, at, &calls);
	port.error = error;
	result = trial->run(&port.port);
	more = calls >= at;
	/* One failed call leaves the way back open; if all fail, the way back waits for its turn. */
	if (mode == FAIL_ONCE)
		ck_assert_msg(result < 0 ? trial->before() : trial->after(),
			      "call %d: %d and neither state", at, result);
	if (result >= 0)
		ck_assert(trial->after());
	ck_assert_int_ge(resume(), 0);
	ck_assert_msg(trial->before() || trial->after(), "call %d: neither state", at);
	expect_tidy();
	/* And it can be done again. */
	if (trial->before() && (!trial->prepare_new || entry_of(TREE_CHANNEL) > 0))
		ck_assert_int_ge(trial->run(file_port_of_system()), 0);
	ck_assert(trial->after());
	tear_down();
	return more;
}

START_TEST(r28_each_call_fails_once)
{
	int at = 1;

	while (fail_at(&trials[_i], FAIL_ONCE, at % 2 ? -EIO : -ENOSPC, at))
		at++;
	ck_assert_int_gt(at, 40);
}
END_TEST

START_TEST(r28_all_calls_fail_from_one_on)
{
	int at = 1;

	while (fail_at(&trials[_i], FAIL_EVER, at % 2 ? -ENOSPC : -EROFS, at))
		at++;
	ck_assert_int_gt(at, 40);
}
END_TEST

/* R28: a disk that is really full. */
START_TEST(r28_full_disk)
{
	char target[4096], path[64], *large = malloc(60001);

	ck_assert_ptr_nonnull(large);
	memset(large, 'x', 60000);
	large[60000] = 0;
	if (!tree_private_mounts())
		return; /* needs root */
	whole_path("/opt/acme/content", target);
	ck_assert_int_eq(mount("content", target, "tmpfs", 0, "size=64k"), 0);
	tree_write(&tree, TREE_CHANNEL, "bad channel");
	tree_write(&tree, EXTRA, "bad extra");
	tree_write(&tree, TREE_MANIFEST, "bad manifest");
	for (int i = 0; i < 20; i++) {
		char whole[4096];
		int fd;

		snprintf(path, sizeof(path), "/opt/acme/content/fill-%d", i);
		whole_path(path, whole);
		fd = open(whole, O_WRONLY | O_CREAT, 0644);
		if (fd >= 0) {
			(void)!write(fd, large, 60000);
			close(fd);
		}
	}
	ck_assert_int_eq(set_aside(), -ENOSPC);
	ck_assert(all_is_bad());
	expect_tidy();
	ck_assert_int_eq(umount(target), 0);
	free(large);
}
END_TEST

/* --- R57: the power goes ------------------------------------------------------------------- */

static int resume_through(const struct file_port *port)
{
	return quarantine_resume_through(port, &tree.context, tree.database);
}

/* Runs `run` in a process of its own that ends at call `at`. Returns false when there were fewer calls. */
static bool cut(const struct trial *trial, job *run, enum failing_mode mode, int at)
{
	struct failing_port port;
	int calls, status;
	pid_t child;

	database_close(tree.database);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		product_tree_open(&tree);
		make_port(&port, trial, mode, at, &calls);
		_exit(run(&port.port) < 0 ? 1 : 0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	product_tree_open(&tree);
	ck_assert_int_ne(WEXITSTATUS(status), 1);
	return WEXITSTATUS(status) == FAILING_PORT_CUT;
}

/* The product never sees half a file, nor, where names can be exchanged, none. */
static void expect_whole_files(const struct trial *trial)
{
	ck_assert(tree_holds(&tree, TREE_CHANNEL, "bad channel") ||
		  tree_holds(&tree, TREE_CHANNEL, "good " TREE_CHANNEL) ||
		  (trial->no_exchange && tree_holds(&tree, TREE_CHANNEL, NULL)));
	ck_assert(tree_holds(&tree, TREE_TABLE, NULL) ||
		  tree_holds(&tree, TREE_TABLE, "good " TREE_TABLE));
	ck_assert(tree_holds(&tree, EXTRA, NULL) || tree_holds(&tree, EXTRA, "bad extra"));
}

static bool cut_at(const struct trial *trial, enum failing_mode mode, int at)
{
	bool more;

	begin(trial);
	more = cut(trial, trial->run, mode, at);
	expect_whole_files(trial);
	ck_assert_int_ge(resume(), 0);
	ck_assert_msg(trial->before() || trial->after(), "call %d: neither state", at);
	expect_tidy();
	ck_assert_int_eq(resume(), 0);
	if (trial->before())
		ck_assert_int_ge(trial->run(file_port_of_system()), 0);
	ck_assert(trial->after());
	expect_tidy();
	tear_down();
	return more;
}

START_TEST(r57_power_cut_before_each_call)
{
	int at = 1;

	while (cut_at(&trials[_i], CUT_BEFORE, at))
		at++;
	ck_assert_int_gt(at, 40);
}
END_TEST

START_TEST(r57_power_cut_behind_each_call)
{
	int at = 1;

	while (cut_at(&trials[_i], CUT_BEHIND, at))
		at++;
	ck_assert_int_gt(at, 40);
}
END_TEST

static void expect_lost_objects(int at)
{
	int known = (int)tree_query(
		&tree, "SELECT COUNT(*) FROM action WHERE step='done' AND sha256 IS NOT NULL");

	ck_assert_msg(count_objects("/var/lib/daruma/quarantine") == 4 + known, "call %d", at);
}

static bool cut_over_lost_rows(enum failing_mode mode, int at)
{
	bool more;

	set_up();
	lose_actions();
	more = cut(&trials[0], set_aside_through, mode, at);
	ck_assert_int_ge(resume(), 0);
	expect_lost_objects(at);
	ck_assert_int_ge(set_aside(), 0);
	expect_lost_objects(at);
	tree_expect(&tree, TREE_CODE, "good " TREE_CODE);
	tear_down();
	return more;
}

START_TEST(r57_power_cut_over_objects_of_lost_rows)
{
	int at = 1;

	while (cut_over_lost_rows(_i ? CUT_BEHIND : CUT_BEFORE, at))
		at++;
	ck_assert_int_gt(at, 12);
}
END_TEST

/* The power goes again while the first cut is mended. */
static int cut_twice(const struct trial *trial, int at)
{
	int second = 1;
	bool more = true;

	while (more) {
		begin(trial);
		if (!cut(trial, trial->run, CUT_BEHIND, at)) {
			tear_down();
			return 0;
		}
		more = cut(trial, resume_through, second % 2 ? CUT_BEFORE : CUT_BEHIND, second);
		expect_whole_files(trial);
		ck_assert_int_ge(resume(), 0);
		ck_assert_msg(trial->before() || trial->after(), "calls %d and %d", at, second);
		expect_tidy();
		tear_down();
		second++;
	}
	return second;
}

START_TEST(r57_power_cut_while_mending)
{
	int most = 0, at = 1, seconds;

	/* Every seventh call: all kinds of them come up. */
	while ((seconds = cut_twice(&trials[_i], at))) {
		most = seconds > most ? seconds : most;
		at += 7;
	}
	ck_assert_int_gt(at, 40);
	ck_assert_int_gt(most, 10);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("quarantine");
	TCase *aside = suite_case(whole, "setting aside", 60);
	TCase *back = suite_case(whole, "putting back", 60);
	TCase *faults = suite_case(whole, "faults", 300);

	tcase_add_checked_fixture(aside, set_up, tear_down);
	tcase_add_checked_fixture(back, set_up, tear_down);
	tcase_add_test(aside, set_goes_back_as_a_whole);
	tcase_add_test(aside, r23_last_good_copy_has_its_owner_mode_and_times);
	tcase_add_test(aside, r25_what_is_set_aside_is_sealed);
	tcase_add_test(aside, r23_object_is_moved);
	tcase_add_test(aside, r62_no_change_nothing_is_set_aside);
	tcase_add_test(aside, dry_run_changes_nothing);
	tcase_add_test(aside, missing_copy_leaves_the_place_empty_and_says_so);
	tcase_add_test(aside, file_that_changed_again_stays);
	tcase_add_test(aside, file_replaced_before_it_is_kept);
	tcase_add_test(aside, file_replaced_while_it_is_linked);
	tcase_add_test(aside, file_replaced_before_the_swap);
	tcase_add_test(aside, added_file_replaced_before_it_is_taken);
	tcase_add_test(aside, file_that_comes_into_an_empty_place_stays);
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
	tcase_add_test(aside, r24_link_is_refused);
	tcase_add_test(aside, r24_folder_that_became_a_link_is_refused);
	tcase_add_test(aside, r24_mount_below_the_products_folder_is_refused);
	tcase_add_test(aside, product_on_a_file_system_of_its_own);
	tcase_add_test(aside, r24_race_changes_nothing_outside);
	tcase_add_test(aside, r28_full_disk);
	tcase_add_test(back, r23_round_trip_is_identical);
	tcase_add_test(back, set_is_put_back_as_a_whole);
	tcase_add_test(back, r27_putting_back_twice_does_nothing);
	tcase_add_test(back, what_was_in_place_is_an_entry_of_its_own);
	tcase_add_test(back, r23_attributes_come_back_where_the_bytes_are);
	tcase_add_test(back, file_that_was_put_back_and_is_gone_again);
	tcase_add_test(back, damaged_object_is_not_put_back);
	tcase_add_loop_test(faults, r28_each_call_fails_once, 0, 4);
	tcase_add_loop_test(faults, r28_all_calls_fail_from_one_on, 0, 4);
	tcase_add_loop_test(faults, r57_power_cut_before_each_call, 0, 4);
	tcase_add_loop_test(faults, r57_power_cut_behind_each_call, 0, 4);
	tcase_add_loop_test(faults, r57_power_cut_while_mending, 0, 4);
	tcase_add_loop_test(faults, r57_power_cut_over_objects_of_lost_rows, 0, 2);
	return whole;
}
