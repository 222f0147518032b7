/* files.h: read a small file of our own partition
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_EFI_FILES_H
#define DARUMA_EFI_FILES_H

#include "efi/firmware.h"

#include <stdint.h>

/* Reads at most `capacity` bytes of the file at the absolute path `path` (ASCII). A longer file
 * gives `capacity` bytes: give one byte more than is wanted to notice it. Sets `*ret_size` on
 * success only; statuses of the firmware. */
EFI_STATUS files_read(const struct firmware *firmware, const char *path, uint8_t *bytes,
		      UINTN capacity, UINTN *ret_size);

#endif
