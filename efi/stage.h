/* stage.h: one start of the firmware stage, from reading the record to the started image
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_EFI_STAGE_H
#define DARUMA_EFI_STAGE_H

#include "efi/firmware.h"

/* Does everything. Returns only where no image could be started or the started one returned:
 * then with a status that makes the firmware go on to its next boot entry, or with the status of
 * the child, as if we had not been in between. Never halts; waits and asks only where a person holds
 * the menu's key, and not for long (R53). */
EFI_STATUS daruma_stage_run(const struct firmware *firmware);

#endif
