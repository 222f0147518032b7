/* test_kernel_copy_hindered.c: kernels that are not copied: what is missing, secret or too large
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <sys/mount.h>

#include "recovery/boot/limits_file.h"
#include "recovery/state.h"
#include "tests/unit/kernel_scene.h"
#include "tests/unit/suite.h"
#include "tests/unit/variable_folder.h"

/* --- what cannot be copied ------------------------------------------------------------------------ */

START_TEST(what_is_not_there_is_not_copied)
{
	tree_remove_file(&kernels.tree, kernels.initramfs);
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_NO_FILES);
	ck_assert_int_eq(kernels_follow(), 0);
	kernels_expect_none();
}
END_TEST

START_TEST(an_initramfs_without_daruma_is_not_copied)
{
	kernels_put_stamp("early rescue another tool");
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_FOREIGN);
	ck_assert_int_eq(kernels_follow(), 0);
	kernels_expect_none();
}
END_TEST

START_TEST(a_kernel_that_firmware_cannot_start_is_not_copied)
{
	tree_write(&kernels.tree, kernels.image, "\x1f\x8b gzip");
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_NO_PROGRAM);
	ck_assert_int_eq(kernels_follow(), 0);
	kernels_expect_none();
}
END_TEST

/* It would be kernels.started long after another kernel has been good. */
START_TEST(a_copy_of_another_kernel_goes_where_this_one_cannot_be_copied)
{
	ck_assert_int_eq(kernels_follow(), 1);
	tree_write(&kernels.tree, kernels.initramfs, "made anew");
	kernels_put_stamp("early rescue another tool");
	ck_assert_int_eq(kernels_follow(), 0);
	kernels_expect_target(PATH_A);
	ck_assert_int_eq(
		state_set_text(kernels.tree.database, "kernel_copy.kernel", "another-kernel"), 0);
	ck_assert_int_eq(kernels_follow(), 1);
	kernels_expect_none();
}
END_TEST

START_TEST(a_line_with_quotes_is_not_passed_on)
{
	tree_write(&kernels.tree, "/proc/cmdline", "ro a=\"b c\"\n");
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_LINE);
	ck_assert_int_eq(kernels_follow(), 0);
	kernels_expect_none();
}
END_TEST

START_TEST(without_a_stage_nothing_is_done)
{
	tree_remove_file(&kernels.tree, "/esp/EFI/daruma/limits.bin");
	tree_remove_file(&kernels.tree, "/esp/EFI/daruma/limits.bak");
	ck_assert_int_eq(kernels_follow(), 0);
	tree_expect(&kernels.tree, KERNEL_A, NULL);
}
END_TEST

/* A power cut while the other slot is filled. */
START_TEST(half_a_copy_beside_the_one_in_use_goes)
{
	ck_assert_int_eq(kernels_follow(), 1);
	tree_write(&kernels.tree, KERNEL_B, "MZ a ne");
	ck_assert_int_eq(kernels_follow(), 0);
	tree_expect(&kernels.tree, KERNEL_B, NULL);
	kernels_expect_target(PATH_A);
	tree_expect(&kernels.tree, KERNEL_A, KERNEL);
}
END_TEST

/* A power cut before the limits: what nobody names is no copy. */
START_TEST(half_a_copy_is_nobody_s)
{
	tree_write(&kernels.tree, KERNEL_A, "a ker");
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_DUE);
	kernels.tree.policy.kernel_copy = POLICY_KERNEL_COPY_NONE;
	ck_assert_int_eq(kernels_follow(), 0);
	tree_expect(&kernels.tree, KERNEL_A, NULL);
}
END_TEST

/* --- what lies on an encrypted disk ------------------------------------------------------------ */

/* T17: an initramfs on an encrypted disk may hold its key. */
START_TEST(what_lies_on_an_encrypted_disk_stays_there)
{
	kernels_use_block_device("CRYPT-LUKS2-0123-root", NULL);
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_ENCRYPTED);
	ck_assert_int_eq(kernels_follow(), 0);
	kernels_expect_none();
	/* LVM on it. */
	kernels_use_block_device("LVM-x", "CRYPT-LUKS2-0123-root");
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_ENCRYPTED);
	kernels_use_block_device("LVM-x", "LVM-y");
	ck_assert_int_eq(kernels_follow(), 1);
	kernels_expect_target(PATH_A);
	kernels_use_block_device("CRYPT-LUKS2-0123-root", NULL);
	ck_assert_int_eq(kernels_follow(), 1);
	kernels_expect_none();
	/* The owner knows better. */
	kernels.tree.policy.kernel_copy = POLICY_KERNEL_COPY_RESCUE;
	ck_assert_int_eq(kernels_follow(), 1);
	kernels_expect_target(PATH_A);
}
END_TEST

