/* test_kernel_copy.c: the kernel of the last good boot on the ESP, and what the limits name of it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "policy/note.h"
#include "recovery/boot/copy_slot.h"
#include "recovery/boot/kernel_copy.h"
#include "recovery/boot/kernel_target.h"
#include "recovery/boot/limits_file.h"
#include "recovery/digest.h"
#include "recovery/machine.h"
#include "recovery/state.h"
#include "tests/unit/product_tree.h"
#include "tests/unit/suite.h"
#include "tests/unit/variable_folder.h"

#define KERNEL_A "/esp/EFI/daruma/good/a/linux"
#define INITRD_A "/esp/EFI/daruma/good/a/initrd"
#define KERNEL_B "/esp/EFI/daruma/good/b/linux"
#define PATH_A	 "\\EFI\\daruma\\good\\a\\linux"
#define PATH_B	 "\\EFI\\daruma\\good\\b\\linux"
#define KERNEL	 "MZ a kernel"
#define NEWER	 "MZ a newer kernel"
#define OWN	 "\\EFI\\own\\rescue.efi"

static struct product_tree tree;
static struct esp esp;
static char esp_path[4096];
static char image[128], initramfs[128], kernel[KERNEL_RELEASE_SIZE];
static int64_t started;

static void put_note(void)
{
	struct daruma_note note = { .boot_id = { 1 }, .starts = 1 };
	uint8_t bytes[DARUMA_NOTE_SIZE];

	daruma_note_encode(&note, bytes);
	variable_folder_put(DARUMA_NOTE_NAME "a5a5a5a5", DARUMA_NOTE_ATTRIBUTES, bytes,
			    sizeof(bytes));
}

/* As the hook leaves it: the digest of the programs that lie in the image. */
static void put_stamp(const char *programs)
{
	char path[128], digest[DIGEST_TEXT_SIZE], text[DIGEST_TEXT_SIZE + 16];

	ck_assert_int_eq(digest_bytes(programs, strlen(programs), digest), 0);
	snprintf(path, sizeof(path), "/var/lib/daruma/initramfs-%s", kernel);
	snprintf(text, sizeof(text), "%s\nmodule x\n", digest);
	tree_write(&tree, path, text);
}

static void make_esp(void)
{
	struct daruma_limits limits;

	tree_write(&tree, "/esp/EFI/daruma/x", "");
	tree_path(&tree, "/esp", esp_path);
	tree.context.esp_path = esp_path;
	snprintf(esp.path, sizeof(esp.path), "%s", esp_path);
	memset(esp.guid, 0xa5, sizeof(esp.guid));
	daruma_limits_default(&limits);
	ck_assert_int_eq(limits_file_write(&esp, &limits), 2);
}

static void set_up(void)
{
	struct machine machine;

	variable_folder_make();
	put_note();
	product_tree_make(&tree);
	machine_describe(&tree.context, &machine);
	snprintf(kernel, sizeof(kernel), "%s", machine.kernel);
	snprintf(image, sizeof(image), "/boot/vmlinuz-%s", kernel);
	snprintf(initramfs, sizeof(initramfs), "/boot/initrd.img-%s", kernel);
	tree_write(&tree, image, KERNEL);
	tree_write(&tree, initramfs, "its initramfs");
	tree_write(&tree, "/proc/cmdline", "BOOT_IMAGE=x root=UUID=a ro\n");
	tree_write(&tree, "/etc/daruma/hold", "module acme_sensor\nunit acme.service\n");
	tree_write(&tree, "/usr/lib/daruma/daruma-initramfs", "early ");
	tree_write(&tree, "/usr/lib/daruma/daruma-rescue", "rescue ");
	tree_write(&tree, "/usr/bin/daruma", "tool");
	put_stamp("early rescue tool");
	make_esp();
	started = time(NULL) + 100;
}

static void tear_down(void)
{
	product_tree_remove(&tree);
	variable_folder_make();
	variable_folder_remove();
}

static int follow(void)
{
	return kernel_copy_follow(&tree.context, tree.database, &tree.policy, started);
}

