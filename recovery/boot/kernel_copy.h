/* kernel_copy.h: the kernel of the last good boot and its initramfs, where the firmware stage can start them by itself
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Kept fresh after good boots: a rescue start then depends on nothing but the ESP: not on the boot loader, its menu, /boot, or
 * the kernel that was installed since. The limits name the copy as the target of the rung; a target that the owner named
 * (policy, `targets`) is never touched.
 */
#ifndef DARUMA_RECOVERY_BOOT_KERNEL_COPY_H
#define DARUMA_RECOVERY_BOOT_KERNEL_COPY_H

#include <stdint.h>

#include "policy/limits.h"
#include "recovery/boot/esp.h"
#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/kernel_floor.h"
#include "recovery/policy_file.h"

/* Room on the ESP that a copy leaves for others, in bytes. */
#define KERNEL_COPY_RESERVE (8u << 20)

enum kernel_copy_state {
	KERNEL_COPY_KEPT,     /* the limits name a copy of the running kernel, as it is in /boot */
	KERNEL_COPY_DUE,      /* nothing is in the way of making one */
	KERNEL_COPY_UNWANTED, /* the policy wants none */
	KERNEL_COPY_OWNED,    /* the owner named a target for the rescue rung */
	KERNEL_COPY_SEALED, /* a disk may be sealed to the TPM, and the policy leaves it to us: it might not open then */
	KERNEL_COPY_BELOW_FLOOR, /* the running kernel is older than the policy lets Daruma choose (R32) */
	KERNEL_COPY_NO_FILES, /* /boot has no kernel or initramfs by the release's name */
	KERNEL_COPY_ENCRYPTED, /* the initramfs lies on an encrypted disk, and may hold its key: left to us too */
	KERNEL_COPY_NO_PROGRAM, /* the kernel is no EFI program */
	KERNEL_COPY_CHANGED, /* they changed since this start began: what is there now was never booted */
	KERNEL_COPY_FOREIGN, /* the initramfs has no Daruma in it, or not the installed one */
	KERNEL_COPY_LINE, /* the command line cannot be load options: too long, quotes, or other bytes */
	KERNEL_COPY_NO_ROOM,
	KERNEL_COPY_STATES,
};

struct kernel_copy {
	enum kernel_copy_state state;	  /* of the running kernel */
	char kernel[KERNEL_RELEASE_SIZE]; /* that the limits name a copy of now; "" none */
	size_t left_out; /* names of the watch set that its command line has no room for */
};

/* What stands there now, and whether a copy of the running kernel would be made. `started`: when this start began, in seconds
 * since 1970. Changes nothing. Returns 0 or a negative errno: no ESP, no sound limits (-ENOENT) ... */
int kernel_copy_look(const struct context *context, struct database *database,
		     const struct policy_file *policy, int64_t started, struct kernel_copy *ret);

/* To be called in a good start: brings copy and limits in step with the policy and the running kernel. Of the old and the new
 * copy one is whole and named by the limits at every moment, but where the ESP has no room for both; then there is none
 * in between. A copy of another kernel than the running is dropped where none of that
 * can be made. Writes the event kernel.copied or kernel.below_floor. Returns 1 if something changed, 0 if not (also where
 * no copy can be made: see kernel_copy_look()), or a negative errno. */
int kernel_copy_follow(const struct context *context, struct database *database,
		       const struct policy_file *policy, int64_t started);

/* A sentence for each state, static storage. */
const char *kernel_copy_sentence(enum kernel_copy_state state);

#endif
