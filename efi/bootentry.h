/* bootentry.h: the entry of the firmware's boot menu that started us
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_EFI_BOOTENTRY_H
#define DARUMA_EFI_BOOTENTRY_H

#include "efi/firmware.h"

#include <stdbool.h>

/* Deletes the Boot#### that BootCurrent names, if it leads to this very program on this very
 * partition; firmware where BootCurrent is absent or wrong exists, and another's entry is never
 * touched. BootOrder keeps the number: firmware passes over numbers without an entry (UEFI 2.10,
 * 3.1.1). False where nothing was deleted. */
bool bootentry_delete_own(const struct firmware *firmware);

/* Whether that entry leads to another program, which is to start one in our folder (DARUMA_ESP_FOLDER): to shim. Before
 * its version 16 we run under the path of shim then, and not under ours. */
bool bootentry_starts_us_by_another(const struct firmware *firmware);

#endif
