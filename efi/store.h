/* store.h: what one start leaves in non-volatile variables
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_EFI_STORE_H
#define DARUMA_EFI_STORE_H

#include "efi/firmware.h"

#include <stdbool.h>

#include "policy/record.h"

/* Writes the record, for the installation it names, and reads it back. One non-volatile write
 * (R3); one more only where a variable with wrong attributes has to go first (R33). False where
 * it is not known to be stored (R58). A power cut in it leaves the old record or the new one, or
 * none in that other case: the decision knows all three (R1). */
bool store_record(const struct firmware *firmware, const struct daruma_record *record);

/* Daruma leaves this machine: deletes the record, then our own Boot#### entry, then the answer.
 * The order lets a power cut end in something that a person can see and do again: while our
 * entry is there the stage starts and works as new. False where the record is still there. */
bool store_forget(const struct firmware *firmware, const uint8_t install[DARUMA_GUID_SIZE]);

#endif
