/* fuzz_home_folder.c: any bytes as /etc/passwd; what comes out are plain paths that the deny list does not have already
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/products/deny_list.h"
#include "recovery/products/home_folder.h"
#include "recovery/safe_path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text_list homes = { 0 };
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	if (home_folders_read(text, &homes))
		abort();
	for (size_t i = 0; i < homes.count; i++)
		if (!safe_path_is_plain(homes.items[i]) || deny_list_has_path(homes.items[i]))
			abort();
	text_list_free(&homes);
	free(text);
	return 0;
}
