/* fuzz_loader_entry.c: any bytes as an entry of the Boot Loader Specification, and as the name of its file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/boot/loader_entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char id[LOADER_ENTRY_ID_MAX];
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	if (loader_entry_is_of(text, size, "6.1.0-13-amd64") && size < sizeof("6.1.0-13-amd64"))
		abort();
	if (loader_entry_id(text, id) && (strchr(id, '/') || !strstr(id, ".conf")))
		abort();
	free(text);
	return 0;
}