static struct kernel_copy look(void)
{
	struct kernel_copy copy;

	ck_assert_int_eq(
		kernel_copy_look(&tree.context, tree.database, &tree.policy, started, &copy), 0);
	return copy;
}

static struct daruma_limits limits_now(void)
{
	struct daruma_limits limits;

	ck_assert(limits_file_load(&esp, &limits));
	return limits;
}

static void expect_target(const char *path)
{
	ck_assert_str_eq(limits_now().rescue.path, path);
}

static void expect_none(void)
{
	expect_target("");
	ck_assert_str_eq(limits_now().rescue.options, "");
	tree_expect(&tree, KERNEL_A, NULL);
	tree_expect(&tree, KERNEL_B, NULL);
}

/* What the files of the tree lie on, with this uuid of the device mapper, and what that lies on. */
static void use_block_device(const char *uuid, const char *part)
{
	struct stat about = tree_stat(&tree, initramfs);
	char path[128];

	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/dm/uuid", major(about.st_dev),
		 minor(about.st_dev));
	tree_write(&tree, path, uuid);
	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/slaves/dm-1", major(about.st_dev),
		 minor(about.st_dev));
	if (part) {
		tree_write(&tree, path, "");
		tree_write(&tree, "/sys/class/block/dm-1/dm/uuid", part);
	}
}

/* The same where that is a partition, as sysfs has it: a link to a folder in that of its disk. */
static void use_partition_of(const char *part)
{
	struct stat about = tree_stat(&tree, initramfs);
	char path[128], whole[4096];

	tree_write(&tree, "/sys/devices/md0/md0p1/partition", "1\n");
	tree_write(&tree, "/sys/devices/md0/slaves/dm-1", "");
	tree_write(&tree, "/sys/class/block/dm-1/dm/uuid", part);
	tree_write(&tree, "/sys/dev/block/x", "");
	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u", major(about.st_dev),
		 minor(about.st_dev));
	tree_path(&tree, path, whole);
	unlink(whole);
	ck_assert_int_eq(symlink("../../devices/md0/md0p1", whole), 0);
}

static int64_t count_events(const char *event)
{
	char statement[128];

	snprintf(statement, sizeof(statement), "SELECT COUNT(*) FROM event WHERE event='%s'",
		 event);
	return tree_query(&tree, statement);
}

/* --- making and keeping ------------------------------------------------------------------------ */

START_TEST(a_good_kernel_is_copied_and_named)
{
	ck_assert_int_eq(look().state, KERNEL_COPY_DUE);
	ck_assert_int_eq(follow(), 1);
	tree_expect(&tree, KERNEL_A, KERNEL);
	tree_expect(&tree, INITRD_A, "its initramfs");
	expect_target(PATH_A);
	ck_assert_str_eq(limits_now().rescue.options,
			 "initrd=\\EFI\\daruma\\good\\a\\initrd root=UUID=a ro"
			 " module_blacklist=acme_sensor systemd.mask=acme.service");
	ck_assert_str_eq(limits_now().safe.path, "");
	ck_assert_str_eq(limits_now().normal.path, "");
	ck_assert_int_eq(look().state, KERNEL_COPY_KEPT);
	ck_assert_str_eq(look().kernel, kernel);
	ck_assert_int_eq(count_events("kernel.copied"), 1);
	/* Nothing is written without need (R54). */
	ck_assert_int_eq(follow(), 0);
	ck_assert_int_eq(count_events("kernel.copied"), 1);
}
END_TEST

START_TEST(another_initramfs_goes_into_the_other_slot)
{
	ck_assert_int_eq(follow(), 1);
	tree_write(&tree, initramfs, "a newer initramfs");
	/* What was made anew since the start was never booted. */
	started = time(NULL) - 100;
	ck_assert_int_eq(look().state, KERNEL_COPY_CHANGED);
	ck_assert_int_eq(follow(), 0);
	expect_target(PATH_A);
	started = time(NULL) + 100;
	ck_assert_int_eq(follow(), 1);
	expect_target(PATH_B);
	tree_expect(&tree, "/esp/EFI/daruma/good/b/initrd", "a newer initramfs");
	tree_expect(&tree, KERNEL_A, NULL);
	tree_write(&tree, initramfs, "the third one");
	ck_assert_int_eq(follow(), 1);
	expect_target(PATH_A);
	tree_expect(&tree, KERNEL_B, NULL);
}
END_TEST

