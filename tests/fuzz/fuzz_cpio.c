/* fuzz_cpio.c: any bytes as an archive, in pieces of any size
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The first byte is the size of the pieces. What an archive holds does not depend on them.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/inventory/cpio.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct told {
	uint64_t sum, left;
	int open;
};

static void add(struct told *told, const void *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		told->sum = told->sum * 31 + ((const uint8_t *)bytes)[i];
}

static int begin(const char *name, uint32_t size, void *user)
{
	struct told *told = user;

	if (told->open || strlen(name) >= CPIO_NAME_MAX)
		abort();
	told->open = 1;
	told->left = size;
	add(told, name, strlen(name) + 1);
	return 0;
}

static int take(const void *bytes, size_t size, void *user)
{
	struct told *told = user;

	if (!told->open || size == 0 || size > told->left)
		abort();
	told->left -= size;
	add(told, bytes, size);
	return 0;
}

static int end(void *user)
{
	struct told *told = user;

	if (!told->open || told->left)
		abort();
	told->open = 0;
	return 0;
}

static uint64_t read_in_pieces(const uint8_t *data, size_t size, size_t piece, struct told *told)
{
	const struct cpio_port port = { .begin = begin, .data = take, .end = end, .user = told };
	struct cpio *cpio = calloc(1, sizeof(*cpio));
	uint64_t offset;
	size_t at = 0, used = 1;

	cpio->port = &port;
	while (at < size && used) {
		size_t length = size - at < piece ? size - at : piece;

		/* On the heap, so that reading behind it is seen. */
		uint8_t *copy = malloc(length);

		memcpy(copy, data + at, length);
		cpio_feed(cpio, copy, length, &used);
		free(copy);
		if (used > length || (used < length && cpio->state < CPIO_OTHER))
			abort();
		at += used;
	}
	offset = cpio->offset;
	free(cpio);
	return offset;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct told whole = { 0 }, pieces = { 0 };

	if (size < 2)
		return 0;
	if (read_in_pieces(data + 1, size - 1, size, &whole) !=
		    read_in_pieces(data + 1, size - 1, (size_t)data[0] + 1, &pieces) ||
	    whole.sum != pieces.sum || whole.open != pieces.open)
		abort();
	return 0;
}
