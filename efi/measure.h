/* measure.h: the choice of a rung, told to the TPM before hand-over (R35)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The normal rung is not measured: its registers are those of a machine without Daruma's choices.
 * Any other rung is two events in PCR 5, in this order (tagged_event.h has their form):
 *
 *   tag         text                    what is hashed
 *   0x69e38cb9  daruma.limits.v1        the limits in force, as the 2048 bytes of policy/limits.h:
 *                                       limits.bin where its first copy is sound
 *   0x5a88460d  daruma.rung.v1 R C      the text itself, without a zero
 *
 * R is the rung, and C who chose it (policy/words.h): `chosen`, a person in the menu; `requested`,
 * the system that ran before asked for this very start, as root may; else `automatic`. A text never
 * changes its meaning; another meaning is another version.
 *
 * Why PCR 5: the TCG PC Client Platform Firmware Profile gives it to the configuration and data of
 * boot managers, and systemd-boot measures loader.conf there. It cannot be reset before the machine
 * is. It holds nothing else that changes from boot to boot (the partition table is the rest), so a
 * secret sealed to it opens in normal starts only; 8 and 9 change with each kernel, 11 to 13 and 15
 * are systemd's and 14 is shim's, 16 and 23 can be reset by the system.
 */
#ifndef DARUMA_EFI_MEASURE_H
#define DARUMA_EFI_MEASURE_H

#include "efi/firmware.h"

#include <stdbool.h>

#include "policy/decision.h"
#include "policy/limits.h"

#define MEASURE_PCR	   5
#define MEASURE_TAG_LIMITS 0x69e38cb9
#define MEASURE_TAG_RUNG   0x5a88460d

/* Measures what was decided. The normal rung is left alone: no protocol is looked for, and the
 * result is true. Else false unless both events are extended and logged wherever the machine has a
 * place for them; false where it has none. The start goes on in every case. */
bool measure_choice(const struct firmware *firmware, const struct daruma_limits *limits,
		    const struct daruma_decision *decision);

#endif
