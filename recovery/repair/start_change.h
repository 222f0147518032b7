/* start_change.h: what the failed start was started with that is not that of a good generation
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_REPAIR_START_CHANGE_H
#define DARUMA_RECOVERY_REPAIR_START_CHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "recovery/context.h"
#include "recovery/database.h"

/* Compares with the good `generation` what the start `boot_id`, which failed, was started with. *ret gets bits of
 * VERDICT_START (verdict.h): the release of the kernel that runs now; where that is the same, the files of kernel and
 * initramfs; and the command line of that start, else of the newest one outside of the safe profile. No change (R62): what
 * one side does not know, a file that came after that start had begun, and an initramfs that Daruma itself had made anew
 * (initramfs_made.h). Returns 0 or a negative errno. */
int start_change_find(const struct context *context, struct database *database, int64_t generation,
		      const char *boot_id, unsigned *ret);

/* Whether both command lines say the same, but for the words by which boot loaders tell the kernel where they found it, or
 * on which screen it may go on. Pure. */
bool start_change_is_same_line(const char *one, const char *other);

#endif
