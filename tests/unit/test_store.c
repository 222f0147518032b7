/* test_store.c: tests of recovery/inventory/store.c
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/digest.h"
#include "recovery/inventory/store.h"
#include "tests/unit/failing_port.h"
#include "tests/unit/product_tree.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

static struct product_tree tree;
static struct store store;

static void set_up(void)
{
	product_tree_make_in_memory(&tree);
	ck_assert_int_eq(store_open(&tree.context, file_port_of_system(), true, &store), 0);
}

static void tear_down(void)
{
	store_close(&store);
	product_tree_remove(&tree);
}

static int open_text(const char *text, char sha256[DIGEST_TEXT_SIZE])
{
	char path[4096];

	tree_write(&tree, "/source", text);
	tree_path(&tree, "/source", path);
	ck_assert_int_eq(digest_bytes(text, strlen(text), sha256), 0);
	return open(path, O_RDONLY);
}

static int put(const struct store *into, const char *text, char sha256[DIGEST_TEXT_SIZE])
{
	int fd = open_text(text, sha256);
	int error = store_put(into, fd, sha256);

	close(fd);
	return error;
}

/* Where a copy lies, below the root. */
static void place(const char *sha256, char ret[200])
{
	snprintf(ret, 200, "/var/lib/daruma/store/%.2s/%s", sha256, sha256 + 2);
}

START_TEST(copy_comes_back)
{
	char sha256[DIGEST_TEXT_SIZE], text[16] = "", path[200], whole[4096];
	struct stat stat_of;
	int fd;

	ck_assert_int_eq(put(&store, "content", sha256), 0);
	ck_assert_int_eq(store_sync(&store), 0);
	fd = store_get(&store, sha256);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(read(fd, text, 15), 7);
	ck_assert_str_eq(text, "content");
	close(fd);
	place(sha256, path);
	tree_path(&tree, path, whole);
	ck_assert_int_eq(stat(whole, &stat_of), 0);
	ck_assert_int_eq(stat_of.st_mode & 07777, 0600);
	*strrchr(whole, '/') = 0;
	ck_assert_int_eq(stat(whole, &stat_of), 0);
	ck_assert_int_eq(stat_of.st_mode & 07777, 0700);
}
END_TEST

START_TEST(absent_copy_is_no_data)
{
	char sha256[DIGEST_TEXT_SIZE];

	ck_assert_int_eq(digest_bytes("x", 1, sha256), 0);
	ck_assert_int_eq(store_get(&store, sha256), -ENODATA);
}
END_TEST

START_TEST(name_that_is_no_digest_is_refused)
{
	ck_assert_int_eq(store_get(&store, "../../../../etc/passwd"), -EINVAL);
	ck_assert_int_eq(store_get(&store, ""), -EINVAL);
}
END_TEST

START_TEST(damaged_copy_is_not_given_out_and_is_mended)
{
	char sha256[DIGEST_TEXT_SIZE], path[200];
	int fd;

	ck_assert_int_eq(put(&store, "content", sha256), 0);
	place(sha256, path);
	tree_write(&tree, path, "cOntent");
	ck_assert_int_eq(store_get(&store, sha256), -EBADMSG);
	ck_assert_int_eq(put(&store, "content", sha256), 0);
	fd = store_get(&store, sha256);
	ck_assert_int_ge(fd, 0);
	close(fd);
}
END_TEST

START_TEST(file_that_changed_meanwhile_is_not_kept)
{
	char sha256[DIGEST_TEXT_SIZE], other[DIGEST_TEXT_SIZE];
	int fd = open_text("before", sha256);

	tree_write(&tree, "/source", "behind");
	ck_assert_int_eq(store_put(&store, fd, sha256), -EAGAIN);
	close(fd);
	ck_assert_int_eq(store_get(&store, sha256), -ENODATA);
	ck_assert_int_eq(digest_bytes("behind", 6, other), 0);
	ck_assert_int_eq(store_get(&store, other), -ENODATA);
	ck_assert_int_eq(tree_count(&tree, "/var/lib/daruma/store", "new-"), 0);
}
END_TEST

static bool is_text(const char *sha256, void *user)
{
	return strcmp(sha256, user) == 0;
}

START_TEST(what_nobody_needs_is_collected)
{
	char needed[DIGEST_TEXT_SIZE], other[DIGEST_TEXT_SIZE];
	int fd;

	ck_assert_int_eq(put(&store, "needed", needed), 0);
	ck_assert_int_eq(put(&store, "other", other), 0);
	tree_write(&tree, "/var/lib/daruma/store/ab/new-77-0123", "half");
	ck_assert_int_eq(store_collect(&store, is_text, needed), 2);
	ck_assert_int_eq(store_get(&store, other), -ENODATA);
	fd = store_get(&store, needed);
	ck_assert_int_ge(fd, 0);
	close(fd);
	ck_assert_int_eq(tree_count(&tree, "/var/lib/daruma/store", "new-"), 0);
}
END_TEST

/* R28: whatever call fails, there is a whole copy or none. */
START_TEST(failing_calls_leave_a_whole_copy_or_none)
{
	int calls = 0, number = 1;

	for (int error = -EIO; error; number++) {
		char sha256[DIGEST_TEXT_SIZE];
		struct failing_port port;
		struct store failing = store;
		char text[32];

		failing_port_make(&port, FAIL_EVER, number, &calls);
		port.half_copies = true;
		failing.port = &port.port;
		snprintf(text, sizeof(text), "text %d", number);
		error = put(&failing, text, sha256);
		ck_assert(error == 0 || store_get(&store, sha256) == -ENODATA);
		ck_assert_int_eq(put(&store, text, sha256), 0);
	}
	ck_assert_int_ge(number, 4);
}
END_TEST

START_TEST(store_in_place_of_a_link_is_refused)
{
	struct product_tree other = tree;
	struct store linked = { .folder = -1 };
	char from[4096], to[4096];

	store_close(&store);
	tree_path(&other, "/var/lib/daruma/store", from);
	tree_path(&other, "/var/lib/daruma/elsewhere", to);
	ck_assert_int_eq(rename(from, to), 0);
	ck_assert_int_eq(symlink(to, from), 0);
	ck_assert_int_lt(store_open(&other.context, file_port_of_system(), true, &linked), 0);
	ck_assert_int_lt(store_open(&other.context, file_port_of_system(), false, &linked), 0);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("store");
	TCase *tests = suite_case(whole, "store", 30);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, copy_comes_back);
	tcase_add_test(tests, absent_copy_is_no_data);
	tcase_add_test(tests, name_that_is_no_digest_is_refused);
	tcase_add_test(tests, damaged_copy_is_not_given_out_and_is_mended);
	tcase_add_test(tests, file_that_changed_meanwhile_is_not_kept);
	tcase_add_test(tests, what_nobody_needs_is_collected);
	tcase_add_test(tests, failing_calls_leave_a_whole_copy_or_none);
	tcase_add_test(tests, store_in_place_of_a_link_is_refused);
	return whole;
}