START_TEST(its_command_line_follows_the_watch_set)
{
	ck_assert_int_eq(follow(), 1);
	tree_write(&tree, "/etc/daruma/hold", "module other\n");
	ck_assert_int_eq(follow(), 1);
	ck_assert_ptr_nonnull(strstr(limits_now().rescue.options, "ro module_blacklist=other"));
	ck_assert_int_eq(count_events("kernel.copied"), 1);
	ck_assert_int_eq(follow(), 0);
}
END_TEST

/* Somebody deleted it, or the file system was repaired. */
START_TEST(a_copy_that_is_gone_is_made_again)
{
	ck_assert_int_eq(follow(), 1);
	tree_remove_file(&tree, INITRD_A);
	ck_assert_int_eq(look().state, KERNEL_COPY_DUE);
	ck_assert_int_eq(follow(), 1);
	expect_target(PATH_B);
	tree_expect(&tree, "/esp/EFI/daruma/good/b/initrd", "its initramfs");
}
END_TEST

/* --- who wants none ----------------------------------------------------------------------------- */

START_TEST(safe_starts_it_too_where_the_policy_says_so)
{
	tree.policy.kernel_copy = POLICY_KERNEL_COPY_SAFE;
	ck_assert_int_eq(follow(), 1);
	ck_assert_str_eq(limits_now().safe.path, PATH_A);
	expect_target(PATH_A);
	tree.policy.kernel_copy = POLICY_KERNEL_COPY_RESCUE;
	ck_assert_int_eq(follow(), 1);
	ck_assert_str_eq(limits_now().safe.path, "");
	expect_target(PATH_A);
}
END_TEST

START_TEST(the_policy_may_want_none)
{
	ck_assert_int_eq(follow(), 1);
	tree.policy.kernel_copy = POLICY_KERNEL_COPY_NONE;
	ck_assert_int_eq(look().state, KERNEL_COPY_UNWANTED);
	ck_assert_int_eq(follow(), 1);
	expect_none();
	ck_assert_str_eq(look().kernel, "");
	ck_assert_int_eq(follow(), 0);
	ck_assert_int_eq(count_events("kernel.below_floor"), 0);
}
END_TEST

START_TEST(the_owner_s_own_target_is_left_alone)
{
	struct daruma_limits limits = limits_now();

	snprintf(limits.rescue.path, sizeof(limits.rescue.path), OWN);
	ck_assert_int_eq(limits_file_write(&esp, &limits), 2);
	ck_assert_int_eq(look().state, KERNEL_COPY_OWNED);
	ck_assert_int_eq(follow(), 0);
	expect_target(OWN);
	tree_expect(&tree, KERNEL_A, NULL);
}
END_TEST

START_TEST(a_disk_sealed_to_the_tpm_keeps_its_loader)
{
	ck_assert_int_eq(follow(), 1);
	tree_write(&tree, "/etc/crypttab", "# none\n\nroot UUID=b none luks\n");
	use_block_device("LVM-x", NULL);
	ck_assert_int_eq(look().state, KERNEL_COPY_KEPT);
	tree_write(&tree, "/sys/class/tpm/tpm0/uevent", "");
	ck_assert_int_eq(look().state, KERNEL_COPY_SEALED);
	ck_assert_int_eq(follow(), 1);
	expect_none();
	tree.policy.kernel_copy = POLICY_KERNEL_COPY_RESCUE;
	ck_assert_int_eq(follow(), 1);
	expect_target(PATH_A);
}
END_TEST

