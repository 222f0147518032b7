/* system_mounts.h: a system that is not running, made writable and whole for a repair
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For the initramfs, where the root is mounted read-only and what fstab(5) names beside it is not mounted at all. All of
 * it happens in a mount namespace of the caller's own; what reaches beyond that, the root being writable, is undone.
 */
#ifndef DARUMA_RECOVERY_EARLY_SYSTEM_MOUNTS_H
#define DARUMA_RECOVERY_EARLY_SYSTEM_MOUNTS_H

#include <stdbool.h>

#define SYSTEM_MOUNTS_SECONDS 20 /* that each disk is waited for */

/* What there was before, for the way back. */
struct system_mounts {
	const char *root; /* absolute, without a slash at its end */
	bool entered;	  /* the namespace: only then is anything to be taken away */
	bool writable;	  /* the root was that already */
};

/* Enters a mount namespace of its own and makes the system below `root` whole there: the root writable, the disks of its
 * fstab mounted (what is mounted already is made writable), and /proc, /sys (with pstore), /dev and /run of this kernel
 * below it. `wait`: disks may still have to appear; each is waited for. Returns 0, or a negative errno with a line in the
 * kernel's log: then something is missing, and nothing may be taken for the whole system. What fstab.h
 * calls optional may be missing. */
int system_mounts_make(const char *root, bool wait, struct system_mounts *ret);

/* Takes away what system_mounts_make() mounted, disks read-only first, so that nothing is lost by a restart, and leaves the
 * root as it was. After a failed one too. Returns 0 or the first negative errno; the rest is done in any case. */
int system_mounts_end(const struct system_mounts *mounts);

#endif
