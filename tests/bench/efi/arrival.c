/* arrival.c: what every measured loader starts: says how long it took to get here, and stays
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * "arrived CYCLES TIMER CYCLES TIMER": from entry of the loader to here, and to its first loaded image;
 * differences of the two counters (stamp.h) in hex, least byte first.
 */
#include <efi.h>

#include "policy/bytes.h"
#include "tests/bench/efi/stamp.h"
#include "tests/vm/payload/serial.h"

#define TIMER_MASK 0xffffff

static void say(const struct stamp *then, const struct stamp *now)
{
	uint8_t cycles[8];
	uint8_t timer[4];

	daruma_put64(cycles, now->cycles - then->cycles);
	daruma_put32(timer, (now->timer - then->timer) & TIMER_MASK);
	serial_put(SERIAL_COMMANDS, " ");
	serial_put_hex(SERIAL_COMMANDS, cycles, sizeof(cycles));
	serial_put(SERIAL_COMMANDS, " ");
	serial_put_hex(SERIAL_COMMANDS, timer, sizeof(timer));
}

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *system);

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *system)
{
	const struct stamp now = stamp_take();
	const struct stamps *stamps = stamp_find(system);
	char line[8];

	(void)image;
	serial_open(SERIAL_COMMANDS);
	if (stamps) {
		serial_put(SERIAL_COMMANDS, "arrived");
		say(&stamps->entry, &now);
		say(&stamps->entry, &stamps->first_image);
		serial_put(SERIAL_COMMANDS, "\n");
	}
	serial_get_line(SERIAL_COMMANDS, line, sizeof(line));
	return EFI_SUCCESS;
}
