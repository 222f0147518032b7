/* fuzz_hold_list.c: any bytes as a hold list and as a unit file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>

#include "recovery/early/hold_list.h"
#include "recovery/early/unit_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct unit_file unit = { .default_dependencies = true };
	struct hold_list list = { .count = 0 };

	hold_list_parse(&list, (const char *)data, size);
	for (size_t i = 0; i < list.count; i++) {
		if (!hold_list_accepts(list.items[i].kind, list.items[i].name))
			abort();
	}
	hold_list_free(&list);
	unit_file_parse((const char *)data, size, &unit);
	return 0;
}
