/* test_attributes.c: tests of recovery/quarantine/attributes.c
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/attributes.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

static const char *folder;

static void set_up(void)
{
	folder = scratch_make();
}

static void tear_down(void)
{
	scratch_remove();
}

static int open_new(const char *name)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
	ck_assert_int_ge(fd, 0);
	return fd;
}

/* An access control list as the kernel takes it: owner rw-, user 1234 r-x, group r--, mask r-x, others ---. */
static const unsigned char acl[] = {
	2,  0, 0, 0,			     /* version */
	1,  0, 6, 0, 0xff, 0xff, 0xff, 0xff, /* owner */
	2,  0, 5, 0, 0xd2, 0x04, 0,    0,    /* user 1234 */
	4,  0, 4, 0, 0xff, 0xff, 0xff, 0xff, /* group */
	16, 0, 5, 0, 0xff, 0xff, 0xff, 0xff, /* mask */
	32, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, /* others */
};

/* cap_net_raw=ep, version 2. */
static const unsigned char capability[] = { 1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0,
					    0, 0, 0, 0, 0, 0,	 0, 0, 0, 0 };

static void dress(int fd)
{
	const struct timespec times[2] = { { 1234567890, 123456789 }, { 1700000000, 987654321 } };

	ck_assert_int_eq(fchown(fd, 1234, 4321), 0);
	ck_assert_int_eq(fsetxattr(fd, "user.empty", "", 0, 0), 0);
	ck_assert_int_eq(fsetxattr(fd, "user.bytes", "\0\1\xff\"\\", 5, 0), 0);
	ck_assert_int_eq(fsetxattr(fd, "trusted.daruma", "t", 1, 0), 0);
	ck_assert_int_eq(fsetxattr(fd, "security.capability", capability, sizeof(capability), 0),
			 0);
	ck_assert_int_eq(fsetxattr(fd, "system.posix_acl_access", acl, sizeof(acl), 0), 0);
	ck_assert_int_eq(futimens(fd, times), 0);
}

static void expect_value(int fd, const char *name, const void *value, size_t size)
{
	char found[256];

	ck_assert_msg(fgetxattr(fd, name, found, sizeof(found)) == (ssize_t)size, "%s", name);
	ck_assert_int_eq(memcmp(found, value, size), 0);
}

static void expect_dressed(int fd)
{
	struct stat stat;

	ck_assert_int_eq(fstat(fd, &stat), 0);
	ck_assert_uint_eq(stat.st_uid, 1234);
	ck_assert_uint_eq(stat.st_gid, 4321);
	ck_assert_uint_eq(stat.st_mode & 07777, 0650);
	ck_assert_int_eq(stat.st_atim.tv_sec, 1234567890);
	ck_assert_int_eq(stat.st_atim.tv_nsec, 123456789);
	ck_assert_int_eq(stat.st_mtim.tv_sec, 1700000000);
	ck_assert_int_eq(stat.st_mtim.tv_nsec, 987654321);
	expect_value(fd, "user.empty", "", 0);
	expect_value(fd, "user.bytes", "\0\1\xff\"\\", 5);
	expect_value(fd, "trusted.daruma", "t", 1);
	expect_value(fd, "security.capability", capability, sizeof(capability));
	expect_value(fd, "system.posix_acl_access", acl, sizeof(acl));
}

START_TEST(r23_everything_comes_back_on_another_file)
{
	int from = open_new("from"), to = open_new("to");
	char *text = NULL, *again = NULL;

	if (geteuid() != 0)
		return; /* owners and labels need root */
	dress(from);
	expect_dressed(from);
	ck_assert_int_eq(attributes_read(from, &text), 0);
	ck_assert_int_eq(fsetxattr(to, "user.others", "x", 1, 0), 0);
	ck_assert_int_eq(attributes_apply(to, text), 0);
	expect_dressed(to);
	ck_assert_int_lt(fgetxattr(to, "user.others", NULL, 0), 0);
	ck_assert_int_eq(attributes_read(to, &again), 0);
	ck_assert_str_eq(text, again);
	free(text);
	free(again);
	close(from);
	close(to);
}
END_TEST

START_TEST(r23_sealed_file_gets_them_back)
{
	int fd = open_new("file");
	char *text = NULL;

	if (geteuid() != 0)
		return;
	dress(fd);
	ck_assert_int_eq(attributes_read(fd, &text), 0);
	ck_assert_int_eq(fchmod(fd, 0), 0); /* changes the access control list too */
	ck_assert_int_eq(attributes_apply(fd, text), 0);
	expect_dressed(fd);
	free(text);
	close(fd);
}
END_TEST

