/* hold.c: bringing the hold list up to date
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/hold.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

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

/* The kernel's name of a module file: no folder, no ".ko", '-' as '_'. */
static void module_name(const char *path, char *ret, size_t size)
{
	const char *name = strrchr(path, '/');
	const char *ending;
	size_t length;

	name = name ? name + 1 : path;
	ending = strstr(name, ".ko");
	length = ending ? (size_t)(ending - name) : 0;
	snprintf(ret, size, "%.*s", (int)length, name);
	for (char *at = ret; *at; at++) {
		if (*at == '-')
			*at = '_';
	}
}

static int add_module_file(const struct database_row *row, void *user)
{
	struct hold_list *list = user;
	const char *path = database_text(row, 0);
	char name[NAME_MAX + 1];
	int error;

	if (!path)
		return 0;
	module_name(path, name, sizeof(name));
	error = add(list, HOLD_MODULE, name);
	return error ? error : add(list, HOLD_FILE, path);
}

int hold_collect(struct database *database, const struct product_list *products,
		 struct hold_list *ret)
{
	int error = 0;

	for (size_t i = 0; !error && i < products->count; i++) {
		error = add_all(ret, HOLD_UNIT, &products->items[i].units);
		if (!error)
			error = add_all(ret, HOLD_MODULE, &products->items[i].modules);
	}
	if (!error && database)
		error = database_query(database, add_module_file, ret,
				       "SELECT path FROM object WHERE kind='module' AND"
				       " generation=(SELECT MAX(id) FROM generation) ORDER BY path",
				       "");
	return error == -ENOMEM ? error : 0;
}

static int make_folder(const struct context *context)
{
	char path[PATH_MAX];
	int error = system_path(context, "/etc/daruma", path);

	if (error)
		return error;
	return mkdir(path, 0755) < 0 && errno != EEXIST ? -errno : 0;
}

int hold_refresh(const struct context *context, struct database *database,
		 const struct product_list *products)
{
	struct hold_list list = { .count = 0 };
	char path[PATH_MAX];
	int result = system_path(context, HOLD_LIST_FILE, path);

	if (!result)
		result = make_folder(context);
	if (!result)
		result = hold_collect(database, products, &list);
	if (!result)
		result = hold_list_write(&list, path);
	hold_list_free(&list);
	return result;
}
