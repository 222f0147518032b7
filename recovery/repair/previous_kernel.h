/* previous_kernel.h: the kernel of the last good boot as the default, with every product on
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For the case that a kernel and an unchanged product do not go together, or the new kernel alone is to blame: the
 * step of the ladder before a product is switched off. Journaled in the table previous_kernel, one row for each
 * time, `state`:
 *
 *   wanted   about to be set; a power cut may have come between, so it is set again or undone
 *   set      the loader starts it by default
 *   undoing  about to be undone; done again after a power cut
 *   undone   the default is what it was before
 */
#ifndef DARUMA_RECOVERY_REPAIR_PREVIOUS_KERNEL_H
#define DARUMA_RECOVERY_REPAIR_PREVIOUS_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "recovery/boot/boot_loader.h"
#include "recovery/database.h"
#include "recovery/kernel_floor.h"

#define PREVIOUS_KERNEL_SIZE KERNEL_RELEASE_SIZE

struct previous_kernel {
	int64_t id, time;
	char boot_id[33]; /* of the start that set it */
	char kernel[PREVIOUS_KERNEL_SIZE];
	char blamed[PREVIOUS_KERNEL_SIZE];
	char loader[32];
	char entry[BOOT_LOADER_ENTRY_SIZE];
	char before[BOOT_LOADER_ENTRY_SIZE]; /* "" none */
	char state[16];
};

/* What an open row of this incident is worth. */
enum previous_kernel_trial {
	PREVIOUS_KERNEL_NEVER,	 /* nothing was set in the open incident */
	PREVIOUS_KERNEL_UNTRIED, /* it is set, or was about to be, and no start has tried it */
	PREVIOUS_KERNEL_TRIED,	 /* it is set, and the start behind it failed */
	PREVIOUS_KERNEL_OVER,	 /* it was set in this incident and is undone */
};

/* The newest row that is not undone. Returns 1, 0 (there is none) or a negative errno. */
int previous_kernel_open(struct database *database, struct previous_kernel *ret);

enum previous_kernel_choice {
	PREVIOUS_KERNEL_LAST_GOOD, /* of the newest good generation with another one than the running */
	/* The running one, where a newer one is installed: this start came past the loader, and the last good state is of
	 * this one. */
	PREVIOUS_KERNEL_RUNNING,
};

/* Has the loader start by default the kernel of `choice`, and makes sure of it. One below `floor` is passed over, with an
 * event (kernel_floor.h). What an earlier call left unfinished is finished. With context->dry_run it looks only. Returns 0;
 * -ENODATA: nothing says which, or none may be chosen; -ENOENT: it is not installed any more, or the loader has no entry
 * for it; -EOPNOTSUPP: no loader that Daruma knows; or an error of boot_loader.h. After an error nothing is set. */
int previous_kernel_set(const struct boot_loader_access *access, struct database *database,
			const char *boot_id, const char *floor, enum previous_kernel_choice choice);

/* Undoes the newest row that is not undone; `all`: every one, newest first. Returns how many were, or the first
 * negative errno; what could not be undone stays, for the next call. With context->dry_run it counts only. */
int previous_kernel_undo(const struct boot_loader_access *access, struct database *database,
			 bool all);

/* Which kernel the loader starts next in the open incident, where this start runs `running`: the one that was set; the one
 * that was to blame, where that was tried and undone; else the same again. Returns 0 or a negative errno. */
int previous_kernel_next(struct database *database, const char *running,
			 char ret[PREVIOUS_KERNEL_SIZE]);

int previous_kernel_trial(struct database *database, enum previous_kernel_trial *ret);

#endif
