/* test_kernel_copy.c: the kernel of the last good boot on the ESP, and what the limits name of it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "recovery/boot/kernel_target.h"
#include "recovery/boot/limits_file.h"
#include "recovery/state.h"
#include "tests/unit/kernel_scene.h"
#include "tests/unit/suite.h"
#include "tests/unit/variable_folder.h"

#define OWN "\\EFI\\own\\rescue.efi"

/* --- making and keeping ------------------------------------------------------------------------ */

START_TEST(a_good_kernel_is_copied_and_named)
{
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_DUE);
	ck_assert_int_eq(kernels_follow(), 1);
	tree_expect(&kernels.tree, KERNEL_A, KERNEL);
	tree_expect(&kernels.tree, INITRD_A, "its initramfs");
	kernels_expect_target(PATH_A);
	ck_assert_str_eq(kernels_limits_now().rescue.options,
			 "initrd=\\EFI\\daruma\\good\\a\\initrd root=UUID=a ro"
			 " module_blacklist=acme_sensor systemd.mask=acme.service");
	ck_assert_str_eq(kernels_limits_now().safe.path, "");
	ck_assert_str_eq(kernels_limits_now().normal.path, "");
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_KEPT);
	ck_assert_str_eq(kernels_look().kernel, kernels.release);
	ck_assert_int_eq(kernels_count_events("kernel.copied"), 1);
	/* Nothing is written without need (R54). */
	ck_assert_int_eq(kernels_follow(), 0);
	ck_assert_int_eq(kernels_count_events("kernel.copied"), 1);
}
END_TEST

START_TEST(another_initramfs_goes_into_the_other_slot)
{
	ck_assert_int_eq(kernels_follow(), 1);
	tree_write(&kernels.tree, kernels.initramfs, "a newer initramfs");
	/* What was made anew since the start was never booted. */
	kernels.started = time(NULL) - 100;
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_CHANGED);
	ck_assert_int_eq(kernels_follow(), 0);
	kernels_expect_target(PATH_A);
	kernels.started = time(NULL) + 100;
	ck_assert_int_eq(kernels_follow(), 1);
	kernels_expect_target(PATH_B);
	tree_expect(&kernels.tree, "/esp/EFI/daruma/good/b/initrd", "a newer initramfs");
	tree_expect(&kernels.tree, KERNEL_A, NULL);
	tree_write(&kernels.tree, kernels.initramfs, "the third one");
	ck_assert_int_eq(kernels_follow(), 1);
	kernels_expect_target(PATH_A);
	tree_expect(&kernels.tree, KERNEL_B, NULL);
}
END_TEST

START_TEST(its_command_line_follows_the_watch_set)
{
	ck_assert_int_eq(kernels_follow(), 1);
	tree_write(&kernels.tree, "/etc/daruma/hold", "module other\n");
	ck_assert_int_eq(kernels_follow(), 1);
	ck_assert_ptr_nonnull(
		strstr(kernels_limits_now().rescue.options, "ro module_blacklist=other"));
	ck_assert_int_eq(kernels_count_events("kernel.copied"), 1);
	ck_assert_int_eq(kernels_follow(), 0);
}
END_TEST

/* Somebody deleted it, or the file system was repaired. */
START_TEST(a_copy_that_is_gone_is_made_again)
{
	ck_assert_int_eq(kernels_follow(), 1);
	tree_remove_file(&kernels.tree, INITRD_A);
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_DUE);
	ck_assert_int_eq(kernels_follow(), 1);
	kernels_expect_target(PATH_B);
	tree_expect(&kernels.tree, "/esp/EFI/daruma/good/b/initrd", "its initramfs");
}
END_TEST

/* --- who wants none ----------------------------------------------------------------------------- */

START_TEST(safe_starts_it_too_where_the_policy_says_so)
{
	kernels.tree.policy.kernel_copy = POLICY_KERNEL_COPY_SAFE;
	ck_assert_int_eq(kernels_follow(), 1);
	ck_assert_str_eq(kernels_limits_now().safe.path, PATH_A);
	kernels_expect_target(PATH_A);
	kernels.tree.policy.kernel_copy = POLICY_KERNEL_COPY_RESCUE;
	ck_assert_int_eq(kernels_follow(), 1);
	ck_assert_str_eq(kernels_limits_now().safe.path, "");
	kernels_expect_target(PATH_A);
}
END_TEST

START_TEST(the_policy_may_want_none)
{
	ck_assert_int_eq(kernels_follow(), 1);
	kernels.tree.policy.kernel_copy = POLICY_KERNEL_COPY_NONE;
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_UNWANTED);
	ck_assert_int_eq(kernels_follow(), 1);
	kernels_expect_none();
	ck_assert_str_eq(kernels_look().kernel, "");
	ck_assert_int_eq(kernels_follow(), 0);
	ck_assert_int_eq(kernels_count_events("kernel.below_floor"), 0);
}
END_TEST

