/* test_safe_path.c: tests of recovery/safe_path.c
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/safe_path.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

static struct context context;
static int root = -1;

static void whole(const char *path, char ret[PATH_MAX])
{
	snprintf(ret, PATH_MAX, "%s%s", context.root, path);
}

static void add_link(const char *target, const char *path)
{
	char at[PATH_MAX];

	whole(path, at);
	ck_assert_int_eq(symlink(target, at), 0);
}

static void set_up(void)
{
	context = (struct context){ .root = scratch_make() };
	scratch_write("opt/acme/content/a.bin", "inside", 6);
	scratch_write("opt/acme/content/deep/b.bin", "inside", 6);
	scratch_write("victim/a.bin", "outside", 7);
	scratch_write("victim/deep/b.bin", "outside", 7);
	add_link("content", "/opt/acme/current");
	add_link("a.bin", "/opt/acme/content/alias.bin");
	add_link("../../../victim", "/opt/acme/content/out");
	root = open(context.root, O_PATH | O_DIRECTORY);
	ck_assert_int_ge(root, 0);
}

static void tear_down(void)
{
	close(root);
	scratch_remove();
}

START_TEST(plain_paths)
{
	static const struct {
		const char *path;
		bool plain;
	} cases[] = {
		{ "/", true },	    { "/a", true },	{ "/a/b.c", true }, { "/..a", true },
		{ "/a../b", true }, { "/...", true },	{ "", false },	    { "a", false },
		{ "a/b", false },   { "/a/", false },	{ "//", false },    { "//a", false },
		{ "/a//b", false }, { "/.", false },	{ "/a/.", false },  { "/./a", false },
		{ "/..", false },   { "/a/..", false }, { "/../a", false }, { "/a/../b", false },
		{ "/.a", true },    { "/a b", true },	{ "/a/b/", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ck_assert_msg(safe_path_is_plain(cases[i].path) == cases[i].plain, "'%s'",
			      cases[i].path);
}
END_TEST

START_TEST(overlong_paths_are_not_plain)
{
	char path[PATH_MAX + 10];

	memset(path, 'x', sizeof(path));
	path[0] = '/';
	path[NAME_MAX + 2] = 0;
	ck_assert(!safe_path_is_plain(path));
	path[NAME_MAX + 1] = 0;
	ck_assert(safe_path_is_plain(path));
	for (size_t i = 0; i < sizeof(path); i++)
		path[i] = i % 100 ? 'x' : '/';
	path[PATH_MAX] = 0;
	ck_assert(!safe_path_is_plain(path));
	path[PATH_MAX - 1] = 0;
	ck_assert(safe_path_is_plain(path));
}
END_TEST

START_TEST(below)
{
	ck_assert_str_eq(safe_path_below("/opt/acme", "/opt/acme/x/y"), "x/y");
	ck_assert_str_eq(safe_path_below("/opt/acme", "/opt/acme"), "");
	ck_assert_str_eq(safe_path_below("/", "/opt"), "opt");
	ck_assert_ptr_null(safe_path_below("/opt/acme", "/opt/acme2/x"));
	ck_assert_ptr_null(safe_path_below("/opt/acme", "/opt"));
	ck_assert_ptr_null(safe_path_below("/opt/acme", "/home/x"));
}
END_TEST

static void expect_canonical(const char *path, const char *expected)
{
	char found[PATH_MAX];

	ck_assert_int_eq(safe_path_canonical(&context, path, found), 0);
	ck_assert_str_eq(found, expected);
}

START_TEST(canonical_form_of_merged_usr)
{
	char found[PATH_MAX];

	add_link("usr/lib", "/lib");
	add_link("/usr/bin", "/bin");
	add_link("/victim", "/sbin");
	scratch_write("lib64/x", "", 0);
	expect_canonical("/lib/modules/x", "/usr/lib/modules/x");
	expect_canonical("/bin/x", "/usr/bin/x");
	expect_canonical("/sbin/x", "/sbin/x");
	expect_canonical("/lib64/x", "/lib64/x");
	expect_canonical("/library/x", "/library/x");
	expect_canonical("/opt/acme/current/x", "/opt/acme/current/x");
	ck_assert_int_eq(safe_path_canonical(&context, "/lib/../etc", found), -EINVAL);
}
END_TEST

START_TEST(canonical_form_of_a_moved_folder)
{
	add_link("var/opt", "/opt2");
	add_link("/data/opt", "/opt3");
	add_link("/home/opt", "/opt4");
	add_link("/data/../opt", "/opt5");
	add_link("opt", "/opt6");
	add_link("/victim", "/opt/moved");
	expect_canonical("/opt2/acme/x", "/var/opt/acme/x");
	expect_canonical("/opt3/acme", "/data/opt/acme");
	expect_canonical("/opt4/acme", "/opt4/acme");
	expect_canonical("/opt5/acme", "/opt5/acme");
	expect_canonical("/opt6/acme", "/opt/acme");
	expect_canonical("/opt/moved/x", "/opt/moved/x");
	expect_canonical("/", "/");
}
END_TEST

START_TEST(what_is_behind_a_link)
{
	scratch_write("data/opt/acme/a.bin", "", 0);
	add_link("/data/opt", "/opt3");
	add_link("/home/opt", "/opt4");
	scratch_write("home/opt/acme/a.bin", "", 0);
	ck_assert(!safe_path_is_behind_link(&context, "/opt/acme/content/a.bin"));
	ck_assert(!safe_path_is_behind_link(&context, "/opt/acme/content"));
	ck_assert(!safe_path_is_behind_link(&context, "/opt/acme/none"));
	ck_assert(!safe_path_is_behind_link(&context, "/opt3/acme/a.bin"));
	ck_assert(safe_path_is_behind_link(&context, "/opt4/acme/a.bin"));
	ck_assert(safe_path_is_behind_link(&context, "/opt/acme/current"));
	ck_assert(safe_path_is_behind_link(&context, "/opt/acme/current/a.bin"));
}
END_TEST

/* The same question to both ways of opening. */
static void expect_open(const char *relative, int flags, int expected)
{
	int one = safe_path_open_at(root, relative, flags, false);
	int other = safe_path_walk(root, relative, flags, false);

	if (expected == 0) {
		struct stat a, b;

		ck_assert_msg(one >= 0 && other >= 0, "%s: %d, %d", relative, one, other);
		ck_assert_int_eq(fstat(one, &a), 0);
		ck_assert_int_eq(fstat(other, &b), 0);
		ck_assert(a.st_ino == b.st_ino);
		ck_assert(fcntl(one, F_GETFD) & FD_CLOEXEC);
		ck_assert(fcntl(other, F_GETFD) & FD_CLOEXEC);
		close(one);
		close(other);
		return;
	}
	ck_assert_msg(one == expected, "%s: %s, not %s", relative, strerror(-one),
		      strerror(-expected));
	ck_assert_msg(other == expected, "%s part by part: %s, not %s", relative, strerror(-other),
		      strerror(-expected));
}