/* T17: an initramfs on an encrypted disk may hold its key. */
START_TEST(what_lies_on_an_encrypted_disk_stays_there)
{
	use_block_device("CRYPT-LUKS2-0123-root", NULL);
	ck_assert_int_eq(look().state, KERNEL_COPY_ENCRYPTED);
	ck_assert_int_eq(follow(), 0);
	expect_none();
	/* LVM on it. */
	use_block_device("LVM-x", "CRYPT-LUKS2-0123-root");
	ck_assert_int_eq(look().state, KERNEL_COPY_ENCRYPTED);
	use_block_device("LVM-x", "LVM-y");
	ck_assert_int_eq(follow(), 1);
	expect_target(PATH_A);
	use_block_device("CRYPT-LUKS2-0123-root", NULL);
	ck_assert_int_eq(follow(), 1);
	expect_none();
	/* The owner knows better. */
	tree.policy.kernel_copy = POLICY_KERNEL_COPY_RESCUE;
	ck_assert_int_eq(follow(), 1);
	expect_target(PATH_A);
}
END_TEST

/* A file system with device numbers of its own. */
START_TEST(a_disk_that_is_not_known_may_be_an_encrypted_one)
{
	tree_write(&tree, "/etc/crypttab", "swap /dev/sda3 /dev/urandom swap\n");
	ck_assert_int_eq(look().state, KERNEL_COPY_DUE);
	tree_write(&tree, "/etc/crypttab", "root UUID=b none luks\n");
	ck_assert_int_eq(look().state, KERNEL_COPY_ENCRYPTED);
	tree_remove_file(&tree, "/etc/crypttab");
	tree_write(&tree, "/sys/module/zfs/initstate", "live\n");
	ck_assert_int_eq(look().state, KERNEL_COPY_ENCRYPTED);
}
END_TEST

/* A partition of a RAID on encrypted disks. */
START_TEST(a_partition_lies_on_what_its_disk_is_made_of)
{
	use_partition_of("CRYPT-LUKS2-0123-one");
	ck_assert_int_eq(look().state, KERNEL_COPY_ENCRYPTED);
	use_partition_of("LVM-x");
	ck_assert_int_eq(look().state, KERNEL_COPY_DUE);
}
END_TEST

/* R32: as good as it was, a copy below the floor is none. */
START_TEST(a_copy_below_the_floor_goes)
{
	ck_assert_int_eq(follow(), 1);
	ck_assert_int_eq(state_set_text(tree.database, "kernel_copy.kernel", "1.0-an-old-one"), 0);
	snprintf(tree.policy.kernel_floor, sizeof(tree.policy.kernel_floor), "1.1");
	ck_assert_int_eq(follow(), 1);
	expect_none();
	ck_assert_int_eq(count_events("kernel.below_floor"), 1);
	/* The running one is allowed. */
	ck_assert_int_eq(follow(), 1);
	expect_target(PATH_A);
	snprintf(tree.policy.kernel_floor, sizeof(tree.policy.kernel_floor), "999");
	ck_assert_int_eq(look().state, KERNEL_COPY_BELOW_FLOOR);
	ck_assert_int_eq(follow(), 1);
	expect_none();
	ck_assert_int_eq(follow(), 0);
}
END_TEST

/* --- what cannot be copied ------------------------------------------------------------------------ */

START_TEST(what_is_not_there_is_not_copied)
{
	tree_remove_file(&tree, initramfs);
	ck_assert_int_eq(look().state, KERNEL_COPY_NO_FILES);
	ck_assert_int_eq(follow(), 0);
	expect_none();
}
END_TEST

START_TEST(an_initramfs_without_daruma_is_not_copied)
{
	put_stamp("early rescue another tool");
	ck_assert_int_eq(look().state, KERNEL_COPY_FOREIGN);
	ck_assert_int_eq(follow(), 0);
	expect_none();
}
END_TEST

START_TEST(a_kernel_that_firmware_cannot_start_is_not_copied)
{
	tree_write(&tree, image, "\x1f\x8b gzip");
	ck_assert_int_eq(look().state, KERNEL_COPY_NO_PROGRAM);
	ck_assert_int_eq(follow(), 0);
	expect_none();
}
END_TEST

