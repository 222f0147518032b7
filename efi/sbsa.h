/* sbsa.h: the generic watchdog of ARM servers, as the firmware describes it in its ACPI table GTDT
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Arm Base System Architecture (DEN0094), "Generic Watchdog"; ACPI 6.5, 5.2.25; Linux
 * drivers/watchdog/sbsa_gwdt.c and drivers/acpi/arm64/gtdt.c. Tried on a fake of table and registers only: no emulator that
 * Debian has firmware for brings them.
 *
 *   table      88  4  number of timers          each timer:  0  1  type, 1 a watchdog
 *              92  4  where they begin                       1  2  bytes of it, of a watchdog 28
 *                                                            4  8  registers for the refresh
 *   refresh     0  any write reloads                        12  8  registers for the control
 *   control     0  bit 0 it runs, bit 2 it has reset        24  4  flags: bit 2 it is not ours
 *               8  ticks of the system counter, 32 bits; the next 16 at 12 from version 1 on
 *           0xfcc  bits 19 to 16: version
 *
 * It resets when it has expired twice: half of the time is set. Firmware that uses the same watchdog for its own time
 * limit stops it when it hands over: then nothing is watched, and nothing is reset either.
 */
#ifndef DARUMA_EFI_SBSA_H
#define DARUMA_EFI_SBSA_H

#include "efi/firmware.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SBSA_TABLE_MOST 1024 /* that of known machines has some 200 bytes */
/* One that cannot wait as long as a start may take would reset a machine that is well. */
#define SBSA_LEAST_SECONDS 60

struct sbsa {
	uint64_t refresh;
	uint64_t control;
};

/* Reads a table of `size` bytes, whose header acpi.h has checked; anything else may be in it. False where it is cut, or has no
 * watchdog that is ours. */
bool sbsa_decode(const uint8_t *bytes, size_t size, struct sbsa *ret);

/* Whether there is one, with registers where the table says, that can count SBSA_LEAST_SECONDS. Changes nothing. */
bool sbsa_is_there(const struct firmware *firmware);

/* Whether it has reset the machine since the question was last asked; clears that. */
bool sbsa_fired(const struct firmware *firmware);

/* Has it run for `seconds`. An old status is cleared. False where it cannot count so long (32 bits of a fast counter are a minute or
 * two), or does not run then. */
bool sbsa_arm(const struct firmware *firmware, unsigned seconds);

/* Stops it. Harmless where there is none or it does not run. */
void sbsa_stop(const struct firmware *firmware);

#endif
