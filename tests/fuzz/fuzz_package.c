/* fuzz_package.c: any bytes as dpkg's status file; the list is sorted and its names lead out of no folder
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/products/package.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct package_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct package *package = &list->items[i];

		if (strchr(package->name, '/') || strchr(package->architecture, '/') ||
		    package->state == PACKAGE_ABSENT ||
		    package_find(list, package->name) != package ||
		    (i && strcmp(package[-1].name, package->name) >= 0))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct package_list list;
	FILE *file = size ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;

	if (!file)
		return 0;
	if (package_list_read(file, &list))
		abort();
	check(&list);
	package_list_free(&list);
	fclose(file);
	return 0;
}
