/* publish.h: the boot note, by which the operating system learns what this start is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_EFI_PUBLISH_H
#define DARUMA_EFI_PUBLISH_H

#include "efi/firmware.h"
#include "efi/state.h"

#include "policy/decision.h"

/* Writes the note of this start; a second call replaces it. It is volatile: no flash is touched,
 * unless somebody made a lasting variable of that name, which is deleted (R33). Statuses of the
 * firmware. */
EFI_STATUS publish_note(const struct firmware *firmware, const struct state *state,
			const struct daruma_decision *decision);

#endif
