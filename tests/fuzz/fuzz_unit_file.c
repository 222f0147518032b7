/* fuzz_unit_file.c: any bytes as a unit file; what comes out are absolute paths of one line
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/products/unit_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text_list programs = { 0 };
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	if (unit_file_programs(text, &programs))
		abort();
	for (size_t i = 0; i < programs.count; i++)
		if (programs.items[i][0] != '/' || strlen(programs.items[i]) >= PATH_MAX ||
		    strchr(programs.items[i], '\n'))
			abort();
	text_list_free(&programs);
	free(text);
	return 0;
}
