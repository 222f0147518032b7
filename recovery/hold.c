/* hold.c: bringing the hold list up to date
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/hold.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "recovery/inventory/module_path.h"
#include "recovery/inventory/scan.h"
#include "recovery/inventory/watched_path.h"
#include "recovery/products/watch_set.h"
#include "recovery/system_file.h"

/* What the list does not accept (a pattern, a protected unit) and what is beyond its size is left out. */
static int add(struct hold_list *list, enum hold_kind kind, const char *name)
{
	int error = hold_list_add(list, kind, name);

	return error == -ENOMEM ? error : 0;
}

static int add_all(struct hold_list *list, enum hold_kind kind, const struct text_list *names)
{
	int error = 0;

	for (size_t i = 0; !error && i < names->count; i++)
		error = add(list, kind, names->items[i]);
	return error;
}

static int add_module_file(const struct scan_file *file, void *user)
{
	struct hold_list *list = user;
	char name[NAME_MAX + 1];
	int error;

	if (strcmp(file->kind, "module") != 0)
		return 0;
	module_path_name(file->path, name);
	error = add(list, HOLD_MODULE, name);
	return error ? error : add(list, HOLD_FILE, file->path);
}

/* The order of a folder's names is the file system's affair; the list must not change with it. */
static int by_kind_and_name(const void *one, const void *other)
{
	const struct hold_entry *a = one, *b = other;

	return a->kind != b->kind ? (int)a->kind - (int)b->kind : strcmp(a->name, b->name);
}

static int add_loaded_modules(const struct context *context, const struct product_list *products,
			      struct hold_list *list)
{
	struct text_list names = { 0 };
	int error = watch_set_loaded_modules(context, products, &names);

	if (!error)
		error = add_all(list, HOLD_MODULE, &names);
	text_list_free(&names);
	return error;
}

static int add_module_files(const struct context *context, const struct product_list *products,
			    struct hold_list *list)
{
	struct watched_paths paths = { 0 };
	int error = watched_paths_make(context, products, &paths);

	if (!error)
		error = scan_products(context, products, &paths, add_module_file, NULL, list);
	watched_paths_free(&paths);
	/* The names that products give are there all the same. */
	return error == -ENOMEM ? error : 0;
}

int hold_collect(const struct context *context, const struct product_list *products,
		 struct hold_list *ret)
{
	int error = 0;

	for (size_t i = 0; !error && i < products->count; i++) {
		error = add_all(ret, HOLD_UNIT, &products->items[i].units);
		/* An updater would put back what recovery is about to set aside. */
		if (!error)
			error = add_all(ret, HOLD_UNIT, &products->items[i].updater_units);
		if (!error)
			error = add_all(ret, HOLD_MODULE, &products->items[i].modules);
	}
	if (!error)
		error = add_loaded_modules(context, products, ret);
	if (!error && products->count > 0)
		error = add_module_files(context, products, ret);
	qsort(ret->items, ret->count, sizeof(ret->items[0]), by_kind_and_name);
	return error;
}

static int make_folder(const struct context *context)
{
	char path[PATH_MAX];
	int error = system_path(context, "/etc/daruma", path);

	if (error)
		return error;
	return mkdir(path, 0755) < 0 && errno != EEXIST ? -errno : 0;
}

int hold_refresh(const struct context *context, const struct product_list *products)
{
	struct hold_list list = { .count = 0 };
	char path[PATH_MAX];
	int result = system_path(context, HOLD_LIST_FILE, path);

	if (!result)
		result = make_folder(context);
	if (!result)
		result = hold_collect(context, products, &list);
	if (!result)
		result = hold_list_write(&list, path);
	hold_list_free(&list);
	return result;
}
