/* fuzz_shim_trust.c: any bytes as the lists that shim shows, and as a signed program
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The first two bytes are the size of the lists, which come next; the rest is the program.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policy/bytes.h"
#include "recovery/boot/shim_trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Of exactly this size, so that a look behind it is seen. */
static uint8_t *copy_of(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	memcpy(copy, bytes, size);
	return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *lists, *program;
	const uint8_t *signatures;
	size_t lists_size, program_size, length;

	if (size < 2)
		return 0;
	lists_size = daruma_get16(data) < size - 2 ? daruma_get16(data) : size - 2;
	program_size = size - 2 - lists_size;
	lists = copy_of(data + 2, lists_size);
	program = copy_of(data + 2 + lists_size, program_size);
	if (shim_trust_signatures(program, program_size, &signatures, &length)) {
		if (signatures < program || length == 0 || length > program_size ||
		    (size_t)(signatures - program) > program_size - length)
			abort();
		/* No shorter list holds a certificate. */
		if (shim_trust_is_listed(lists, lists_size, signatures, length) &&
		    lists_size < 28 + 16 + 64)
			abort();
	}
	(void)shim_trust_is_listed(lists, lists_size, program, program_size);
	free(lists);
	free(program);
	return 0;
}