/* It would be started long after another kernel has been good. */
START_TEST(a_copy_of_another_kernel_goes_where_this_one_cannot_be_copied)
{
	ck_assert_int_eq(follow(), 1);
	tree_write(&tree, initramfs, "made anew");
	put_stamp("early rescue another tool");
	ck_assert_int_eq(follow(), 0);
	expect_target(PATH_A);
	ck_assert_int_eq(state_set_text(tree.database, "kernel_copy.kernel", "another-kernel"), 0);
	ck_assert_int_eq(follow(), 1);
	expect_none();
}
END_TEST

START_TEST(a_line_with_quotes_is_not_passed_on)
{
	tree_write(&tree, "/proc/cmdline", "ro a=\"b c\"\n");
	ck_assert_int_eq(look().state, KERNEL_COPY_LINE);
	ck_assert_int_eq(follow(), 0);
	expect_none();
}
END_TEST

START_TEST(without_a_stage_nothing_is_done)
{
	tree_remove_file(&tree, "/esp/EFI/daruma/limits.bin");
	tree_remove_file(&tree, "/esp/EFI/daruma/limits.bak");
	ck_assert_int_eq(follow(), 0);
	tree_expect(&tree, KERNEL_A, NULL);
}
END_TEST

/* A power cut while the other slot is filled. */
START_TEST(half_a_copy_beside_the_one_in_use_goes)
{
	ck_assert_int_eq(follow(), 1);
	tree_write(&tree, KERNEL_B, "MZ a ne");
	ck_assert_int_eq(follow(), 0);
	tree_expect(&tree, KERNEL_B, NULL);
	expect_target(PATH_A);
	tree_expect(&tree, KERNEL_A, KERNEL);
}
END_TEST

/* A power cut before the limits: what nobody names is no copy. */
START_TEST(half_a_copy_is_nobody_s)
{
	tree_write(&tree, KERNEL_A, "a ker");
	ck_assert_int_eq(look().state, KERNEL_COPY_DUE);
	tree.policy.kernel_copy = POLICY_KERNEL_COPY_NONE;
	ck_assert_int_eq(follow(), 0);
	tree_expect(&tree, KERNEL_A, NULL);
}
END_TEST

/* --- room ------------------------------------------------------------------------------------------ */

/* An ESP of so many MiB; false where the machine does not allow that. */
static bool mount_esp(unsigned size)
{
	char options[32];

	snprintf(options, sizeof(options), "size=%uM", size);
	if (mount("tmpfs", esp_path, "tmpfs", 0, options) < 0)
		return false;
	make_esp();
	return true;
}

static void grow(const char *path, off_t size)
{
	char whole[4096];

	tree_path(&tree, path, whole);
	ck_assert_int_eq(truncate(whole, size), 0);
}

START_TEST(an_esp_without_room_stays_as_it_is)
{
	if (!mount_esp(16))
		return; /* needs root */
	grow(initramfs, 9 << 20);
	ck_assert_int_eq(look().state, KERNEL_COPY_NO_ROOM);
	ck_assert_int_eq(follow(), 0);
	expect_none();
	umount2(esp_path, MNT_DETACH);
}
END_TEST

START_TEST(the_old_copy_makes_room_for_the_new_one)
{
	if (!mount_esp(20))
		return; /* needs root */
	grow(initramfs, 8 << 20);
	ck_assert_int_eq(follow(), 1);
	expect_target(PATH_A);
	tree_write(&tree, image, NEWER);
	ck_assert_int_eq(follow(), 1);
	expect_target(PATH_B);
	tree_expect(&tree, KERNEL_B, NEWER);
	tree_expect(&tree, KERNEL_A, NULL);
	umount2(esp_path, MNT_DETACH);
}
END_TEST

