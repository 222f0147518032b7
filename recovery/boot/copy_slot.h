/* copy_slot.h: two places on the ESP for a kernel and its initramfs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * \EFI\daruma\good\a and \EFI\daruma\good\b, each with the files "linux" and "initrd" (8.3: no long names for a power cut to
 * leave behind). One is filled while the limits name the other, so that at every moment what they name is whole.
 */
#ifndef DARUMA_RECOVERY_BOOT_COPY_SLOT_H
#define DARUMA_RECOVERY_BOOT_COPY_SLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "recovery/boot/esp.h"

enum copy_slot {
	COPY_SLOT_A,
	COPY_SLOT_B,
	COPY_SLOTS,
};

/* The UEFI paths of its files, static storage. */
const char *copy_slot_kernel(enum copy_slot slot);
const char *copy_slot_initrd(enum copy_slot slot);

/* Which slot's kernel the UEFI path names. Returns false for any other path. */
bool copy_slot_of(const char *path, enum copy_slot *ret);

/* Whether both files are there, with these sizes in bytes. */
bool copy_slot_holds(const struct esp *esp, enum copy_slot slot, uint64_t kernel, uint64_t initrd);

/* Bytes that its files take up. */
uint64_t copy_slot_size(const struct esp *esp, enum copy_slot slot);

/* Replaces both files by what `kernel` and `initrd`, open files, hold from where they stand: written, fsync, and read back
 * against what was written. What was there before is gone from the beginning on. Returns 0, or a negative errno (-ENOSPC,
 * -EROFS, -EIO: reads back otherwise ...), and then the slot is empty. */
int copy_slot_fill(const struct esp *esp, enum copy_slot slot, int kernel, int initrd);

/* Deletes what is in it. Returns 0, also where there is nothing, or a negative errno. */
int copy_slot_clear(const struct esp *esp, enum copy_slot slot);

/* The same for both, and the folder `good`, unless somebody else has a file in it. */
int copy_slot_clear_all(const struct esp *esp);

/* Bytes that are free on the ESP. Returns 0 or a negative errno. */
int copy_slot_free_room(const struct esp *esp, uint64_t *ret);

#endif
