/* fuzz_module_imports.c: any bytes as the file of a kernel module
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/inventory/module_imports.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char words[MODULE_IMPORTS_TEXT_SIZE];
	unsigned imports = 0;

	if (module_imports_parse(data, size, &imports) != 0 && imports != 0)
		abort();
	module_imports_words(imports, words);
	if ((imports == 0) != (strcmp(words, "-") == 0) ||
	    strlen(words) + 1 >= MODULE_IMPORTS_TEXT_SIZE)
		abort();
	return 0;
}
