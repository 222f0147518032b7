/* fuzz_deflated_text.c: any bytes as a part of a dump that the kernel compressed
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>

#include "recovery/deflated_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct deflated_text *room = malloc(sizeof(*room));
	size_t first, again;

	if (!room)
		abort();
	first = deflated_text_read(room, data, size);
	if (first > DEFLATED_TEXT_MAX || room->used > DEFLATED_MEMORY)
		abort();
	again = deflated_text_read(room, data, size);
	if (again != first)
		abort();
	free(room);
	return 0;
}
