/* fuzz_loader_default.c: any bytes as the variable LoaderEntryDefault; a default that was read can be put back
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/boot/boot_loader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CAPACITY 4096

/* What the firmware holds. */
static uint8_t stored[CAPACITY];
static size_t stored_size;

static int read_stored(const char *guid, const char *name, uint8_t *buffer, size_t size,
		       size_t *ret_size, uint32_t *ret_attributes)
{
	(void)guid;
	(void)name;
	if (stored_size > size)
		return -E2BIG;
	memcpy(buffer, stored, stored_size);
	*ret_size = stored_size;
	*ret_attributes = 7;
	return 0;
}

static int write_stored(const char *guid, const char *name, const uint8_t *bytes, size_t size,
			uint32_t attributes)
{
	(void)guid;
	(void)name;
	if (attributes != 7 || size > sizeof(stored))
		abort();
	memcpy(stored, bytes, size);
	stored_size = size;
	return 0;
}

static int remove_stored(const char *guid, const char *name)
{
	(void)guid;
	(void)name;
	stored_size = 0;
	return 0;
}

/* Bytes of the text before its zero or its end. */
static size_t text_size(const uint8_t *bytes, size_t size)
{
	size_t at = 0;

	while (at + 1 < size && (bytes[at] || bytes[at + 1]))
		at += 2;
	return at;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct variables variables = { .read = read_stored,
						    .write = write_stored,
						    .remove = remove_stored };
	const struct context context = { .root = "/nonexistent" };
	const struct boot_loader_access access = { .context = &context, .variables = &variables };
	char entry[BOOT_LOADER_ENTRY_SIZE] = "";

	if (size > sizeof(stored))
		return 0;
	memcpy(stored, data, size);
	stored_size = size;
	if (boot_loader_systemd_boot.read(&access, entry) != 0)
		return 0;
	if (boot_loader_systemd_boot.set(&access, "ours.conf") != 0 ||
	    boot_loader_systemd_boot.undo(&access, "ours.conf", entry[0] ? entry : NULL) != 0)
		abort();
	if (text_size(stored, stored_size) != text_size(data, size) ||
	    memcmp(stored, data, text_size(data, size)) != 0)
		abort();
	return 0;
}