START_TEST(the_owner_s_own_target_is_left_alone)
{
	struct daruma_limits limits = kernels_limits_now();

	snprintf(limits.rescue.path, sizeof(limits.rescue.path), OWN);
	ck_assert_int_eq(limits_file_write(&kernels.esp, &limits), 2);
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_OWNED);
	ck_assert_int_eq(kernels_follow(), 0);
	kernels_expect_target(OWN);
	tree_expect(&kernels.tree, KERNEL_A, NULL);
}
END_TEST

START_TEST(a_disk_sealed_to_the_tpm_keeps_its_loader)
{
	ck_assert_int_eq(kernels_follow(), 1);
	tree_write(&kernels.tree, "/etc/crypttab", "# none\n\nroot UUID=b none luks\n");
	kernels_use_block_device("LVM-x", NULL);
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_KEPT);
	tree_write(&kernels.tree, "/sys/class/tpm/tpm0/uevent", "");
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_SEALED);
	ck_assert_int_eq(kernels_follow(), 1);
	kernels_expect_none();
	kernels.tree.policy.kernel_copy = POLICY_KERNEL_COPY_RESCUE;
	ck_assert_int_eq(kernels_follow(), 1);
	kernels_expect_target(PATH_A);
}
END_TEST

/* R32: as good as it was, a copy below the floor is none. */
START_TEST(a_copy_below_the_floor_goes)
{
	ck_assert_int_eq(kernels_follow(), 1);
	ck_assert_int_eq(
		state_set_text(kernels.tree.database, "kernel_copy.kernel", "1.0-an-old-one"), 0);
	snprintf(kernels.tree.policy.kernel_floor, sizeof(kernels.tree.policy.kernel_floor), "1.1");
	ck_assert_int_eq(kernels_follow(), 1);
	kernels_expect_none();
	ck_assert_int_eq(kernels_count_events("kernel.below_floor"), 1);
	/* The running one is allowed. */
	ck_assert_int_eq(kernels_follow(), 1);
	kernels_expect_target(PATH_A);
	snprintf(kernels.tree.policy.kernel_floor, sizeof(kernels.tree.policy.kernel_floor), "999");
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_BELOW_FLOOR);
	ck_assert_int_eq(kernels_follow(), 1);
	kernels_expect_none();
	ck_assert_int_eq(kernels_follow(), 0);
}
END_TEST

/* --- the verbs that write limits -------------------------------------------------------------------- */

START_TEST(limits_that_are_written_keep_it_unless_it_is_unwanted)
{
	struct daruma_limits limits;

	ck_assert_int_eq(kernels_follow(), 1);
	daruma_limits_default(&limits);
	kernel_target_keep(&kernels.esp, &kernels.tree.policy, &limits);
	ck_assert_str_eq(limits.rescue.path, PATH_A);
	ck_assert(!kernel_target_obey(kernels.tree.database, &kernels.tree.policy, &limits));
	snprintf(kernels.tree.policy.kernel_floor, sizeof(kernels.tree.policy.kernel_floor), "999");
	ck_assert(!kernel_target_obey(NULL, &kernels.tree.policy, &limits));
	ck_assert(kernel_target_obey(kernels.tree.database, &kernels.tree.policy, &limits));
	ck_assert_str_eq(limits.rescue.path, "");
	kernels.tree.policy.kernel_copy = POLICY_KERNEL_COPY_NONE;
	kernel_target_keep(&kernels.esp, &kernels.tree.policy, &limits);
	ck_assert_str_eq(limits.rescue.path, "");
}
END_TEST

Suite *suite(void)
{
	Suite *all;
	TCase *copies;

	variable_folder_start();
	all = suite_create("kernel_copy");
	copies = suite_case(all, "copies", 30);
	tcase_add_checked_fixture(copies, kernels_set_up, kernels_tear_down);
	tcase_add_test(copies, a_good_kernel_is_copied_and_named);
	tcase_add_test(copies, another_initramfs_goes_into_the_other_slot);
	tcase_add_test(copies, its_command_line_follows_the_watch_set);
	tcase_add_test(copies, a_copy_that_is_gone_is_made_again);
	tcase_add_test(copies, safe_starts_it_too_where_the_policy_says_so);
	tcase_add_test(copies, the_policy_may_want_none);
	tcase_add_test(copies, the_owner_s_own_target_is_left_alone);
	tcase_add_test(copies, a_disk_sealed_to_the_tpm_keeps_its_loader);
	tcase_add_test(copies, a_copy_below_the_floor_goes);
	tcase_add_test(copies, limits_that_are_written_keep_it_unless_it_is_unwanted);
	return all;
}