/* A file system with device numbers of its own. */
START_TEST(a_disk_that_is_not_known_may_be_an_encrypted_one)
{
	tree_write(&kernels.tree, "/etc/crypttab", "swap /dev/sda3 /dev/urandom swap\n");
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_DUE);
	tree_write(&kernels.tree, "/etc/crypttab", "root UUID=b none luks\n");
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_ENCRYPTED);
	tree_remove_file(&kernels.tree, "/etc/crypttab");
	tree_write(&kernels.tree, "/sys/module/zfs/initstate", "live\n");
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_ENCRYPTED);
}
END_TEST

/* A partition of a RAID on encrypted disks. */
START_TEST(a_partition_lies_on_what_its_disk_is_made_of)
{
	kernels_use_partition_of("CRYPT-LUKS2-0123-one");
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_ENCRYPTED);
	kernels_use_partition_of("LVM-x");
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_DUE);
}
END_TEST

/* --- room ------------------------------------------------------------------------------------------ */

START_TEST(an_esp_without_room_stays_as_it_is)
{
	if (!kernels_mount_esp(16))
		return; /* needs root */
	kernels_grow(kernels.initramfs, 9 << 20);
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_NO_ROOM);
	ck_assert_int_eq(kernels_follow(), 0);
	kernels_expect_none();
	umount2(kernels.esp.path, MNT_DETACH);
}
END_TEST

START_TEST(the_old_copy_makes_room_for_the_new_one)
{
	if (!kernels_mount_esp(20))
		return; /* needs root */
	kernels_grow(kernels.initramfs, 8 << 20);
	ck_assert_int_eq(kernels_follow(), 1);
	kernels_expect_target(PATH_A);
	tree_write(&kernels.tree, kernels.image, NEWER);
	ck_assert_int_eq(kernels_follow(), 1);
	kernels_expect_target(PATH_B);
	tree_expect(&kernels.tree, KERNEL_B, NEWER);
	tree_expect(&kernels.tree, KERNEL_A, NULL);
	umount2(kernels.esp.path, MNT_DETACH);
}
END_TEST

/* R58 */
START_TEST(an_esp_that_cannot_be_written_fails_nobody)
{
	if (!kernels_mount_esp(20))
		return; /* needs root */
	ck_assert_int_eq(kernels_follow(), 1);
	ck_assert_int_eq(mount(NULL, kernels.esp.path, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
	tree_write(&kernels.tree, kernels.image, NEWER);
	ck_assert_int_eq(kernels_follow(), 0);
	kernels_expect_target(PATH_A);
	umount2(kernels.esp.path, MNT_DETACH);
	if (!kernels_mount_esp(20))
		return;
	ck_assert_int_eq(mount(NULL, kernels.esp.path, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
	kernels.tree.policy.kernel_copy = POLICY_KERNEL_COPY_NONE;
	ck_assert_int_eq(kernels_follow(), 0);
	umount2(kernels.esp.path, MNT_DETACH);
}
END_TEST

START_TEST(a_larger_kernel_that_has_no_room_leaves_the_old_copy)
{
	if (!kernels_mount_esp(24))
		return; /* needs root */
	kernels_grow(kernels.initramfs, 4 << 20);
	ck_assert_int_eq(kernels_follow(), 1);
	tree_write(&kernels.tree, kernels.image, NEWER);
	kernels_grow(kernels.initramfs, 17 << 20);
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_NO_ROOM);
	ck_assert_int_eq(kernels_follow(), 0);
	kernels_expect_target(PATH_A);
	umount2(kernels.esp.path, MNT_DETACH);
}
END_TEST

Suite *suite(void)
{
	Suite *all;
	TCase *copies;

	variable_folder_start();
	all = suite_create("kernel_copy_hindered");
	copies = suite_case(all, "copies", 30);
	tcase_add_checked_fixture(copies, kernels_set_up, kernels_tear_down);
	tcase_add_test(copies, what_is_not_there_is_not_copied);
	tcase_add_test(copies, an_initramfs_without_daruma_is_not_copied);
	tcase_add_test(copies, a_kernel_that_firmware_cannot_start_is_not_copied);
	tcase_add_test(copies, a_copy_of_another_kernel_goes_where_this_one_cannot_be_copied);
	tcase_add_test(copies, a_line_with_quotes_is_not_passed_on);
	tcase_add_test(copies, without_a_stage_nothing_is_done);
	tcase_add_test(copies, half_a_copy_beside_the_one_in_use_goes);
	tcase_add_test(copies, half_a_copy_is_nobody_s);
	tcase_add_test(copies, what_lies_on_an_encrypted_disk_stays_there);
	tcase_add_test(copies, a_disk_that_is_not_known_may_be_an_encrypted_one);
	tcase_add_test(copies, a_partition_lies_on_what_its_disk_is_made_of);
	tcase_add_test(copies, an_esp_without_room_stays_as_it_is);
	tcase_add_test(copies, the_old_copy_makes_room_for_the_new_one);
	tcase_add_test(copies, an_esp_that_cannot_be_written_fails_nobody);
	tcase_add_test(copies, a_larger_kernel_that_has_no_room_leaves_the_old_copy);
	return all;
}
