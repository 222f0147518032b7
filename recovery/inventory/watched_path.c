/* watched_path.c: the files and folders that products list, in one form and without doubles
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/watched_path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/safe_path.h"

#define MODULES "/lib/modules"

static int compare_paths(const void *one, const void *other)
{
	return strcmp(((const struct watched_path *)one)->path,
		      ((const struct watched_path *)other)->path);
}

static bool is_code_or_content(const struct watched_path *path)
{
	return !path->set_name[0] &&
	       (strcmp(path->kind, "code") == 0 || strcmp(path->kind, "content") == 0);
}

/* Whether one product lists the two as code and as content, of which one is or holds the other. */
static bool are_mixed(const struct watched_path *one, const struct watched_path *other)
{
	return one->product == other->product && is_code_or_content(one) &&
	       is_code_or_content(other) && strcmp(one->kind, other->kind) != 0 &&
	       (safe_path_below(one->path, other->path) || safe_path_below(other->path, one->path));
}

/* Lists are added in the order of precedence: a path that is there already stays as it is. */
static int add(const struct context *context, struct watched_paths *paths,
	       const struct watched_path *like)
{
	struct watched_path *items;
	char path[PATH_MAX];

	if (safe_path_canonical(context, like->path, path) != 0)
		return 0; /* the reader of product files lets none through */
	for (size_t i = 0; i < paths->count; i++) {
		if (strcmp(paths->items[i].path, path) != 0)
			continue;
		paths->items[i].by_type |= are_mixed(
			&paths->items[i], &(struct watched_path){ path, like->product, like->kind,
								  like->set_name, false });
		return 0;
	}
	items = reallocarray(paths->items, paths->count + 1, sizeof(*items));
	if (!items)
		return -ENOMEM;
	paths->items = items;
	items[paths->count] = *like;
	items[paths->count].path = strdup(path);
	return items[paths->count].path ? (paths->count++, 0) : -ENOMEM;
}

static int add_list(const struct context *context, struct watched_paths *paths,
		    const struct product *product, const struct text_list *list, const char *kind)
{
	int error = 0;

	for (size_t i = 0; !error && i < list->count; i++)
		error = add(context, paths,
			    &(struct watched_path){ list->items[i], product->id, kind, "", false });
	return error;
}

static int add_sets(const struct context *context, struct watched_paths *paths,
		    const struct product *product)
{
	int error = 0;

	for (size_t i = 0; !error && i < product->content_set_count; i++) {
		const struct content_set *set = &product->content_sets[i];

		if (set->manifest)
			error = add(context, paths,
				    &(struct watched_path){ set->manifest, product->id, "manifest",
							    set->name, false });
		if (!error)
			error = add(context, paths,
				    &(struct watched_path){ set->path, product->id, "content",
							    set->name, false });
	}
	return error;
}

static int add_product(const struct context *context, struct watched_paths *paths,
		       const struct product *product)
{
	int error = add_list(context, paths, product, &product->state_paths, "state");

	if (!error)
		error = add_sets(context, paths, product);
	if (!error)
		error = add_list(context, paths, product, &product->content_paths, "content");
	if (!error)
		error = add_list(context, paths, product, &product->code_paths, "code");
	return error;
}

static void mark_mixed(struct watched_paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		for (size_t k = 0; k < i; k++)
			if (are_mixed(&paths->items[i], &paths->items[k]))
				paths->items[i].by_type = paths->items[k].by_type = true;
}

int watched_paths_make(const struct context *context, const struct product_list *products,
		       struct watched_paths *ret)
{
	struct watched_paths paths = { 0 };
	int error = safe_path_canonical(context, MODULES, paths.modules);

	for (size_t i = 0; !error && i < products->count; i++)
		error = add_product(context, &paths, &products->items[i]);
	if (error) {
		watched_paths_free(&paths);
		return error;
	}
	mark_mixed(&paths);
	if (paths.count)
		qsort(paths.items, paths.count, sizeof(*paths.items), compare_paths);
	*ret = paths;
	return 0;
}

void watched_paths_free(struct watched_paths *paths)
{
	if (!paths)
		return;
	for (size_t i = 0; i < paths->count; i++)
		free(paths->items[i].path);
	free(paths->items);
	*paths = (struct watched_paths){ 0 };
}

const struct watched_path *watched_path_at(const struct watched_paths *paths, const char *path)
{
	char wanted[PATH_MAX];
	const struct watched_path key = { .path = wanted };

	if (!paths->count || snprintf(wanted, sizeof(wanted), "%s", path) >= PATH_MAX)
		return NULL;
	return bsearch(&key, paths->items, paths->count, sizeof(*paths->items), compare_paths);
}

const struct watched_path *watched_path_around(const struct watched_paths *paths, const char *path)
{
	char folder[PATH_MAX];

	if (snprintf(folder, sizeof(folder), "%s", path) >= PATH_MAX)
		return NULL;
	while (folder[0]) {
		const struct watched_path *found = watched_path_at(paths, folder);
		char *slash = strrchr(folder, '/');

		if (found || !slash)
			return found;
		*slash = 0;
	}
	return NULL;
}

bool watched_path_is_state(const struct watched_path *path)
{
	return strcmp(path->kind, "state") == 0;
}

int watched_path_folder(const struct watched_paths *paths, const char *path,
			char ret_folder[PATH_MAX])
{
	const struct watched_path *around = watched_path_around(paths, path);
	const char *below = safe_path_below(paths->modules, path);

	if (around ? watched_path_is_state(around) : !below || !*below)
		return -EXDEV;
	snprintf(ret_folder, PATH_MAX, "%s", around ? around->path : paths->modules);
	if (around && strcmp(around->path, path) == 0) {
		char *slash = strrchr(ret_folder, '/');

		slash[slash == ret_folder] = 0;
	}
	return 0;
}
