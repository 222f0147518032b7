/* watch_set.c: the products this machine watches
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/watch_set.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/document.h"
#include "recovery/package.h"
#include "recovery/system_file.h"

#define FILES_MOST 512 /* of one folder */

/* In rising precedence. */
static const struct {
	const char *path;
	bool trusted;
} folders[] = {
	{ "/usr/share/daruma/products", false },
	{ "/usr/lib/daruma/products.d", true },
	{ "/etc/daruma/products.d", true },
};

static const char *const unit_folders[] = { "/etc/systemd/system", "/usr/lib/systemd/system",
					    "/lib/systemd/system" };

#define FOLDERS	     (sizeof(folders) / sizeof(folders[0]))
#define UNIT_FOLDERS (sizeof(unit_folders) / sizeof(unit_folders[0]))

static int compare_names(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

static bool is_product_file(const char *name)
{
	size_t length = strlen(name);

	return name[0] != '.' && length > 5 && length < 256 &&
	       strcmp(name + length - 5, ".json") == 0;
}

/* Names of the product files of one folder, sorted; an absent folder has none. */
static int list_folder(const struct context *context, const char *path, struct text_list *ret)
{
	int fd = system_open(context, path, O_RDONLY | O_DIRECTORY);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int error = 0;

	if (!folder) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while (!error && ret->count < FILES_MOST && (entry = readdir(folder)))
		if (is_product_file(entry->d_name))
			error = text_list_add(ret, entry->d_name);
	closedir(folder);
	if (ret->count)
		qsort(ret->items, ret->count, sizeof(*ret->items), compare_names);
	return error;
}

static bool exists(const struct context *context, const char *path)
{
	owned_descriptor int fd = system_open(context, path, O_PATH);

	return fd >= 0;
}

static bool has_unit_file(const struct context *context, const struct product *product)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < product->units.count; i++)
		for (size_t k = 0; k < UNIT_FOLDERS; k++) {
			snprintf(path, sizeof(path), "%s/%s", unit_folders[k],
				 product->units.items[i]);
			if (exists(context, path))
				return true;
		}
	return false;
}

static bool has_path(const struct context *context, const struct text_list *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		if (exists(context, paths->items[i]))
			return true;
	return false;
}

/* Does the machine itself say that the product is here? The cheap questions first. */
static bool is_present(const struct context *context, const struct product *product)
{
	return product->trusted || has_unit_file(context, product) ||
	       has_path(context, &product->code_paths) ||
	       has_path(context, &product->content_paths) ||
	       package_is_installed(context, &product->packages);
}

static bool has_id(const struct product_list *list, const char *id)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].id, id) == 0)
			return true;
	return false;
}

static int add_product(struct product_list *list, struct product *product)
{
	struct product *items = reallocarray(list->items, list->count + 1, sizeof(*items));

	if (!items)
		return -ENOMEM;
	list->items = items;
	items[list->count++] = *product;
	return 0;
}

static int add_problem(struct text_list *problems, const char *problem)
{
	return problems ? text_list_add(problems, problem) : 0;
}

/* Everything that is wrong with one file is a line in `problems`; only missing memory is an error. */
static int load_file(const struct context *context, const char *path, bool trusted,
		     struct product_list *list, struct text_list *problems)
{
	char problem[PRODUCT_PROBLEM_SIZE + PATH_MAX];
	owned char *text = NULL;
	struct product product;
	size_t length;
	int error = system_read(context, path, DOCUMENT_SIZE_MAX, &text, &length);

	if (error) {
		snprintf(problem, sizeof(problem), "%s: %s", path, strerror(-error));
		return error == -ENOMEM ? error : add_problem(problems, problem);
	}
	if (length == 0)
		return 0; /* an empty file hides the one it replaces */
	error = product_parse(path, text, length, &product, problem);
	if (error)
		return error == -ENOMEM ? error : add_problem(problems, problem);
	product.trusted = trusted;
	if (has_id(list, product.id)) {
		snprintf(problem, sizeof(problem), "%s: /id: %s is described by another file", path,
			 product.id);
		error = add_problem(problems, problem);
		product_free(&product);
		return error;
	}
	error = is_present(context, &product) ? add_product(list, &product) : -ENOENT;
	if (error)
		product_free(&product);
	return error == -ENOENT ? 0 : error;
}

