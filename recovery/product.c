/* product.c: the memory of watched products
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/product.h"

#include <stdlib.h>

static void free_sets(struct product *product)
{
	for (size_t i = 0; i < product->content_set_count; i++) {
		free(product->content_sets[i].name);
		free(product->content_sets[i].path);
		free(product->content_sets[i].manifest);
	}
	free(product->content_sets);
}

void product_free(struct product *product)
{
	if (!product)
		return;
	free(product->id);
	free(product->vendor);
	free(product->product);
	text_list_free(&product->packages);
	text_list_free(&product->units);
	text_list_free(&product->modules);
	text_list_free(&product->code_paths);
	text_list_free(&product->content_paths);
	free_sets(product);
	text_list_free(&product->updater_units);
	free(product->reduced_mode);
	text_list_free(&product->health);
	text_list_free(&product->restore);
	text_list_free(&product->sources);
	free(product->file);
	*product = (struct product){ 0 };
}

void product_list_free(struct product_list *list)
{
	if (!list)
		return;
	for (size_t i = 0; i < list->count; i++)
		product_free(&list->items[i]);
	free(list->items);
	*list = (struct product_list){ 0 };
}
