/* dumps.h: which crash dumps of the kernel lie in EFI variables
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_EFI_DUMPS_H
#define DARUMA_EFI_DUMPS_H

#include "efi/firmware.h"

#include "policy/evidence.h"

/* Lists the names of all variables and adds those of the crash GUID to `*ret`
 * (policy/evidence.h); their contents are not read. A list that breaks off, does not end or has
 * a name longer than any that Linux makes is an error and sets nothing: half a list would make
 * the other half look new at the next start. */
EFI_STATUS dumps_list(const struct firmware *firmware, struct daruma_dumps *ret);

#endif
