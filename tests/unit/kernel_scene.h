/* kernel_scene.h: a machine whose kernel may be copied to its ESP
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Its files in /boot are older than its start, the initramfs has the installed programs in it, and the ESP has limits that name
 * no target. Each change is one thing that is otherwise.
 */
#ifndef DARUMA_TESTS_KERNEL_SCENE_H
#define DARUMA_TESTS_KERNEL_SCENE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "recovery/boot/kernel_copy.h"
#include "tests/unit/product_tree.h"

#define KERNEL_A "/esp/EFI/daruma/good/a/linux"
#define INITRD_A "/esp/EFI/daruma/good/a/initrd"
#define KERNEL_B "/esp/EFI/daruma/good/b/linux"
#define PATH_A	 "\\EFI\\daruma\\good\\a\\linux"
#define PATH_B	 "\\EFI\\daruma\\good\\b\\linux"
#define KERNEL	 "MZ a kernel"
#define NEWER	 "MZ a newer kernel"

extern struct kernel_scene {
	struct product_tree tree;
	struct esp esp;
	char image[128], initramfs[128]; /* paths in the tree */
	char release[KERNEL_RELEASE_SIZE];
	int64_t started; /* when the start began that is good now */
} kernels;

/* Fixtures of Check. variable_folder_start() is to be called first in suite(). */
void kernels_set_up(void);
void kernels_tear_down(void);

/* What kernel_copy.h does, with its results. */
int kernels_follow(void);
struct kernel_copy kernels_look(void);
struct daruma_limits kernels_limits_now(void);

/* Fails the test unless the limits name `path` for the rescue rung; unless they name none, and no copy is there. */
void kernels_expect_target(const char *path);
void kernels_expect_none(void);
int64_t kernels_count_events(const char *event);

/* The initramfs was made with these programs, one behind the other. */
void kernels_put_stamp(const char *programs);

/* What the files of the tree lie on, with this uuid of the device mapper, and what that lies on (NULL: nothing); or a partition
 * of what lies on `part`. */
void kernels_use_block_device(const char *uuid, const char *part);
void kernels_use_partition_of(const char *part);

/* An ESP of so many MiB, with its limits; false where the machine does not allow that. */
bool kernels_mount_esp(unsigned size);

/* Gives the file `path` of the tree that size in bytes. */
void kernels_grow(const char *path, off_t size);

#endif
