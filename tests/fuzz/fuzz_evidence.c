/* fuzz_evidence.c: names of crash dumps, a line each; their order does not matter
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policy/evidence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NAMES_MOST 64

struct name {
	const char *text;
	size_t length;
};

static size_t split(const uint8_t *data, size_t size, struct name names[NAMES_MOST])
{
	const char *at = (const char *)data;
	const char *end = at + size;
	size_t count = 0;

	while (at < end && count < NAMES_MOST) {
		const char *line = memchr(at, '\n', (size_t)(end - at));

		names[count].text = at;
		names[count++].length = (size_t)((line ? line : end) - at);
		at = line ? line + 1 : end;
	}
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct name names[NAMES_MOST];
	struct daruma_dumps forward = { 0 };
	struct daruma_dumps backward = { 0 };
	size_t count = split(data, size, names);

	for (size_t i = 0; i < count; i++) {
		struct daruma_dumps before = forward;

		if (!daruma_dumps_add(&forward, names[i].text, names[i].length) &&
		    memcmp(&before, &forward, sizeof(before)) != 0)
			abort();
	}
	for (size_t i = count; i > 0; i--)
		(void)daruma_dumps_add(&backward, names[i - 1].text, names[i - 1].length);
	if (forward.count != backward.count || forward.sum != backward.sum ||
	    forward.newest != backward.newest || daruma_dumps_has_new(&forward, &forward))
		abort();
	return 0;
}