static bool is_replaced(const struct text_list names[FOLDERS], size_t folder, const char *name)
{
	for (size_t i = folder + 1; i < FOLDERS; i++)
		if (text_list_has(&names[i], name))
			return true;
	return false;
}

static int load_folder(const struct context *context, const struct text_list names[FOLDERS],
		       size_t folder, struct product_list *list, struct text_list *problems)
{
	char path[PATH_MAX];
	int error = 0;

	for (size_t i = 0; !error && i < names[folder].count; i++) {
		if (is_replaced(names, folder, names[folder].items[i]))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folders[folder].path, names[folder].items[i]);
		error = load_file(context, path, folders[folder].trusted, list, problems);
	}
	return error;
}

int watch_set_load(const struct context *context, struct product_list *ret,
		   struct text_list *ret_problems)
{
	struct text_list names[FOLDERS] = { 0 };
	struct product_list list = { 0 };
	int error = 0;

	for (size_t i = 0; !error && i < FOLDERS; i++)
		error = list_folder(context, folders[i].path, &names[i]);
	/* The admin's word comes first where two files claim one id. */
	for (size_t i = FOLDERS; !error && i > 0; i--)
		error = load_folder(context, names, i - 1, &list, ret_problems);
	for (size_t i = 0; i < FOLDERS; i++)
		text_list_free(&names[i]);
	if (error) {
		product_list_free(&list);
		return error;
	}
	*ret = list;
	return 0;
}

static bool is_below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	return strncmp(path, folder, length) == 0 && (path[length] == 0 || path[length] == '/');
}

static bool is_below_any(const char *path, const struct text_list *folders_of)
{
	for (size_t i = 0; i < folders_of->count; i++)
		if (is_below(path, folders_of->items[i]))
			return true;
	return false;
}

static bool is_in_set(const char *path, const struct product *product)
{
	for (size_t i = 0; i < product->content_set_count; i++) {
		const struct content_set *set = &product->content_sets[i];

		if (is_below(path, set->path) ||
		    (set->manifest && strcmp(path, set->manifest) == 0))
			return true;
	}
	return false;
}

/* The kernel module a path under /lib/modules holds, with underscores; "" if it is none. */
static void module_of(const char *path, char *ret_name, size_t size)
{
	const char *name = strrchr(path, '/') + 1;
	const char *end = strstr(name, ".ko");

	ret_name[0] = 0;
	if (strncmp(path, "/usr/", 5) == 0)
		path += 4;
	if (strncmp(path, "/lib/modules/", 13) != 0 || !end || (size_t)(end - name) >= size)
		return;
	memcpy(ret_name, name, (size_t)(end - name));
	ret_name[end - name] = 0;
	for (char *at = ret_name; *at; at++)
		if (*at == '-')
			*at = '_';
}

const struct product *watch_set_owner(const struct product_list *products, const char *path)
{
	char module[128];

	if (path[0] != '/')
		return NULL;
	module_of(path, module, sizeof(module));
	for (size_t i = 0; i < products->count; i++) {
		const struct product *product = &products->items[i];

		if (is_below_any(path, &product->code_paths) ||
		    is_below_any(path, &product->content_paths) || is_in_set(path, product) ||
		    (module[0] && text_list_has(&product->modules, module)))
			return product;
	}
	return NULL;
}

const struct product *watch_set_module_owner(const struct product_list *products, const char *name)
{
	char plain[128];

	snprintf(plain, sizeof(plain), "%s", name);
	for (char *at = plain; *at; at++)
		if (*at == '-')
			*at = '_';
	for (size_t i = 0; i < products->count; i++)
		if (text_list_has(&products->items[i].modules, plain))
			return &products->items[i];
	return NULL;
}
