/* proved_files.c: what stays known to be good of products that a start does not prove
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/proved_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void drop(struct inventory *inventory, const struct text_list *products)
{
	size_t kept = 0;

	for (size_t i = 0; i < inventory->count; i++) {
		struct inventory_file *file = &inventory->files[i];

		if (!text_list_has(products, file->product)) {
			inventory->files[kept++] = *file;
			continue;
		}
		free(file->path);
		free(file->attributes);
	}
	inventory->count = kept;
}

static int compare_paths(const void *one, const void *other)
{
	const struct inventory_file *a = one, *b = other;

	return strcmp(a->path, b->path);
}

/* What is moved is nobody's in `from`. */
static void move(struct inventory *to, struct inventory *from, const struct text_list *products)
{
	const struct inventory others = { .files = to->files, .count = to->count };

	for (size_t i = 0; i < from->count; i++) {
		struct inventory_file *file = &from->files[i];

		/* Another product may have it now. */
		if (!text_list_has(products, file->product) || inventory_find(&others, file->path))
			continue;
		to->files[to->count++] = *file;
		file->path = NULL;
		file->attributes = NULL;
	}
}

int proved_files_keep(struct inventory *now, struct inventory *proved,
		      const struct text_list *unproved)
{
	struct inventory_file *files;

	drop(now, unproved);
	files = reallocarray(now->files, now->count + proved->count + 1, sizeof(*files));
	if (!files)
		return -ENOMEM;
	now->files = files;
	now->room = now->count + proved->count + 1;
	move(now, proved, unproved);
	qsort(now->files, now->count, sizeof(*now->files), compare_paths);
	return 0;
}
