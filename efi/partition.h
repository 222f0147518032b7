/* partition.h: which partition and file this program was started from
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_EFI_PARTITION_H
#define DARUMA_EFI_PARTITION_H

#include "efi/firmware.h"

#include <stdint.h>

#include "policy/limits.h"
#include "policy/names.h"

/* The device path of the device this program was loaded from, or NULL. It belongs to the
 * firmware. */
const uint8_t *partition_path(const struct firmware *firmware);

/* The partition GUID of that device: the identity of this installation. False where it is no GPT
 * partition. */
bool partition_guid(const struct firmware *firmware, uint8_t ret_guid[DARUMA_GUID_SIZE]);

/* This program's own file on that device. False where the firmware does not tell it in ASCII. */
bool partition_own_file(const struct firmware *firmware, char ret_file[DARUMA_PATH_SIZE]);

#endif