START_TEST(default_acl_of_the_folder_does_not_stay)
{
	char path[PATH_MAX];
	char *text = NULL;
	int plain = open_new("plain"), fd;

	ck_assert_int_eq(fchmod(plain, 0640), 0);
	ck_assert_int_eq(attributes_read(plain, &text), 0);
	snprintf(path, sizeof(path), "%s", folder);
	ck_assert_int_eq(setxattr(path, "system.posix_acl_default", acl, sizeof(acl), 0), 0);
	fd = open_new("heir");
	ck_assert_int_gt(fgetxattr(fd, "system.posix_acl_access", NULL, 0), 0);
	ck_assert_int_eq(attributes_apply(fd, text), 0);
	ck_assert_int_lt(fgetxattr(fd, "system.posix_acl_access", NULL, 0), 0);
	free(text);
	close(plain);
	close(fd);
}
END_TEST

START_TEST(set_id_bits_survive_the_change_of_owner)
{
	int from = open_new("from"), to = open_new("to");
	struct stat stat;
	char *text = NULL;

	if (geteuid() != 0)
		return;
	ck_assert_int_eq(fchown(from, 7, 8), 0);
	ck_assert_int_eq(fchmod(from, 06755), 0);
	ck_assert_int_eq(attributes_read(from, &text), 0);
	ck_assert_int_eq(attributes_apply(to, text), 0);
	ck_assert_int_eq(fstat(to, &stat), 0);
	ck_assert_uint_eq(stat.st_mode & 07777, 06755);
	free(text);
	close(from);
	close(to);
}
END_TEST

START_TEST(times_before_1970)
{
	const struct timespec times[2] = { { -5, 250000000 }, { -1, 999999999 } };
	int from = open_new("from"), to = open_new("to");
	struct stat stat;
	char *text = NULL;

	ck_assert_int_eq(futimens(from, times), 0);
	ck_assert_int_eq(attributes_read(from, &text), 0);
	ck_assert_int_eq(attributes_apply(to, text), 0);
	ck_assert_int_eq(fstat(to, &stat), 0);
	ck_assert_int_eq(stat.st_atim.tv_sec, -5);
	ck_assert_int_eq(stat.st_atim.tv_nsec, 250000000);
	ck_assert_int_eq(stat.st_mtim.tv_sec, -1);
	ck_assert_int_eq(stat.st_mtim.tv_nsec, 999999999);
	free(text);
	close(from);
	close(to);
}
END_TEST

START_TEST(damaged_text_changes_nothing)
{
	static const char *const texts[] = {
		"",
		"{}",
		"[]",
		"{\"uid\":0",
		"{\"uid\":0,\"gid\":0,\"mode\":420,\"atime_ns\":1}",
		"{\"uid\":-1,\"gid\":0,\"mode\":420,\"atime_ns\":1,\"mtime_ns\":1}",
		"{\"uid\":4294967295,\"gid\":0,\"mode\":420,\"atime_ns\":1,\"mtime_ns\":1}",
		"{\"uid\":0,\"gid\":\"x\",\"mode\":420,\"atime_ns\":1,\"mtime_ns\":1}",
		"{\"uid\":0,\"gid\":0,\"mode\":65535,\"atime_ns\":1,\"mtime_ns\":1}",
		"{\"uid\":0,\"gid\":0,\"mode\":420,\"atime_ns\":1.5,\"mtime_ns\":1}",
		"{\"uid\":0,\"gid\":0,\"mode\":420,\"atime_ns\":1,\"mtime_ns\":1,\"xattrs\":{"
		"\"zz\":\"\"}}",
		"{\"uid\":0,\"gid\":0,\"mode\":420,\"atime_ns\":1,\"mtime_ns\":1,\"xattrs\":{"
		"\"757365722e61\":\"0\"}}",
		"{\"uid\":0,\"gid\":0,\"mode\":420,\"atime_ns\":1,\"mtime_ns\":1,\"xattrs\":{"
		"\"757365722e61\":5}}",
		"{\"uid\":0,\"gid\":0,\"mode\":420,\"atime_ns\":1,\"mtime_ns\":1,\"xattrs\":[]}",
	};
	int fd = open_new("file");
	char *before = NULL, *after = NULL;

	ck_assert_int_eq(fsetxattr(fd, "user.kept", "x", 1, 0), 0);
	ck_assert_int_eq(attributes_read(fd, &before), 0);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		ck_assert_msg(attributes_apply(fd, texts[i]) == -EBADMSG, "%s", texts[i]);
		ck_assert_int_eq(attributes_read(fd, &after), 0);
		ck_assert_msg(strcmp(before, after) == 0, "%s", texts[i]);
		free(after);
	}
	free(before);
	close(fd);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("attributes");
	TCase *tests = suite_case(whole, "attributes", 30);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, r23_everything_comes_back_on_another_file);
	tcase_add_test(tests, r23_sealed_file_gets_them_back);
	tcase_add_test(tests, default_acl_of_the_folder_does_not_stay);
	tcase_add_test(tests, set_id_bits_survive_the_change_of_owner);
	tcase_add_test(tests, times_before_1970);
	tcase_add_test(tests, damaged_text_changes_nothing);
	return whole;
}
