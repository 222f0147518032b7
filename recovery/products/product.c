/* product.c: a watched product in memory
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/products/product.h"

#include <stdlib.h>
#include <string.h>

#include "recovery/safe_path.h"

const char *product_path(const struct product *product, size_t index)
{
	const struct text_list *lists[] = { &product->code_paths, &product->content_paths };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (index < lists[i]->count)
			return lists[i]->items[index];
		index -= lists[i]->count;
	}
	for (size_t i = 0; i < product->content_set_count; i++) {
		const struct content_set *set = &product->content_sets[i];

		if (index-- == 0)
			return set->path;
		if (set->manifest && index-- == 0)
			return set->manifest;
	}
	return NULL;
}

bool product_entry_means_module(const char *entry, const char *name)
{
	for (; *entry; entry++, name++) {
		if (entry[0] == '*' && entry[1] == '\0')
			return true;
		if (*entry != (*name == '-' ? '_' : *name))
			return false;
	}
	return *name == '\0';
}

bool product_lists_module(const struct product *product, const char *name)
{
	for (size_t i = 0; i < product->modules.count; i++)
		if (product_entry_means_module(product->modules.items[i], name))
			return true;
	return false;
}

const char *product_code_path(const struct product *product, const char *path)
{
	for (size_t i = 0; i < product->code_paths.count; i++)
		if (safe_path_below(product->code_paths.items[i], path))
			return product->code_paths.items[i];
	return NULL;
}

static bool have_common_files(const char *one, const char *other)
{
	one = safe_path_without_usr(one);
	other = safe_path_without_usr(other);
	return safe_path_below(one, other) || safe_path_below(other, one);
}

const char *product_shared_path(const struct product *one, const struct product *other)
{
	const char *path, *further;

	for (size_t i = 0; (path = product_path(one, i)); i++)
		for (size_t k = 0; (further = product_path(other, k)); k++)
			if (have_common_files(path, further))
				return path;
	return NULL;
}

static bool has_unit(const struct product *product, const char *unit)
{
	return text_list_has(&product->units, unit) || text_list_has(&product->updater_units, unit);
}

const char *product_shared_unit(const struct product *one, const struct product *other)
{
	const struct text_list *const lists[] = { &one->units, &one->updater_units };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (size_t k = 0; k < lists[i]->count; k++)
			if (has_unit(other, lists[i]->items[k]))
				return lists[i]->items[k];
	return NULL;
}

/* Two names or patterns that some module could bear. */
static bool may_mean_the_same(const char *one, const char *other)
{
	size_t first = strcspn(one, "*"), second = strcspn(other, "*");
	size_t length = first < second ? first : second;

	if (one[first] && other[second])
		return strncmp(one, other, length) == 0;
	return one[first] ? product_entry_means_module(one, other) :
			    product_entry_means_module(other, one);
}

const char *product_shared_module(const struct product *one, const struct product *other)
{
	for (size_t i = 0; i < one->modules.count; i++)
		for (size_t k = 0; k < other->modules.count; k++)
			if (may_mean_the_same(one->modules.items[i], other->modules.items[k]))
				return one->modules.items[i];
	return NULL;
}

const char *product_path_around(const struct product *product, const struct text_list *folders)
{
	const char *path;

	for (size_t i = 0; (path = product_path(product, i)); i++)
		for (size_t k = 0; k < folders->count; k++)
			if (have_common_files(path, folders->items[k]))
				return path;
	return NULL;
}

static void free_sets(struct product *product)
{
	for (size_t i = 0; i < product->content_set_count; i++) {
		free(product->content_sets[i].name);
		free(product->content_sets[i].path);
		free(product->content_sets[i].manifest);
	}
	free(product->content_sets);
}

bool product_has_read_only_content(const struct product *product)
{
	return product->trusted && product->bears_read_only_content;
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
	text_list_free(&product->signers);
	text_list_free(&product->code_paths);
	text_list_free(&product->content_paths);
	free_sets(product);
	text_list_free(&product->state_paths);
	text_list_free(&product->updater_units);
	text_list_free(&product->reduced_enter);
	text_list_free(&product->reduced_leave);
	text_list_free(&product->health);
	text_list_free(&product->restore);
	text_list_free(&product->sources);
	free(product->file);
	confirmation_free(&product->confirmation);
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

const struct product *product_list_find(const struct product_list *list, const char *id)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].id, id) == 0)
			return &list->items[i];
	return NULL;
}
