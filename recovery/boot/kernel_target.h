/* kernel_target.h: what the limits name of a copied kernel
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A target of the owner's (policy, `targets`, or what is in the limits and none of our copies) is never touched.
 */
#ifndef DARUMA_RECOVERY_BOOT_KERNEL_TARGET_H
#define DARUMA_RECOVERY_BOOT_KERNEL_TARGET_H

#include <stdbool.h>

#include "policy/limits.h"
#include "recovery/boot/esp.h"
#include "recovery/database.h"
#include "recovery/policy_file.h"

/* Setting: the release of the kernel that was copied. */
#define KERNEL_TARGET_KEY "kernel_copy.kernel"

/* Setting: the name of the boot loader (boot_loader.h) of the good start that it was copied in; "" one that Daruma does not
 * know. */
#define KERNEL_TARGET_LOADER_KEY "kernel_copy.loader"

/* Whether `target` is one of our copies; whether it is that or none at all. Pure. */
bool kernel_target_is_copy(const struct daruma_target *target);
bool kernel_target_is_free(const struct daruma_target *target);

/* Has the rungs of `use` start `wanted` (NULL: none of them a copy), as far as they are free. Returns whether that changes
 * anything. Pure. */
bool kernel_target_aim(struct daruma_limits *limits, enum policy_kernel_copy use,
		       const struct daruma_target *wanted);

/* Whether `policy` wants no copy: by itself, or by a target of the owner's own for the rescue rung. Pure. */
bool kernel_target_is_unwanted(const struct policy_file *policy);

/* Whether the running kernel is a copy that the stage started: its command line says so. */
bool kernel_target_is_running(const struct context *context);

/* The release that the setting names, "" none. */
void kernel_target_release(struct database *database, char ret[KERNEL_RELEASE_SIZE]);

/* Takes out of `limits` what they name of a copy that `policy` does not want, or that is below its floor. `database` may be
 * NULL: then of which kernel it is is not known, and only the first is looked at. Returns whether something was. */
bool kernel_target_obey(struct database *database, const struct policy_file *policy,
			struct daruma_limits *limits);

/* Into `limits`, which are going to be written: what those on `esp` name of a copy, where `policy` wants one. */
void kernel_target_keep(const struct esp *esp, const struct policy_file *policy,
			struct daruma_limits *limits);

#endif
