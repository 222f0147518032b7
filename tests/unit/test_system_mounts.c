/* test_system_mounts.c: a system that is not running, made whole and let go
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * On real mounts, in a namespace of the test's own: the root is a tmpfs, its disks are folders that fstab shows elsewhere.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "recovery/early/system_mounts.h"
#include "tests/unit/suite.h"

static struct system_mounts mounts;
static char root[] = "/tmp/daruma-test-XXXXXX";

static const char *at(const char *path)
{
	static char ret[512];

	snprintf(ret, sizeof(ret), "%s%s", root, path);
	return ret;
}

static void make_folders(void)
{
	static const char *const folders[] = { "/etc", "/proc", "/sys",	    "/dev", "/run",
					       "/var", "/srv",	"/srv/var", "/opt", "/outside" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		ck_assert_int_eq(mkdir(at(folders[i]), 0755), 0);
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(at(path), "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

static bool is_read_only(void)
{
	struct statvfs about;

	ck_assert_int_eq(statvfs(root, &about), 0);
	return about.f_flag & ST_RDONLY;
}

/* As the initramfs leaves it: read-only. False where the machine does not allow that. */
static bool make_system(const char *fstab)
{
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return false;
	strcpy(root, "/tmp/daruma-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	/* The name of a disk: what is not one is left alone. */
	ck_assert_int_eq(mount("/dev/test", root, "tmpfs", 0, NULL), 0);
	make_folders();
	if (fstab)
		write_file("/etc/fstab", fstab);
	ck_assert_int_eq(mount(NULL, root, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
	return true;
}

static void remove_system(void)
{
	umount2(root, MNT_DETACH);
	rmdir(root);
}

static void expect_end(void)
{
	ck_assert_int_eq(system_mounts_end(&mounts), 0);
	ck_assert(is_read_only());
	ck_assert_int_ne(access(at("/proc/self"), F_OK), 0);
	ck_assert_int_ne(access(at("/var/kept"), F_OK), 0);
	/* What runs here is as it was. */
	ck_assert_int_eq(access("/proc/self", F_OK), 0);
	ck_assert_int_eq(access("/dev/null", W_OK), 0);
}

START_TEST(is_whole_and_writable_and_then_as_it_was)
{
	if (!make_system("/srv/var /var none bind 0 0\nLABEL=none /opt vfat nofail\n"))
		return; /* needs root */
	ck_assert_int_eq(system_mounts_make(root, false, &mounts), 0);
	ck_assert(!is_read_only());
	write_file("/var/kept", "in the place of /var\n");
	ck_assert_int_eq(access(at("/proc/self"), F_OK), 0);
	ck_assert_int_eq(access(at("/dev/null"), F_OK), 0);
	expect_end();
	ck_assert_int_eq(access(at("/srv/var/kept"), F_OK), 0);
	remove_system();
}
END_TEST

/* Where the state lies may be just that. */
START_TEST(a_disk_that_does_not_come_makes_it_fail)
{
	if (!make_system("UUID=none-like-it /var ext4 defaults\n"))
		return; /* needs root */
	ck_assert_int_eq(system_mounts_make(root, false, &mounts), -ENODEV);
	expect_end();
	remove_system();
}
END_TEST

START_TEST(a_table_that_is_not_understood_makes_it_fail)
{
	if (!make_system("/srv/var var none bind\n"))
		return; /* needs root */
	ck_assert_int_eq(system_mounts_make(root, false, &mounts), -EINVAL);
	expect_end();
	remove_system();
}
END_TEST

START_TEST(a_system_without_a_table_has_its_root)
{
	if (!make_system(NULL))
		return; /* needs root */
	ck_assert_int_eq(system_mounts_make(root, false, &mounts), 0);
	ck_assert(!is_read_only());
	expect_end();
	remove_system();
}
END_TEST

/* R24: its absolute links mean its own files. */
START_TEST(no_link_of_it_leads_out)
{
	struct stat inside, outside;

	if (!make_system("/srv/var /link none bind\n"))
		return; /* needs root */
	ck_assert_int_eq(mount(NULL, root, NULL, MS_REMOUNT, NULL), 0);
	ck_assert_int_eq(symlink("/outside", at("/link")), 0);
	write_file("/srv/var/mark", "");
	ck_assert_int_eq(mount(NULL, root, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
	ck_assert_int_eq(system_mounts_make(root, false, &mounts), 0);
	ck_assert_int_eq(stat(at("/outside/mark"), &inside), 0);
	ck_assert_int_ne(stat("/outside/mark", &outside), 0);
	expect_end();
	remove_system();
}
END_TEST

/* As /usr is, which the initramfs mounts. */
START_TEST(what_is_mounted_already_is_made_writable)
{
	struct statvfs about;

	if (!make_system("UUID=usr /opt tmpfs-like-a-disk defaults\n"))
		return; /* needs root */
	ck_assert_int_eq(mount("/dev/usr", at("/opt"), "tmpfs", MS_RDONLY, NULL), 0);
	ck_assert_int_eq(system_mounts_make(root, false, &mounts), 0);
	ck_assert_int_eq(statvfs(at("/opt"), &about), 0);
	ck_assert(!(about.f_flag & ST_RDONLY));
	expect_end();
	remove_system();
}
END_TEST

START_TEST(a_root_that_was_writable_stays_so)
{
	if (!make_system(NULL))
		return; /* needs root */
	ck_assert_int_eq(mount(NULL, root, NULL, MS_REMOUNT, NULL), 0);
	ck_assert_int_eq(system_mounts_make(root, false, &mounts), 0);
	ck_assert_int_eq(system_mounts_end(&mounts), 0);
	ck_assert(!is_read_only());
	remove_system();
}
END_TEST

/* What is mounted here belongs to others where the namespace was not entered. */
START_TEST(without_its_own_namespace_nothing_is_taken_away)
{
	if (!make_system(NULL))
		return; /* needs root */
	ck_assert_int_eq(mount("/dev/usr", at("/opt"), "tmpfs", MS_RDONLY, NULL), 0);
	mounts = (struct system_mounts){ .root = root };
	ck_assert_int_eq(system_mounts_end(&mounts), 0);
	ck_assert_int_eq(umount2(at("/opt"), 0), 0);
	remove_system();
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("system_mounts");
	TCase *tests = suite_case(all, "mounts", 30);

	tcase_add_test(tests, is_whole_and_writable_and_then_as_it_was);
	tcase_add_test(tests, a_disk_that_does_not_come_makes_it_fail);
	tcase_add_test(tests, a_table_that_is_not_understood_makes_it_fail);
	tcase_add_test(tests, a_system_without_a_table_has_its_root);
	tcase_add_test(tests, no_link_of_it_leads_out);
	tcase_add_test(tests, what_is_mounted_already_is_made_writable);
	tcase_add_test(tests, a_root_that_was_writable_stays_so);
	tcase_add_test(tests, without_its_own_namespace_nothing_is_taken_away);
	return all;
}
