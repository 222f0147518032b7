/* change.c: differences between two states of the watched files
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/change.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static char *copy_or_null(const char *text, bool *failed)
{
	char *copy = text ? strdup(text) : NULL;

	*failed |= text && !copy;
	return copy;
}

static int grow(struct change_list *list)
{
	size_t room = list->room ? 2 * list->room : 16;
	struct change *items = reallocarray(list->items, room, sizeof(*items));

	if (!items)
		return -ENOMEM;
	list->items = items;
	list->room = room;
	return 0;
}

int change_list_add(struct change_list *list, const struct change *like)
{
	bool failed = false;

	if (list->count == list->room && grow(list) != 0)
		return -ENOMEM;
	list->items[list->count++] = (struct change){
		.product = copy_or_null(like->product, &failed),
		.kind = copy_or_null(like->kind, &failed),
		.path = copy_or_null(like->path, &failed),
		.set_name = copy_or_null(like->set_name, &failed),
		.how = like->how,
		.before_sha256 = copy_or_null(like->before_sha256, &failed),
		.after_sha256 = copy_or_null(like->after_sha256, &failed),
		.time = like->time,
	};
	return failed ? -ENOMEM : 0;
}

static int compare_times(const void *one, const void *other)
{
	const struct change *a = one, *b = other;

	if (a->time != b->time)
		return a->time < b->time ? 1 : -1;
	return strcmp(a->path, b->path);
}

void change_list_sort(struct change_list *list)
{
	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), compare_times);
}

static void free_change(struct change *change)
{
	free(change->product);
	free(change->kind);
	free(change->path);
	free(change->set_name);
	free(change->before_sha256);
	free(change->after_sha256);
}

void change_list_free(struct change_list *list)
{
	if (!list)
		return;
	for (size_t i = 0; i < list->count; i++)
		free_change(&list->items[i]);
	free(list->items);
	*list = (struct change_list){ 0 };
}
