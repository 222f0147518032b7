/* random.h: the boot id, a number that no other start has
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_EFI_RANDOM_H
#define DARUMA_EFI_RANDOM_H

#include "efi/firmware.h"

#include <stdint.h>

#include "policy/record.h"

/* Makes the boot id, never all zeroes. True where it comes from the firmware's random numbers;
 * else it is mixed from the clock, the monotonic counter and the record of the start before, so
 * that it differs from the last one even where the clock stands still. It need not be secret:
 * the boot note shows it (R2). */
bool random_boot_id(const struct firmware *firmware, const struct daruma_record *last,
		    uint8_t ret_id[DARUMA_GUID_SIZE]);

#endif
