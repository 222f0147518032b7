/* state.h: everything the decision may know, read from this machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_EFI_STATE_H
#define DARUMA_EFI_STATE_H

#include "efi/firmware.h"

#include <stdint.h>

#include "policy/decision.h"
#include "policy/limits.h"

struct state {
	struct daruma_situation situation;
	struct daruma_limits limits;
	enum daruma_state limits_state; /* of the copy in use; of the first one where neither is */
	uint32_t troubles;		/* bits of enum daruma_trouble */
};

/* Fills `*ret` for the installation `install`. Cannot fail: what cannot be read is an input of
 * the decision and a trouble. A variable with wrong attributes or of more than its size is
 * damaged (R33). Writes no variable; a watchdog that the start before had is stopped, and what it
 * says cleared. */
void state_load(const struct firmware *firmware, const uint8_t install[DARUMA_GUID_SIZE],
		struct state *ret);

#endif
