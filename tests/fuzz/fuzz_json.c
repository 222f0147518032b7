/* fuzz_json.c: any bytes as JSON; what is read is printed and read again to the same text
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_again(const struct json *value, const char *first)
{
	struct json *again = NULL;
	char problem[128];
	char *second;

	(void)value;
	if (json_parse(first, strlen(first), &again, problem, sizeof(problem)))
		abort();
	second = json_print(again, false);
	if (!second || strcmp(first, second) != 0)
		abort();
	free(second);
	json_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json *value = NULL;
	char problem[128] = "";
	char *text;

	if (json_parse((const char *)data, size, &value, problem, sizeof(problem))) {
		if (value || !problem[0])
			abort();
		return 0;
	}
	text = json_print(value, false);
	if (!text)
		abort();
	check_again(value, text);
	free(text);
	json_free(value);
	return 0;
}
