/* kernel_scene.c: a machine whose kernel may be copied to its ESP
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/kernel_scene.h"

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "policy/note.h"
#include "recovery/boot/limits_file.h"
#include "recovery/digest.h"
#include "recovery/machine.h"
#include "tests/unit/variable_folder.h"

struct kernel_scene kernels;

static void kernels_put_note(void)
{
	struct daruma_note note = { .boot_id = { 1 }, .starts = 1 };
	uint8_t bytes[DARUMA_NOTE_SIZE];

	daruma_note_encode(&note, bytes);
	variable_folder_put(DARUMA_NOTE_NAME "a5a5a5a5", DARUMA_NOTE_ATTRIBUTES, bytes,
			    sizeof(bytes));
}

/* As the hook leaves it: the digest of the programs that lie in the image. */
void kernels_put_stamp(const char *programs)
{
	char path[128], digest[DIGEST_TEXT_SIZE], text[DIGEST_TEXT_SIZE + 16];

	ck_assert_int_eq(digest_bytes(programs, strlen(programs), digest), 0);
	snprintf(path, sizeof(path), "/var/lib/daruma/initramfs-%s", kernels.release);
	snprintf(text, sizeof(text), "%s\nmodule x\n", digest);
	tree_write(&kernels.tree, path, text);
}

static void kernels_make_esp(void)
{
	struct daruma_limits limits;

	tree_write(&kernels.tree, "/esp/EFI/daruma/x", "");
	tree_path(&kernels.tree, "/esp", kernels.esp.path);
	kernels.tree.context.esp_path = kernels.esp.path;
	memset(kernels.esp.guid, 0xa5, sizeof(kernels.esp.guid));
	daruma_limits_default(&limits);
	ck_assert_int_eq(limits_file_write(&kernels.esp, &limits), 2);
}

void kernels_set_up(void)
{
	struct machine machine;

	variable_folder_make();
	kernels_put_note();
	product_tree_make(&kernels.tree);
	machine_describe(&kernels.tree.context, &machine);
	snprintf(kernels.release, sizeof(kernels.release), "%s", machine.kernel);
	snprintf(kernels.image, sizeof(kernels.image), "/boot/vmlinuz-%s", kernels.release);
	snprintf(kernels.initramfs, sizeof(kernels.initramfs), "/boot/initrd.img-%s",
		 kernels.release);
	tree_write(&kernels.tree, kernels.image, KERNEL);
	tree_write(&kernels.tree, kernels.initramfs, "its initramfs");
	tree_write(&kernels.tree, "/proc/cmdline", "BOOT_IMAGE=x root=UUID=a ro\n");
	tree_write(&kernels.tree, "/etc/daruma/hold", "module acme_sensor\nunit acme.service\n");
	tree_write(&kernels.tree, "/usr/lib/daruma/daruma-initramfs", "early ");
	tree_write(&kernels.tree, "/usr/lib/daruma/daruma-rescue", "rescue ");
	tree_write(&kernels.tree, "/usr/bin/daruma", "tool");
	kernels_put_stamp("early rescue tool");
	kernels_make_esp();
	kernels.started = time(NULL) + 100;
}

void kernels_tear_down(void)
{
	product_tree_remove(&kernels.tree);
	variable_folder_make();
	variable_folder_remove();
}

int kernels_follow(void)
{
	return kernel_copy_follow(&kernels.tree.context, kernels.tree.database,
				  &kernels.tree.policy, kernels.started);
}

struct kernel_copy kernels_look(void)
{
	struct kernel_copy copy;

	ck_assert_int_eq(kernel_copy_look(&kernels.tree.context, kernels.tree.database,
					  &kernels.tree.policy, kernels.started, &copy),
			 0);
	return copy;
}

struct daruma_limits kernels_limits_now(void)
{
	struct daruma_limits limits;

	ck_assert(limits_file_load(&kernels.esp, &limits));
	return limits;
}

void kernels_expect_target(const char *path)
{
	ck_assert_str_eq(kernels_limits_now().rescue.path, path);
}

void kernels_expect_none(void)
{
	kernels_expect_target("");
	ck_assert_str_eq(kernels_limits_now().rescue.options, "");
	tree_expect(&kernels.tree, KERNEL_A, NULL);
	tree_expect(&kernels.tree, KERNEL_B, NULL);
}

/* What the files of the tree lie on, with this uuid of the device mapper, and what that lies on. */
void kernels_use_block_device(const char *uuid, const char *part)
{
	struct stat about = tree_stat(&kernels.tree, kernels.initramfs);
	char path[128];

	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/dm/uuid", major(about.st_dev),
		 minor(about.st_dev));
	tree_write(&kernels.tree, path, uuid);
	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/slaves/dm-1", major(about.st_dev),
		 minor(about.st_dev));
	if (part) {
		tree_write(&kernels.tree, path, "");
		tree_write(&kernels.tree, "/sys/class/block/dm-1/dm/uuid", part);
	}
}

/* The same where that is a partition, as sysfs has it: a link to a folder in that of its disk. */
void kernels_use_partition_of(const char *part)
{
	struct stat about = tree_stat(&kernels.tree, kernels.initramfs);
	char path[128], whole[4096];

	tree_write(&kernels.tree, "/sys/devices/md0/md0p1/partition", "1\n");
	tree_write(&kernels.tree, "/sys/devices/md0/slaves/dm-1", "");
	tree_write(&kernels.tree, "/sys/class/block/dm-1/dm/uuid", part);
	tree_write(&kernels.tree, "/sys/dev/block/x", "");
	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u", major(about.st_dev),
		 minor(about.st_dev));
	tree_path(&kernels.tree, path, whole);
	unlink(whole);
	ck_assert_int_eq(symlink("../../devices/md0/md0p1", whole), 0);
}

int64_t kernels_count_events(const char *event)
{
	char statement[128];

	snprintf(statement, sizeof(statement), "SELECT COUNT(*) FROM event WHERE event='%s'",
		 event);
	return tree_query(&kernels.tree, statement);
}

/* An ESP of so many MiB; false where the machine does not allow that. */
bool kernels_mount_esp(unsigned size)
{
	char options[32];

	snprintf(options, sizeof(options), "size=%uM", size);
	if (mount("tmpfs", kernels.esp.path, "tmpfs", 0, options) < 0)
		return false;
	kernels_make_esp();
	return true;
}

void kernels_grow(const char *path, off_t size)
{
	char whole[4096];

	tree_path(&kernels.tree, path, whole);
	ck_assert_int_eq(truncate(whole, size), 0);
}
