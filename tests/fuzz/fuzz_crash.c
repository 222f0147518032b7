/* fuzz_crash.c: any bytes, in pieces of any size, as the text of a crash
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/crash/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *name, size_t size)
{
	if (!memchr(name, '\0', size))
		abort();
	for (; *name; name++) {
		if (*name <= ' ' || *name > '~')
			abort();
	}
}

static void check_all(const struct crash *crash)
{
	check(crash->function, sizeof(crash->function));
	check(crash->module, sizeof(crash->module));
	check(crash->program, sizeof(crash->program));
	check(crash->signature, sizeof(crash->signature));
	if (crash->class > CRASH_OPERATOR || crash->kind > CRASH_KIND_OTHER)
		abort();
	if ((crash->kind == CRASH_KIND_NONE) != (crash->signature[0] == '\0'))
		abort();
	/* Who is named is named by the kernel, and only one of them. */
	if (crash->origin != CRASH_ORIGIN_KERNEL && (crash->function[0] || crash->module[0]))
		abort();
	if (crash->program[0] && crash->module[0])
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct crash_reader *reader = malloc(sizeof(*reader));
	struct crash whole, pieces;
	size_t step = size > 0 ? data[0] % 61 + 1u : 1;

	if (!reader)
		abort();
	crash_reader_init(reader);
	crash_reader_feed(reader, data, size);
	crash_reader_finish(reader, &whole);
	check_all(&whole);
	crash_reader_init(reader);
	for (size_t at = 0; at < size; at += step)
		crash_reader_feed(reader, data + at, size - at < step ? size - at : step);
	crash_reader_finish(reader, &pieces);
	if (memcmp(&whole, &pieces, sizeof(whole)) != 0)
		abort();
	free(reader);
	return 0;
}