START_TEST(r24_links_and_ways_out_are_refused)
{
	expect_open("", O_RDONLY | O_DIRECTORY, 0);
	expect_open("opt/acme/content", O_RDONLY | O_DIRECTORY, 0);
	expect_open("opt/acme/content/a.bin", O_RDONLY, 0);
	expect_open("opt/acme/content/deep/b.bin", O_RDONLY, 0);
	expect_open("opt/acme/current", O_RDONLY | O_DIRECTORY, -ELOOP);
	expect_open("opt/acme/current/a.bin", O_RDONLY, -ELOOP);
	expect_open("opt/acme/content/alias.bin", O_RDONLY, -ELOOP);
	expect_open("opt/acme/content/out/a.bin", O_RDONLY, -ELOOP);
	expect_open("opt/acme/content/out/deep/b.bin", O_RDONLY, -ELOOP);
	expect_open("..", O_RDONLY | O_DIRECTORY, -EXDEV);
	expect_open("../x", O_RDONLY, -EXDEV);
	expect_open("opt/acme/none", O_RDONLY, -ENOENT);
	expect_open("opt/acme/content/a.bin/x", O_RDONLY, -ENOTDIR);
}
END_TEST

START_TEST(r24_the_last_part_may_be_no_link_even_to_look)
{
	expect_open("opt/acme/content/alias.bin", O_PATH, -ELOOP);
	expect_open("opt/acme/content/a.bin", O_PATH, 0);
}
END_TEST

START_TEST(r24_magic_links_are_refused)
{
	char path[64];
	int top = open("/", O_PATH | O_DIRECTORY);

	if (access("/proc/self/root", F_OK) != 0)
		return;
	snprintf(path, sizeof(path), "proc/%d/root/etc", (int)getpid());
	ck_assert_int_eq(safe_path_open_at(top, path, O_RDONLY, true), -ELOOP);
	ck_assert_int_eq(safe_path_walk(top, path, O_RDONLY, true), -ELOOP);
	close(top);
}
END_TEST

