/* i6300esb.h: the watchdog of Intel's 6300ESB, which virtual machines have more than boards
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A PCI device of its own (8086:25ab). Facts: Intel's 6300ESB datasheet (300641), chapter 16; Linux
 * drivers/watchdog/i6300esb.c. Tried as QEMU has it (`-device i6300esb`), on the first bus.
 *
 *   PCI 0x60  16 bits  bits 1 and 0: what the first expiry does, 3 nothing; bit 2 a clock of 1 MHz,
 *                      not 1 kHz; bit 5 the second one resets nothing
 *       0x68   8 bits  bit 0 locked until the next reset, bit 1 it runs
 *   memory 0x00, 0x04  first and second time, 20 bits, 1024 in two seconds
 *          0x0c        bit 8 reload; bit 9 it has reset the machine, until 1 is written (QEMU: bit 12)
 *
 * Before each write to these, 0x80 and 0x86 go to 0x0c. It resets when it has expired twice: half of
 * the time is set. Linux' driver stops it when it is loaded: what hangs before is reset, what hangs
 * behind is not.
 */
#ifndef DARUMA_EFI_I6300ESB_H
#define DARUMA_EFI_I6300ESB_H

#include "efi/firmware.h"

#include <stdbool.h>

/* Whether there is one, with its registers in memory. Changes nothing (but for the address register
 * of PCI, and whether the registers answer; both get their old value back). */
bool i6300esb_is_there(const struct firmware *firmware);

/* Whether it has reset the machine since the question was last asked; clears that. */
bool i6300esb_fired(const struct firmware *firmware);

/* Has it run for `seconds`, at most 2046. An old status is cleared, or the next start would take it
 * for one of this start. False where it is locked, or does not run then; it is stopped then, unless
 * locked. */
bool i6300esb_arm(const struct firmware *firmware, unsigned seconds);

/* Stops it, unless it is locked. Harmless where there is none or it does not run. */
void i6300esb_stop(const struct firmware *firmware);

#endif
