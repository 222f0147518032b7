/* cpio.c: reading an archive of the kind that an initramfs is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/cpio.h"

#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

/* Places of the numbers that count in the header. */
enum {
	NUMBER_MODE = 1,
	NUMBER_SIZE = 6,
	NUMBER_NAME_SIZE = 11,
};

static int digit(char letter)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = letter ? strchr(digits, letter | 0x20) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* 8 hexadecimal digits; false for anything else. */
static bool read_number(const struct cpio *cpio, size_t index, uint32_t *ret)
{
	const char *at = cpio->header + 6 + 8 * index;
	uint32_t number = 0;

	for (size_t i = 0; i < 8; i++) {
		int value = digit(at[i]);

		if (value < 0)
			return false;
		number = number << 4 | (uint32_t)value;
	}
	*ret = number;
	return true;
}

static uint32_t padding_of(uint64_t offset)
{
	return (uint32_t)(-offset & 3);
}

static size_t smaller(size_t one, size_t other)
{
	return one < other ? one : other;
}

/* --- one function for each state: each takes some of the bytes and may change the state ----- */

/* As the kernel does it: a header begins with the digit 0, and what is neither that nor a zero is compressed. */
static int between(struct cpio *cpio, const char *bytes, size_t size, size_t *used)
{
	while (*used < size && bytes[*used] == 0)
		++*used;
	if (*used < size) {
		cpio->state = bytes[*used] == '0' ? CPIO_HEADER : CPIO_OTHER;
		cpio->have = 0;
	}
	return 0;
}

static bool read_header(struct cpio *cpio)
{
	uint32_t mode;

	if (memcmp(cpio->header, "070701", 6) != 0 && memcmp(cpio->header, "070702", 6) != 0)
		return false;
	if (!read_number(cpio, NUMBER_MODE, &mode) ||
	    !read_number(cpio, NUMBER_SIZE, &cpio->size) ||
	    !read_number(cpio, NUMBER_NAME_SIZE, &cpio->name_size))
		return false;
	cpio->is_file = S_ISREG(mode);
	return cpio->name_size > 0 && cpio->name_size <= CPIO_NAME_MAX;
}

static int header(struct cpio *cpio, const char *bytes, size_t size, size_t *used)
{
	size_t take = smaller(size, CPIO_HEADER_SIZE - cpio->have);

	memcpy(cpio->header + cpio->have, bytes, take);
	cpio->have += take;
	*used = take;
	if (cpio->have < CPIO_HEADER_SIZE)
		return 0;
	cpio->state = read_header(cpio) ? CPIO_NAME : CPIO_DAMAGED;
	cpio->have = 0;
	/* Header and name are padded together. */
	cpio->padding = padding_of(CPIO_HEADER_SIZE + (uint64_t)cpio->name_size);
	return 0;
}

static int begin_file(struct cpio *cpio)
{
	cpio->left = cpio->size;
	cpio->state = CPIO_DATA;
	return cpio->is_file ? cpio->port->begin(cpio->name, cpio->size, cpio->port->user) : 0;
}

static int name(struct cpio *cpio, const char *bytes, size_t size, size_t *used)
{
	size_t whole = (size_t)cpio->name_size + cpio->padding,
	       take = smaller(size, whole - cpio->have);

	if (cpio->have < cpio->name_size)
		memcpy(cpio->name + cpio->have, bytes, smaller(take, cpio->name_size - cpio->have));
	cpio->have += take;
	*used = take;
	if (cpio->have < whole)
		return 0;
	cpio->have = 0;
	cpio->padding = padding_of(cpio->size);
	if (strnlen(cpio->name, cpio->name_size) != cpio->name_size - 1) {
		cpio->state = CPIO_DAMAGED;
		return 0;
	}
	if (strcmp(cpio->name, "TRAILER!!!") == 0) {
		cpio->state = CPIO_BETWEEN;
		return 0;
	}
	return begin_file(cpio);
}

static int end_file(struct cpio *cpio)
{
	cpio->state = CPIO_HEADER;
	cpio->have = 0;
	return cpio->is_file ? cpio->port->end(cpio->port->user) : 0;
}

/* Of the file, then of what fills it up. */
static int data(struct cpio *cpio, const char *bytes, size_t size, size_t *used)
{
	size_t take = smaller(size, cpio->left);
	int error = take && cpio->is_file ? cpio->port->data(bytes, take, cpio->port->user) : 0;

	*used = take;
	cpio->left -= (uint32_t)take;
	if (error || cpio->left > 0)
		return error;
	take = smaller(size - *used, cpio->padding);
	*used += take;
	cpio->padding -= (uint32_t)take;
	return cpio->padding == 0 ? end_file(cpio) : 0;
}

int cpio_feed(struct cpio *cpio, const void *bytes, size_t size, size_t *ret_used)
{
	static int (*const steps[])(struct cpio * cpio, const char *bytes, size_t size,
				    size_t *used) = {
		[CPIO_BETWEEN] = between,
		[CPIO_HEADER] = header,
		[CPIO_NAME] = name,
		[CPIO_DATA] = data,
	};
	size_t at = 0;
	int error = 0;

	/* A file without data ends without bytes. */
	while (!error && cpio->state < CPIO_OTHER &&
	       (at < size || (cpio->state == CPIO_DATA && cpio->left == 0 && cpio->padding == 0))) {
		size_t used = 0;

		error = steps[cpio->state](cpio, (const char *)bytes + at, size - at, &used);
		at += used;
	}
	cpio->offset += at;
	*ret_used = at;
	return error;
}
