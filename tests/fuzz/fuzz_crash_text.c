/* fuzz_crash_text.c: any bytes as the text of a crash
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/crash_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *name)
{
	if (!memchr(name, '\0', CRASH_NAME_SIZE))
		abort();
	for (; *name; name++) {
		if (*name <= ' ' || *name > '~')
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct crash crash;

	crash_text_read((const char *)data, size, &crash);
	check(crash.function);
	check(crash.module);
	if (crash.module[0] && !crash.function[0])
		abort();
	if (crash.class > CRASH_OPERATOR)
		abort();
	return 0;
}
