/* fuzz_boot_entry.c: any bytes as a boot entry; what was read can be written and read again
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdlib.h>
#include <string.h>

#include "recovery/boot/boot_entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct boot_entry entry, again;
	uint8_t bytes[BOOT_ENTRY_SIZE];
	size_t written;

	if (!boot_entry_decode(data, size, &entry))
		return 0;
	if (entry.options_lost && entry.options[0])
		abort();
	written = boot_entry_encode(&entry, bytes, sizeof(bytes));
	if (written > sizeof(bytes))
		abort();
	if (written > 0 && !boot_entry_decode(bytes, written, &again))
		abort();
	if (written > 0 &&
	    (strcmp(entry.path, again.path) != 0 || strcmp(entry.options, again.options) != 0))
		abort();
	return 0;
}
