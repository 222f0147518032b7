/* tagged_event.h: one measured event: a register is extended, and the log says by what
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Into both interfaces of measurement_protocols.h where both are there: a verifier of either one
 * must not miss an event (systemd measures alike). In the log it is an EV_EVENT_TAG, the type that
 * the TCG PC Client Platform Firmware Profile has for software with a number of its own. What the
 * firmware is given, EFI_TCG2_EVENT or EFI_CC_EVENT, little endian:
 *
 *    0  4  size of all of it          14  4  event type 6, EV_EVENT_TAG
 *    4  4  size of the header, 14     18  4  tag: who measured what
 *    8  2  version of the header, 1   22  4  size of the text
 *   10  4  PCR, or the CC register    26  n  the text, without a zero
 */
#ifndef DARUMA_EFI_TAGGED_EVENT_H
#define DARUMA_EFI_TAGGED_EVENT_H

#include "efi/firmware.h"

#include <stddef.h>
#include <stdint.h>

#define TAGGED_EVENT_TEXT_MOST 64

struct tagged_event {
	uint32_t pcr; /* for CC the firmware maps it to a register */
	uint32_t tag;
	const char *text; /* ASCII, at most TAGGED_EVENT_TEXT_MOST bytes: cut behind them */
};

/* Measures `size` bytes at `data`, which stay as they are.
 *   EFI_SUCCESS    every interface that is there has extended and logged it
 *   EFI_NOT_FOUND  there is none: no TPM, and no register of a confidential guest
 *   others         of the first one that failed; the other one has been tried all the same */
EFI_STATUS tagged_event_measure(const struct firmware *firmware, const struct tagged_event *event,
				const uint8_t *data, size_t size);

#endif
