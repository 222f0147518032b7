/* fch.h: the watchdog of AMD's chipsets since the first Zen
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Found by the SMBus controller, PCI device 00:14.0 (1022:790b), from revision 0x51 on: with these
 * its registers lie in memory, at fixed places. Facts: Linux drivers/watchdog/sp5100_tco.c; AMD's
 * Processor Programming Reference (55803), "Power Management Registers", "Watchdog Timer
 * Registers". Tried on a fake of these registers only: no emulator has them.
 *
 *   0xfed80300  bit 7 the watchdog answers
 *        + 3    bits 1 and 0: clock, 3 one second; bits 3 and 2: off
 *        + 4    bit 1 these registers answer
 *   0xfed80b00  bit 0 it runs; 1 it has fired, until 1 is written; 2 it only switches off;
 *               3 it is disabled for good; 7 reload
 *        + 4    bits 15 to 0: seconds
 *
 * Linux' driver stops it when it is loaded: what hangs before is reset, what hangs behind is not.
 */
#ifndef DARUMA_EFI_FCH_H
#define DARUMA_EFI_FCH_H

#include "efi/firmware.h"

#include <stdbool.h>

/* Whether there is one of those chipsets, and its watchdog not disabled for good. Changes nothing
 * (but for the address register of PCI, which gets its old value back). */
bool fch_is_there(const struct firmware *firmware);

/* Whether it has reset the machine since the question was last asked; clears that. */
bool fch_fired(const struct firmware *firmware);

/* Has it run for `seconds`, at most 65535. An old status is cleared, or the next start would take it
 * for one of this start. False where it does not run then, and stopped. */
bool fch_arm(const struct firmware *firmware, unsigned seconds);

/* Stops it. Harmless where there is none or it does not run. */
void fch_stop(const struct firmware *firmware);

#endif
