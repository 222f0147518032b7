/* copy_slot.h: places on the ESP for a kernel and its initramfs, and for an image of both
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * \EFI\daruma\good\a and \EFI\daruma\good\b, each with the files "linux" and "initrd"; \EFI\daruma\good\c and
 * \EFI\daruma\good\d, each with "image.efi" (8.3: no long names for a power cut to leave behind). One of two is filled while
 * the limits name the other, so that at every moment what they name is whole.
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
	COPY_SLOT_IMAGE_A = COPY_SLOTS,
	COPY_SLOT_IMAGE_B,
	COPY_SLOTS_ALL,
};

/* The UEFI paths of its files, static storage; an image has no initrd (NULL). */
const char *copy_slot_program(enum copy_slot slot);
const char *copy_slot_initrd(enum copy_slot slot);

/* Which slot's kernel, or image, the UEFI path names. Returns false for any other path. */
bool copy_slot_of(const char *path, enum copy_slot *ret);
bool copy_slot_of_image(const char *path, enum copy_slot *ret);

/* Whether its files are there, with these sizes in bytes. */
bool copy_slot_holds(const struct esp *esp, enum copy_slot slot, uint64_t kernel, uint64_t initrd);

/* Bytes that its files take up. */
uint64_t copy_slot_size(const struct esp *esp, enum copy_slot slot);

/* Opens its kernel or image to read. Returns a descriptor, -ENOENT, -EBADMSG (it is no file) or another negative errno. */
int copy_slot_open(const struct esp *esp, enum copy_slot slot);

/* Replaces its files by what `program` and `initrd` hold (of an image the first alone) as esp_file_write() does; the folder
 * then. Returns 0, or an error of that, and then the slot is empty. */
int copy_slot_fill(const struct esp *esp, enum copy_slot slot, int program, int initrd);

/* Deletes what is in it. Returns 0, also where there is nothing, or a negative errno. */
int copy_slot_clear(const struct esp *esp, enum copy_slot slot);

/* The same for both kernels, or both images, and the folder `good` unless something else is in it. */
int copy_slot_clear_all(const struct esp *esp);
int copy_slot_clear_images(const struct esp *esp);

#endif
