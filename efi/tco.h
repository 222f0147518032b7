/* tco.h: the watchdog of Intel chipsets from ICH6 to the 9 series: TCO, version 2
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * It is part of the LPC bridge, PCI device 00:1f.0, whose identity says which chipset it is. Facts:
 * Intel's ICH9 datasheet (316972); Linux drivers/mfd/lpc_ich.c and drivers/watchdog/iTCO_wdt.c. Only
 * ICH9 is tried, as QEMU has it. Later chipsets have NO_REBOOT elsewhere: another version, and none
 * of ours.
 *
 *   PCI 0x40  base of the power management ports (bits 15 to 7)    0x44 bit 7  they are there
 *   PCI 0xf0  base of the root complex registers (bits 31 to 14)        bit 0  they are there
 *   root complex + 0x3410   bit 5  NO_REBOOT: the second expiry resets nothing
 *   ports + 0x30            bits 13 and 0: the first expiry is for the firmware
 *         + 0x60  16 bits   reload: any write
 *         + 0x66  16 bits   bit 1 second expiry, bit 2 at boot; both stay over a reset, until 1 is written
 *         + 0x68  16 bits   bit 11 halt
 *         + 0x72  16 bits   bits 9 to 0: ticks of 0.6 seconds, from 4 on
 *
 * It resets when it has expired twice: half of the time is set. Where the firmware takes the first
 * expiry itself it may reset then, as Linux supposes, and all of it is set: too late is better than
 * too soon.
 */
#ifndef DARUMA_EFI_TCO_H
#define DARUMA_EFI_TCO_H

#include "efi/firmware.h"

#include <stdbool.h>

/* Whether there is one of those chipsets, with both of its register blocks. Changes nothing (but for
 * the address register of PCI, which gets its old value back). */
bool tco_is_there(const struct firmware *firmware);

/* Whether it has reset the machine since the question was last asked, or expired twice without being
 * able to; clears that. */
bool tco_fired(const struct firmware *firmware);

/* Has it run for `seconds`, moved into 4.8 to 1227 (half of that where the firmware takes the first
 * expiry). An old status is cleared, or the next start would take it for one of this start. False
 * where NO_REBOOT stays set (the mainboard wants it so), or time or halt bit do not become what they
 * should; it is stopped then. */
bool tco_arm(const struct firmware *firmware, unsigned seconds);

/* Halts it, and sets NO_REBOOT again, so that whatever starts it later has to want a reset. Harmless
 * where there is none or it does not run. */
void tco_stop(const struct firmware *firmware);

#endif
