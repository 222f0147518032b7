/* compare.c: what differs from the last good generation
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "recovery/cleanup.h"
#include "recovery/generation.h"
#include "recovery/inventory.h"
#include "recovery/safe_path.h"
#include "recovery/watched_path.h"

#define NANO 1000000000

struct comparing {
	const struct context *context;
	const struct product_list *products;
	struct watched_paths paths;
	struct inventory good, now;
	int64_t good_time;
	bool *was_known; /* per product: the generation has files of it */
	bool *is_there;	 /* per product: there are files of it now */
	struct change_list *changes;
};

/* --- the list ------------------------------------------------------------------------------ */

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

static char *copy_or_null(const char *text, bool *failed)
{
	char *copy = text ? strdup(text) : NULL;

	*failed |= text && !copy;
	return copy;
}

/* `before` or `now` is NULL where the file was added or removed. */
static int add_change(struct change_list *list, const struct inventory_file *before,
		      const struct inventory_file *now, int64_t time)
{
	const struct inventory_file *file = now ? now : before;
	struct change *items = reallocarray(list->items, list->count + 1, sizeof(*items));
	struct change *change;
	bool failed = false;

	if (!items)
		return -ENOMEM;
	list->items = items;
	change = &items[list->count++];
	*change = (struct change){
		.product = copy_or_null(file->product, &failed),
		.kind = copy_or_null(file->kind, &failed),
		.path = copy_or_null(file->path, &failed),
		.set_name = copy_or_null(file->set_name, &failed),
		.how = !before ? 'a' :
		       now     ? 'm' :
				 'r',
		.before_sha256 = copy_or_null(before ? before->sha256 : NULL, &failed),
		.after_sha256 = copy_or_null(now ? now->sha256 : NULL, &failed),
		.time = time,
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

/* --- what counts --------------------------------------------------------------------------- */

/* The place of a product in the list, or their number. */
static size_t find_product(const struct product_list *products, const char *id)
{
	size_t i = 0;

	while (i < products->count && strcmp(products->items[i].id, id) != 0)
		i++;
	return i;
}

static void note_products(const struct product_list *products, const struct inventory *inventory,
			  bool *ret)
{
	const char *last = NULL;

	for (size_t i = 0; i < inventory->count; i++) {
		size_t at;

		if (inventory->files[i].product == last)
			continue; /* equal words are one pointer */
		last = inventory->files[i].product;
		at = find_product(products, last);
		if (at < products->count)
			ret[at] = true;
	}
}

/* A file that was there before, only nobody looked at it, is nothing new. */
static bool is_new(const struct comparing *comparing, const struct inventory_file *now)
{
	size_t product = find_product(comparing->products, now->product);

	return (product < comparing->products->count && comparing->was_known[product]) ||
	       now->ctime_ns / NANO >= comparing->good_time;
}

/* "/lib/modules/6.1.0/updates/x.ko": is there still a folder 6.1.0? */
static bool has_kernel(const struct comparing *comparing, const char *path)
{
	const char *below = safe_path_below(comparing->paths.modules, path);
	char folder[PATH_MAX];
	int fd;

	if (!below)
		return true;
	snprintf(folder, sizeof(folder), "%.*s", (int)(below - path) + (int)strcspn(below, "/"),
		 path);
	fd = safe_path_open_folder(comparing->context, folder);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* A product that was taken off the machine, or whose file system is not there, has not removed files. */
static bool is_removed(const struct comparing *comparing, const struct inventory_file *before)
{
	size_t product = find_product(comparing->products, before->product);

	return product < comparing->products->count && comparing->is_there[product] &&
	       (strcmp(before->kind, "module") != 0 || has_kernel(comparing, before->path));
}

/* When the nearest folder around `path` changed. */
static int64_t removal_time(const struct comparing *comparing, const char *path)
{
	char folder[PATH_MAX];
	char *slash;

	snprintf(folder, sizeof(folder), "%s", path);
	while ((slash = strrchr(folder, '/')) && slash != folder) {
		owned_descriptor int fd = -1;
		struct stat stat;

		*slash = 0;
		fd = safe_path_open_folder(comparing->context, folder);
		if (fd >= 0 && fstat(fd, &stat) == 0)
			return stat.st_mtim.tv_sec;
	}
	return 0;
}

/* --- both inventories side by side --------------------------------------------------------- */

static int enter_added(const struct comparing *comparing, const struct inventory_file *now)
{
	return is_new(comparing, now) ?
		       add_change(comparing->changes, NULL, now, now->ctime_ns / NANO) :
		       0;
}

static int enter_removed(const struct comparing *comparing, const struct inventory_file *before)
{
	return is_removed(comparing, before) ? add_change(comparing->changes, before, NULL,
							  removal_time(comparing, before->path)) :
					       0;
}

static int enter_both(const struct comparing *comparing, const struct inventory_file *before,
		      const struct inventory_file *now)
{
	return strcmp(before->sha256, now->sha256) != 0 ?
		       add_change(comparing->changes, before, now, now->ctime_ns / NANO) :
		       0;
}

static int walk_both(const struct comparing *comparing)
{
	const struct inventory *good = &comparing->good, *now = &comparing->now;
	size_t g = 0, n = 0;
	int error = 0;

	while (!error && (g < good->count || n < now->count)) {
		int order = g == good->count ? 1 :
			    n == now->count  ? -1 :
					       strcmp(good->files[g].path, now->files[n].path);

		if (order < 0)
			error = enter_removed(comparing, &good->files[g++]);
		else if (order > 0)
			error = enter_added(comparing, &now->files[n++]);
		else
			error = enter_both(comparing, &good->files[g++], &now->files[n++]);
	}
	return error;
}

static int find_changes(struct comparing *comparing)
{
	int error;

	comparing->was_known = calloc(2 * comparing->products->count + 1, sizeof(bool));
	if (!comparing->was_known)
		return -ENOMEM;
	comparing->is_there = comparing->was_known + comparing->products->count;
	note_products(comparing->products, &comparing->good, comparing->was_known);
	note_products(comparing->products, &comparing->now, comparing->is_there);
	error = walk_both(comparing);
	free(comparing->was_known);
	return error;
}

static int compare(const struct context *context, struct database *database,
		   const struct product_list *products, bool by_stat, struct change_list *changes)
{
	struct comparing comparing = { .context = context,
				       .products = products,
				       .changes = changes };
	const struct inventory_survey survey = { .known = &comparing.good, .by_stat = by_stat };
	int error = generation_last_good(database, &changes->generation, &comparing.good_time);

	if (error || changes->generation == 0)
		return error;
	error = watched_paths_make(context, products, &comparing.paths);
	if (!error)
		error = inventory_load(database, changes->generation, &comparing.good);
	if (!error)
		error = inventory_take(context, products, &comparing.paths, &survey,
				       &comparing.now);
	if (!error)
		error = find_changes(&comparing);
	inventory_free(&comparing.good);
	inventory_free(&comparing.now);
	watched_paths_free(&comparing.paths);
	if (!error && changes->count)
		qsort(changes->items, changes->count, sizeof(*changes->items), compare_times);
	return error;
}

int generation_compare(const struct context *context, struct database *database,
		       const struct product_list *products, struct change_list *ret)
{
	struct change_list changes = { 0 };
	int error = compare(context, database, products, false, &changes);

	if (error)
		change_list_free(&changes);
	else
		*ret = changes;
	return error;
}

int generation_differs(const struct context *context, struct database *database,
		       const struct product_list *products, bool *ret_changed)
{
	struct change_list changes = { 0 };
	int error = compare(context, database, products, true, &changes);

	if (!error)
		*ret_changed = changes.count > 0;
	change_list_free(&changes);
	return error;
}
