/* fuzz_file_type.c: any bytes as a file whose type is asked for
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/inventory/file_type.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct memory {
	const uint8_t *bytes;
	size_t size;
};

/* Who asks for bytes outside the file has missed a bound. */
static int64_t read_memory(void *user, uint64_t offset, void *buffer, size_t size)
{
	const struct memory *memory = user;

	if (offset > memory->size)
		abort();
	if (size > memory->size - offset)
		size = memory->size - offset;
	if (size)
		memcpy(buffer, memory->bytes + offset, size);
	return (int64_t)size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory memory = { data, size };
	const struct file_type_source source = { .size = size,
						 .read = read_memory,
						 .user = &memory };

	if (!file_type_name(file_type_of(&source))[0])
		abort();
	return 0;
}
