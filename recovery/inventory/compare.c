/* compare.c: what differs from the last good generation
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recovery/inventory/generation.h"
#include "recovery/inventory/inventory_compare.h"
#include "recovery/inventory/removal_time.h"
#include "recovery/inventory/watched_path.h"
#include "recovery/safe_path.h"

#define NANO 1000000000

struct comparing {
	const struct context *context;
	const struct product_list *products;
	struct watched_paths paths;
	struct inventory good, newest, now;
	int64_t good_time;
	bool *was_known; /* per product: the generation has files of it */
	bool *is_there;	 /* per product: there are files of it now */
	struct change_list *changes;
};

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
static bool is_new(const struct inventory_file *now, void *user)
{
	const struct comparing *comparing = user;
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

/* A product that was taken off the machine, or whose file system is not there, has not removed files; nor is a file removed
 * that the product has come to call its own state. */
static bool is_removed(const struct inventory_file *before, void *user)
{
	const struct comparing *comparing = user;
	size_t product = find_product(comparing->products, before->product);
	const struct watched_path *around = watched_path_around(&comparing->paths, before->path);

	return product < comparing->products->count && comparing->is_there[product] &&
	       !(around && watched_path_is_state(around)) &&
	       (strcmp(before->kind, "module") != 0 || has_kernel(comparing, before->path));
}

static int64_t time_of_removal(const struct inventory_file *before, void *user)
{
	const struct comparing *comparing = user;

	return removal_time(comparing->context, before->path);
}

/* --- all of it ----------------------------------------------------------------------------- */

static int find_changes(struct comparing *comparing)
{
	const struct inventory_rules rules = {
		.is_new = is_new,
		.is_removed = is_removed,
		.removal_time = time_of_removal,
		.user = comparing,
	};
	int error;

	comparing->was_known = calloc(2 * comparing->products->count + 1, sizeof(bool));
	if (!comparing->was_known)
		return -ENOMEM;
	comparing->is_there = comparing->was_known + comparing->products->count;
	note_products(comparing->products, &comparing->good, comparing->was_known);
	note_products(comparing->products, &comparing->now, comparing->is_there);
	error = inventory_compare(&comparing->good, &comparing->now, &rules, comparing->changes);
	free(comparing->was_known);
	return error;
}

/* An update that waits for the next start differs from the last good generation for weeks, and is asked for every few
 * minutes: what was read for the newest generation is not read again. */
static int load_newest(struct comparing *comparing, struct database *database)
{
	int64_t newest = 0;
	int error = database_number(database, &newest, "SELECT COALESCE(MAX(id),0) FROM generation",
				    "");

	if (error || newest == comparing->changes->generation)
		return error;
	return inventory_load(database, newest, &comparing->newest);
}

/* With changes->generation, which was taken at `time`. */
static int compare(const struct context *context, struct database *database,
		   const struct product_list *products, int64_t time, bool by_stat,
		   struct change_list *changes)
{
	struct comparing comparing = {
		.context = context, .products = products, .good_time = time, .changes = changes
	};
	const struct inventory_survey survey = {
		.known = &comparing.good,
		.read_since = &comparing.newest,
		.by_stat = by_stat,
	};
	int error = watched_paths_make(context, products, &comparing.paths);

	if (!error)
		error = inventory_load(database, changes->generation, &comparing.good);
	if (!error && !by_stat)
		error = load_newest(&comparing, database);
	if (!error)
		error = inventory_take(context, products, &comparing.paths, &survey,
				       &comparing.now);
	if (!error)
		error = find_changes(&comparing);
	inventory_free(&comparing.good);
	inventory_free(&comparing.newest);
	inventory_free(&comparing.now);
	watched_paths_free(&comparing.paths);
	return error;
}

static int compare_last_good(const struct context *context, struct database *database,
			     const struct product_list *products, bool by_stat,
			     struct change_list *changes)
{
	int64_t time;
	int error = generation_last_good(database, &changes->generation, &time);

	return error || changes->generation == 0 ?
		       error :
		       compare(context, database, products, time, by_stat, changes);
}

int generation_compare(const struct context *context, struct database *database,
		       const struct product_list *products, struct change_list *ret)
{
	struct change_list changes = { 0 };
	int error = compare_last_good(context, database, products, false, &changes);

	if (error)
		change_list_free(&changes);
	else
		*ret = changes;
	return error;
}

int generation_compare_since(const struct context *context, struct database *database,
			     const struct product_list *products, int64_t id,
			     struct change_list *ret)
{
	struct change_list changes = { .generation = id };
	int64_t time = -1;
	int error = database_number(database, &time, "SELECT time FROM generation WHERE id=?1", "i",
				    id);

	if (error || time < 0)
		return error ? error : -ESRCH;
	error = compare(context, database, products, time, false, &changes);
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
	int error = compare_last_good(context, database, products, true, &changes);

	if (!error)
		*ret_changed = changes.count > 0;
	change_list_free(&changes);
	return error;
}
