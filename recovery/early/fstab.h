/* fstab.h: the disks that fstab(5) mounts, for the time before the system is there to do it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_EARLY_FSTAB_H
#define DARUMA_RECOVERY_EARLY_FSTAB_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define FSTAB_MAX	32    /* lines that are taken */
#define FSTAB_SIZE_MAX	65536 /* bytes of the file */
#define FSTAB_TYPE_SIZE 32
#define FSTAB_DATA_SIZE 512

struct fstab_mount {
	char source[PATH_MAX]; /* a device node, or below `bind` a folder of the system */
	char folder[PATH_MAX]; /* where it goes, absolute, never "/" */
	char type[FSTAB_TYPE_SIZE];
	unsigned long flags;	    /* of mount(2): never MS_RDONLY unless the line says so */
	char data[FSTAB_DATA_SIZE]; /* what is left of the options, for the file system itself */
	bool optional;		    /* nofail, or a kind that holds nothing of the system (vfat) */
};

struct fstab {
	struct fstab_mount mounts[FSTAB_MAX]; /* a folder before what lies in it, binds last */
	size_t count;
};

/* Reads the `size` bytes of an fstab: what a running system has of disks beside its root. Left out are kinds without a disk,
 * `noauto` (but for what systemd mounts when it is used), and people's data below /home, /mnt, /media, /net and /export. Tags
 * (UUID=, LABEL=, PARTUUID=, PARTLABEL=) become the names that udev gives them below /dev/disk. Returns 0; -EINVAL: a line
 * that cannot be had here (another machine's disk, `auto` as the kind, too few fields, a path that is not absolute or has
 * ".." in it, something too long, a bind of people's data or over another disk); -E2BIG: more lines than are taken; and then nothing may be taken for the whole system:
 * what is missing would look removed. */
int fstab_read(const char *bytes, size_t size, struct fstab *ret);

#endif
