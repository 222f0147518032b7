/* image_build.h: an image of this system that repairs and nothing else, made and signed
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Of the running kernel and its initramfs, as /boot has them, with a command line of the running one
 * (kernel_options_compose_image()).
 */
#ifndef DARUMA_RECOVERY_BOOT_IMAGE_BUILD_H
#define DARUMA_RECOVERY_BOOT_IMAGE_BUILD_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "recovery/boot/kernel_options.h"
#include "recovery/boot/unified_image.h"
#include "recovery/context.h"
#include "recovery/process.h"

/* What goes into it, and what is known of that. */
struct image_plan {
	char release[KERNEL_RELEASE_SIZE];
	char stub[PATH_MAX]; /* these are paths below context->root */
	char kernel[PATH_MAX];
	char initramfs[PATH_MAX];
	char os_release[PATH_MAX];
	char line[KERNEL_OPTIONS_IMAGE_SIZE];
	size_t left_out; /* names of the watch set that the line has no room for */
	bool foreign; /* the initramfs does not have the installed Daruma in it: it would not repair, or not end */
	bool secret; /* the initramfs lies on an encrypted disk, and may hold its key; the ESP is not encrypted */
	bool sealed; /* a disk may be sealed to the TPM, and not open in such a start */
};

/* Finds all of it. Returns 0, or a negative errno with *ret_what set to what it is about, static storage: -ENODEV no stub for this
 * architecture; -ENOENT; -EBADMSG a kernel that is no EFI program; -EINVAL, -E2BIG a command line that cannot be one, or of a
 * system whose root is not on a disk: its initramfs would not come to our script. */
int image_plan_make(const struct context *context, const struct process_port *processes,
		    struct image_plan *ret, const char **ret_what);

enum image_build_step {
	IMAGE_BUILD_FILES,
	IMAGE_BUILD_COPY, /* objcopy */
	IMAGE_BUILD_SIGN, /* sbsign */
	IMAGE_BUILD_READ, /* what they made is not what it should be */
};

/* Makes it in a folder of its own below STATE_FOLDER, which is gone again when this returns, and so is one that was left. `key`, `certificate`: files, both
 * or none (then it is not signed). Returns an open file that has no name any more, at its beginning, with *ret_image to be freed
 * by the caller; or a negative errno, with *ret_step what failed (-ENOENT of the middle two: there is no such program). */
int image_build(const struct context *context, const struct process_port *processes,
		const struct image_plan *plan, const char *key, const char *certificate,
		struct unified_image *ret_image, enum image_build_step *ret_step);

#endif