/* R58 */
START_TEST(an_esp_that_cannot_be_written_fails_nobody)
{
	if (!mount_esp(20))
		return; /* needs root */
	ck_assert_int_eq(follow(), 1);
	ck_assert_int_eq(mount(NULL, esp_path, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
	tree_write(&tree, image, NEWER);
	ck_assert_int_eq(follow(), 0);
	expect_target(PATH_A);
	umount2(esp_path, MNT_DETACH);
	if (!mount_esp(20))
		return;
	ck_assert_int_eq(mount(NULL, esp_path, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
	tree.policy.kernel_copy = POLICY_KERNEL_COPY_NONE;
	ck_assert_int_eq(follow(), 0);
	umount2(esp_path, MNT_DETACH);
}
END_TEST

START_TEST(a_larger_kernel_that_has_no_room_leaves_the_old_copy)
{
	if (!mount_esp(24))
		return; /* needs root */
	grow(initramfs, 4 << 20);
	ck_assert_int_eq(follow(), 1);
	tree_write(&tree, image, NEWER);
	grow(initramfs, 17 << 20);
	ck_assert_int_eq(look().state, KERNEL_COPY_NO_ROOM);
	ck_assert_int_eq(follow(), 0);
	expect_target(PATH_A);
	umount2(esp_path, MNT_DETACH);
}
END_TEST

/* --- the verbs that write limits -------------------------------------------------------------------- */

START_TEST(limits_that_are_written_keep_it_unless_it_is_unwanted)
{
	struct daruma_limits limits;

	ck_assert_int_eq(follow(), 1);
	daruma_limits_default(&limits);
	kernel_target_keep(&esp, &tree.policy, &limits);
	ck_assert_str_eq(limits.rescue.path, PATH_A);
	ck_assert(!kernel_target_obey(tree.database, &tree.policy, &limits));
	snprintf(tree.policy.kernel_floor, sizeof(tree.policy.kernel_floor), "999");
	ck_assert(!kernel_target_obey(NULL, &tree.policy, &limits));
	ck_assert(kernel_target_obey(tree.database, &tree.policy, &limits));
	ck_assert_str_eq(limits.rescue.path, "");
	tree.policy.kernel_copy = POLICY_KERNEL_COPY_NONE;
	kernel_target_keep(&esp, &tree.policy, &limits);
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
	tcase_add_checked_fixture(copies, set_up, tear_down);
	tcase_add_test(copies, a_good_kernel_is_copied_and_named);
	tcase_add_test(copies, another_initramfs_goes_into_the_other_slot);
	tcase_add_test(copies, its_command_line_follows_the_watch_set);
	tcase_add_test(copies, a_copy_that_is_gone_is_made_again);
	tcase_add_test(copies, safe_starts_it_too_where_the_policy_says_so);
	tcase_add_test(copies, the_policy_may_want_none);
	tcase_add_test(copies, the_owner_s_own_target_is_left_alone);
	tcase_add_test(copies, a_disk_sealed_to_the_tpm_keeps_its_loader);
	tcase_add_test(copies, what_lies_on_an_encrypted_disk_stays_there);
	tcase_add_test(copies, a_disk_that_is_not_known_may_be_an_encrypted_one);
	tcase_add_test(copies, a_partition_lies_on_what_its_disk_is_made_of);
	tcase_add_test(copies, a_copy_below_the_floor_goes);
	tcase_add_test(copies, what_is_not_there_is_not_copied);
	tcase_add_test(copies, an_initramfs_without_daruma_is_not_copied);
	tcase_add_test(copies, a_kernel_that_firmware_cannot_start_is_not_copied);
	tcase_add_test(copies, a_copy_of_another_kernel_goes_where_this_one_cannot_be_copied);
	tcase_add_test(copies, a_line_with_quotes_is_not_passed_on);
	tcase_add_test(copies, without_a_stage_nothing_is_done);
	tcase_add_test(copies, half_a_copy_beside_the_one_in_use_goes);
	tcase_add_test(copies, half_a_copy_is_nobody_s);
	tcase_add_test(copies, an_esp_without_room_stays_as_it_is);
	tcase_add_test(copies, the_old_copy_makes_room_for_the_new_one);
	tcase_add_test(copies, an_esp_that_cannot_be_written_fails_nobody);
	tcase_add_test(copies, a_larger_kernel_that_has_no_room_leaves_the_old_copy);
	tcase_add_test(copies, limits_that_are_written_keep_it_unless_it_is_unwanted);
	return all;
}
