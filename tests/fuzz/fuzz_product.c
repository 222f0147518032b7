/* fuzz_product.c: any bytes as a product file; what is accepted holds nothing protected (R14)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/products/deny_list.h"
#include "recovery/products/watch_set.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_paths(const struct text_list *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		if (paths->items[i][0] != '/' || strstr(paths->items[i], "/../") ||
		    deny_list_has_path(paths->items[i]))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char problem[PRODUCT_PROBLEM_SIZE] = "";
	struct product product;

	if (product_parse("p", (const char *)data, size, &product, problem)) {
		if (!problem[0])
			abort();
		return 0;
	}
	check_paths(&product.code_paths);
	check_paths(&product.content_paths);
	for (size_t i = 0; i < product.units.count; i++)
		if (deny_list_has_unit(product.units.items[i]) ||
		    strchr(product.units.items[i], '/'))
			abort();
	for (size_t i = 0; i < product.modules.count; i++)
		if (deny_list_has_module(product.modules.items[i]) ||
		    product_entry_means_module(product.modules.items[i], "nf_tables") ||
		    product_entry_means_module(product.modules.items[i], "ext4"))
			abort();
	product_free(&product);
	return 0;
}
