/* wdat.h: the watchdog that the firmware describes in its ACPI table WDAT
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The table is a list of accesses to registers, sorted into actions ("reload", "run", …), so that
 * one driver does for every machine: "Hardware Watchdog Timers Design Specification" (Microsoft),
 * and of Linux include/acpi/actbl3.h, drivers/acpi/acpi_watchdog.c, drivers/watchdog/wdat_wdt.c.
 *
 *    0 36  header, signature "WDAT"        48  4  milliseconds in one count
 *   36  4  32: bytes up to the entries     52  4  largest count
 *   40  2  PCI segment, 0xff: none         56  4  smallest count
 *   42  3  bus, device, function, 0xff     60  1  flags: 1 the watchdog is enabled
 *   45  3  reserved                        61  3  reserved
 *                                          64  4  number of entries
 *   then each entry:
 *    0  1  action                           4 12  register: space 0 memory 1 ports, bits, shift,
 *    1  1  0 or 1 read, 2 or 3 write,             access 1 2 3 = 8 16 32 bits, 64-bit address
 *          + 0x80 keep the other bits      16  4  value
 *    2  2  reserved                        20  4  mask
 */
#ifndef DARUMA_EFI_WDAT_H
#define DARUMA_EFI_WDAT_H

#include "efi/firmware.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WDAT_HEADER_SIZE 68
#define WDAT_ENTRY_SIZE	 24
#define WDAT_ENTRIES	 64 /* there are 16 actions, and of most tables each has one or two */
#define WDAT_TABLE_MOST	 (WDAT_HEADER_SIZE + WDAT_ENTRIES * WDAT_ENTRY_SIZE)
/* One that cannot wait as long as a start may take would reset a machine that is well: the least of
 * the seconds that limits can ask for. */
#define WDAT_LEAST_MILLISECONDS 60000

struct wdat_entry {
	uint8_t action;
	uint8_t instruction; /* without the bit for keeping the others */
	bool keeps_others;
	bool in_memory; /* else a port */
	enum hardware_width width;
	uint8_t shift; /* below the bits of `width` */
	uint64_t address;
	uint32_t value;
	uint32_t mask;
};

struct wdat {
	uint32_t period; /* milliseconds in one count, above 0 */
	uint32_t least;	 /* counts */
	uint32_t most;	 /* counts, not below `least` */
	unsigned count;
	struct wdat_entry entries[WDAT_ENTRIES];
};

/* Reads a table of `size` bytes, whose header acpi.h has checked; anything else may be in it. False,
 * with `*ret` undefined, where it is cut, where Linux refuses it (the watchdog is not enabled, is a
 * PCI device, or shares the ports 0x70 to 0x73 with the clock; a count of no time), where an entry
 * has a space, access, shift, address or instruction that does not exist, where it has more than
 * WDAT_ENTRIES or is longer than WDAT_TABLE_MOST whatever its entries are, cannot count
 * WDAT_LEAST_MILLISECONDS, or cannot be set, reloaded, started, asked whether it runs, and stopped. The bits of a register are not looked at, as Linux does not: the mask tells. */
bool wdat_decode(const uint8_t *bytes, size_t size, struct wdat *ret);

/* Whether there is such a table, and a sound one. Changes nothing. */
bool wdat_is_there(const struct firmware *firmware);

/* Whether the machine has no such table at all, as far as can be known. Where it has one, even one
 * that is refused here or not enabled, Linux loads no driver of the chip (acpi_has_watchdog()): what
 * had the chip's watchdog run would have it reset a machine that is well. Changes nothing. */
bool wdat_is_absent(const struct firmware *firmware);

/* Whether this watchdog has reset the machine since the question was last asked (GET_STATUS), and
 * clears that (SET_STATUS). False where the table cannot tell. */
bool wdat_fired(const struct firmware *firmware);

/* Has it run for `seconds`, moved into what it can count. An old status is cleared, or the next
 * start would take it for one of this start. False where it does not run then, and stopped. */
bool wdat_arm(const struct firmware *firmware, unsigned seconds);

/* Stops it. Harmless where there is none or it does not run. */
void wdat_stop(const struct firmware *firmware);

#endif
