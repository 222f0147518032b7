/* why.h: what is counted, and why this start is what it is, for the person at the keyboard
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_EFI_WHY_H
#define DARUMA_EFI_WHY_H

#include "efi/firmware.h"

#include "policy/decision.h"

/* Prints a few lines: the rung and the reason of `decision`, how the last two starts ended, the
 * counters, the incident and when the next one may be opened. */
void why_show(const struct firmware *firmware, const struct daruma_situation *situation,
	      const struct daruma_decision *decision);

#endif