START_TEST(r24_mounts_are_not_crossed)
{
	char source[PATH_MAX], target[PATH_MAX];
	int fd;

	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return; /* needs root */
	close(root);	/* it belongs to the mounts that all others see */
	root = open(context.root, O_PATH | O_DIRECTORY);
	/* A bind mount of the same file system has the same device number. */
	whole("/victim", source);
	whole("/opt/acme/content/deep", target);
	ck_assert_int_eq(mount(source, target, NULL, MS_BIND, NULL), 0);
	expect_open("opt/acme/content/deep", O_RDONLY | O_DIRECTORY, -EXDEV);
	expect_open("opt/acme/content/deep/a.bin", O_RDONLY, -EXDEV);
	expect_open("opt/acme/content/a.bin", O_RDONLY, 0);
	fd = safe_path_open_at(root, "opt/acme/content/deep/a.bin", O_RDONLY, true);
	ck_assert_int_ge(fd, 0);
	close(fd);
	fd = safe_path_walk(root, "opt/acme/content/deep/a.bin", O_RDONLY, true);
	ck_assert_int_ge(fd, 0);
	close(fd);
	ck_assert_int_eq(umount(target), 0);
	/* A file can be a mount point too. */
	whole("/victim/a.bin", source);
	whole("/opt/acme/content/a.bin", target);
	ck_assert_int_eq(mount(source, target, NULL, MS_BIND, NULL), 0);
	expect_open("opt/acme/content/a.bin", O_RDONLY, -EXDEV);
	ck_assert_int_eq(umount(target), 0);
}
END_TEST

START_TEST(parent_is_opened_inside_the_products_folder_only)
{
	const char *name = NULL;
	int fd =
		safe_path_open_parent(&context, "/opt/acme", "/opt/acme/content/deep/b.bin", &name);

	ck_assert_int_ge(fd, 0);
	ck_assert_str_eq(name, "b.bin");
	ck_assert_int_eq(faccessat(fd, name, F_OK, 0), 0);
	close(fd);
	fd = safe_path_open_parent(&context, "/opt/acme/content", "/opt/acme/content/a.bin", &name);
	ck_assert_int_ge(fd, 0);
	close(fd);
	ck_assert_int_eq(safe_path_open_parent(&context, "/opt/acme", "/victim/a.bin", &name),
			 -EXDEV);
	ck_assert_int_eq(safe_path_open_parent(&context, "/opt/acme", "/opt/acme", &name), -EXDEV);
	ck_assert_int_eq(
		safe_path_open_parent(&context, "/opt/acme", "/opt/acme/../../victim/a.bin", &name),
		-EINVAL);
	ck_assert_int_eq(
		safe_path_open_parent(&context, "/opt/acme", "/opt/acme/current/a.bin", &name),
		-ELOOP);
	ck_assert_int_eq(safe_path_open_parent(&context, "/opt/acme/current",
					       "/opt/acme/current/a.bin", &name),
			 -ELOOP);
}
END_TEST

/* --- R24: a folder and a link change places all the time ----------------------------------- */

#define RACE_SECONDS 2

static atomic_bool stop;

static void *swap_for_ever(void *unused)
{
	char folder[PATH_MAX], link[PATH_MAX];

	(void)unused;
	whole("/opt/acme/content", folder);
	whole("/opt/acme/evil", link);
	while (!stop)
		renameat2(AT_FDCWD, folder, AT_FDCWD, link, RENAME_EXCHANGE);
	return NULL;
}

typedef int open_way(int folder, const char *relative, int flags, bool cross);

static void race(open_way *open_by)
{
	time_t end = time(NULL) + RACE_SECONDS;
	unsigned long opened = 0, refused = 0;
	pthread_t thread;

	add_link("../../victim", "/opt/acme/evil");
	stop = false;
	ck_assert_int_eq(pthread_create(&thread, NULL, swap_for_ever, NULL), 0);
	while (time(NULL) < end) {
		char text[8] = "";
		int fd = open_by(root, "opt/acme/content/deep/b.bin", O_RDONLY, false);

		if (fd < 0) {
			refused++;
			continue;
		}
		ck_assert_int_eq(read(fd, text, 7), 6);
		ck_assert_str_eq(text, "inside");
		close(fd);
		opened++;
	}
	stop = true;
	pthread_join(thread, NULL);
	/* Both must have happened, or there was no race. */
	ck_assert_uint_gt(opened, 0);
	ck_assert_uint_gt(refused, 0);
}

START_TEST(r24_race_in_one_call)
{
	race(safe_path_open_at);
}
END_TEST

START_TEST(r24_race_part_by_part)
{
	race(safe_path_walk);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("safe_path");
	TCase *tests = suite_case(all, "safe_path", 30);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, plain_paths);
	tcase_add_test(tests, overlong_paths_are_not_plain);
	tcase_add_test(tests, below);
	tcase_add_test(tests, canonical_form_of_merged_usr);
	tcase_add_test(tests, canonical_form_of_a_moved_folder);
	tcase_add_test(tests, what_is_behind_a_link);
	tcase_add_test(tests, r24_links_and_ways_out_are_refused);
	tcase_add_test(tests, r24_the_last_part_may_be_no_link_even_to_look);
	tcase_add_test(tests, r24_magic_links_are_refused);
	tcase_add_test(tests, r24_mounts_are_not_crossed);
	tcase_add_test(tests, parent_is_opened_inside_the_products_folder_only);
	tcase_add_test(tests, r24_race_in_one_call);
	tcase_add_test(tests, r24_race_part_by_part);
	return all;
}
