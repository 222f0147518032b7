/* bootentry.h: the entry of the firmware's boot menu that started us
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_EFI_BOOTENTRY_H
#define DARUMA_EFI_BOOTENTRY_H

#include "efi/firmware.h"

#include <stdbool.h>

#include "policy/limits.h"

/* Deletes the Boot#### that BootCurrent names, if it leads to this very program on this very
 * partition; firmware where BootCurrent is absent or wrong exists, and another's entry is never
 * touched. BootOrder keeps the number: firmware passes over numbers without an entry (UEFI 2.10,
 * 3.1.1). False where nothing was deleted. */
bool bootentry_delete_own(const struct firmware *firmware);

/* The file that we are. It is the one that we were loaded from, but where that entry leads to another program, which is
 * that file by our path and was to start one of our folder (DARUMA_ESP_FOLDER): to shim, of which versions before 15.2 have
 * what they start run under their own path. False where it is not known. */
bool bootentry_own_file(const struct firmware *firmware, char ret_file[DARUMA_PATH_SIZE]);

#endif
