/* fuzz_administrators.c: any bytes as /etc/group and /etc/passwd, one after the other with a NUL between
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/early/administrators.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct administrators found;
	char *text = malloc(size + 2);
	size_t first;

	memcpy(text, data, size);
	text[size] = text[size + 1] = '\0';
	first = strlen(text);
	administrators_parse(text, text + first + 1, &found);
	if (found.count > ADMINISTRATORS_MOST)
		abort();
	for (size_t i = 0; i < found.count; i++)
		if (found.users[i] == 0)
			abort();
	free(text);
	return 0;
}
