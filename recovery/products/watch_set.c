/* watch_set.c: the products this machine watches
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/products/watch_set.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/document.h"
#include "recovery/inventory/loaded_module.h"
#include "recovery/inventory/module_path.h"
#include "recovery/process.h"
#include "recovery/products/home_folder.h"
#include "recovery/safe_path.h"
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

#define FOLDERS (sizeof(folders) / sizeof(folders[0]))

/* What is gathered while the folders are read. */
struct loading {
	const struct context *context;
	struct confirmation_source source;
	struct text_list homes; /* read with the first product that is here */
	bool homes_read;
	struct product_list list;
	struct text_list *problems; /* may be NULL */
};

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

static int add_problem(struct loading *loading, const char *problem)
{
	return loading->problems ? text_list_add(loading->problems, problem) : 0;
}

/* What both claim, and what kind of thing that is; NULL: nothing. */
static const char *find_shared(const struct product *one, const struct product *other,
			       const char **ret_kind)
{
	static const struct {
		const char *kind;
		const char *(*find)(const struct product *one, const struct product *other);
	} finders[] = {
		{ "", product_shared_path },
		{ "the unit ", product_shared_unit },
		{ "the module ", product_shared_module },
	};
	const char *shared = NULL;

	for (size_t i = 0; !shared && i < sizeof(finders) / sizeof(finders[0]); i++) {
		*ret_kind = finders[i].kind;
		shared = finders[i].find(one, other);
	}
	return shared;
}

/* Whether an earlier product has what this one claims too; then with the problem. */
static bool has_rival(const struct product_list *list, const struct product *product,
		      char *ret_problem, size_t size)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct product *rival = &list->items[i];
		const char *kind, *shared = find_shared(product, rival, &kind);

		if (!shared)
			continue;
		snprintf(ret_problem, size, "%s: %s%s belongs to %s, which %s describes",
			 product->file, kind, shared, rival->id, rival->file);
		return true;
	}
	return false;
}

/* The first path of the product that is protected under another name, or NULL. */
static const char *find_protected(const struct context *context, const struct product *product)
{
	const char *path;

	for (size_t i = 0; (path = product_path(product, i)); i++)
		if (safe_path_is_protected(context, path))
			return path;
	return NULL;
}

/* What is wrong with a sound file on this machine: false, or true with the problem. What is claimed twice would be set aside
 * for the faults of another, so it stays with who was read first. */
static bool claims_too_much(const struct loading *loading, const struct product *product,
			    char *ret_problem, size_t size)
{
	const char *path = product_path_around(product, &loading->homes);

	if (path) {
		snprintf(ret_problem, size, "%s: %s touches a home directory", product->file, path);
		return true;
	}
	path = find_protected(loading->context, product);
	if (path) {
		snprintf(ret_problem, size, "%s: %s is protected and never set aside",
			 product->file, path);
		return true;
	}
	return has_rival(&loading->list, product, ret_problem, size);
}

/* Takes over the product, or frees it with a problem. With an error it is still the caller's. */
static int add_or_refuse(struct loading *loading, struct product *product)
{
	char problem[2 * PATH_MAX + PRODUCT_PROBLEM_SIZE];
	int error = loading->homes_read ? 0 : home_folders_load(loading->context, &loading->homes);

	if (error)
		return error;
	loading->homes_read = true;
	if (!claims_too_much(loading, product, problem, sizeof(problem)))
		return add_product(&loading->list, product);
	error = add_problem(loading, problem);
	if (!error)
		product_free(product);
	return error;
}

/* Package managers know files of merged systems by either name, so these stay as they are listed. */
static int settle_path(const struct context *context, char **path)
{
	char canonical[PATH_MAX];
	char *copy;

	if (safe_path_canonical(context, *path, canonical) != 0 || strcmp(canonical, *path) == 0 ||
	    strcmp(safe_path_without_usr(canonical), *path) == 0)
		return 0;
	copy = strdup(canonical);
	if (!copy)
		return -ENOMEM;
	free(*path);
	*path = copy;
	return 0;
}

/* The program only: what its arguments mean is its own affair. */
static int settle_program(const struct context *context, struct text_list *words)
{
	return words->count ? settle_path(context, &words->items[0]) : 0;
}

/* The paths become those that the machine has: where /opt is a link, the product is where it leads. */
static int settle_paths(const struct context *context, struct product *product)
{
	struct text_list *const lists[] = { &product->code_paths, &product->content_paths,
					    &product->state_paths };
	struct text_list *const commands[] = { &product->reduced_enter, &product->reduced_leave,
					       &product->health, &product->restore };
	int error = 0;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (size_t k = 0; !error && k < lists[i]->count; k++)
			error = settle_path(context, &lists[i]->items[k]);
	for (size_t i = 0; !error && i < product->content_set_count; i++) {
		struct content_set *set = &product->content_sets[i];

		error = settle_path(context, &set->path);
		if (!error && set->manifest)
			error = settle_path(context, &set->manifest);
	}
	for (size_t i = 0; !error && i < sizeof(commands) / sizeof(commands[0]); i++)
		error = settle_program(context, commands[i]);
	return error;
}

/* Takes over the product if anything of it is on this machine. */
static int take(struct loading *loading, struct product *product)
{
	int error = confirmation_ask(loading->context, &loading->source, product,
				     &product->confirmation);
	bool here = !error && product->confirmation.kind != CONFIRMATION_NONE;

	if (here)
		error = settle_paths(loading->context, product);
	if (here && !error)
		error = add_or_refuse(loading, product);
	if (error || !here)
		product_free(product);
	return error;
}

/* Everything that is wrong with one file is a line of the problems; only missing memory is an error. */
static int load_file(struct loading *loading, const char *path, bool trusted)
{
	char problem[PRODUCT_PROBLEM_SIZE + PATH_MAX];
	owned char *text = NULL;
	struct product product;
	size_t length;
	int error = system_read(loading->context, path, DOCUMENT_SIZE_MAX, &text, &length);

	if (error) {
		snprintf(problem, sizeof(problem), "%s: %s", path, strerror(-error));
		return error == -ENOMEM ? error : add_problem(loading, problem);
	}
	if (length == 0)
		return 0; /* an empty file hides the one it replaces */
	error = product_parse(path, text, length, &product, problem);
	if (error)
		return error == -ENOMEM ? error : add_problem(loading, problem);
	product.trusted = trusted;
	if (has_id(&loading->list, product.id)) {
		snprintf(problem, sizeof(problem), "%s: /id: %s is described by another file", path,
			 product.id);
		product_free(&product);
		return add_problem(loading, problem);
	}
	return take(loading, &product);
}

static bool is_replaced(const struct text_list names[FOLDERS], size_t folder, const char *name)
{
	for (size_t i = folder + 1; i < FOLDERS; i++)
		if (text_list_has(&names[i], name))
			return true;
	return false;
}

static int load_folder(struct loading *loading, const struct text_list names[FOLDERS],
		       size_t folder)
{
	char path[PATH_MAX];
	int error = 0;

	for (size_t i = 0; !error && i < names[folder].count; i++) {
		if (is_replaced(names, folder, names[folder].items[i]))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folders[folder].path, names[folder].items[i]);
		error = load_file(loading, path, folders[folder].trusted);
	}
	return error;
}

int watch_set_survey(const struct context *context, struct product_list *ret,
		     struct text_list *ret_problems)
{
	struct loading loading = { .context = context, .problems = ret_problems };
	struct text_list names[FOLDERS] = { 0 };
	int error = 0;

	/* Another root has another rpm, which is not started. */
	if (context->root[0] == '\0')
		loading.source.processes = process_of_machine();
	for (size_t i = 0; !error && i < FOLDERS; i++)
		error = list_folder(context, folders[i].path, &names[i]);
	/* The admin's word comes first where two files claim one id. */
	for (size_t i = FOLDERS; !error && i > 0; i--)
		error = load_folder(&loading, names, i - 1);
	for (size_t i = 0; i < FOLDERS; i++)
		text_list_free(&names[i]);
	confirmation_source_free(&loading.source);
	text_list_free(&loading.homes);
	if (error) {
		product_list_free(&loading.list);
		return error;
	}
	*ret = loading.list;
	return 0;
}

int watch_set_load(const struct context *context, struct product_list *ret,
		   struct text_list *ret_problems)
{
	struct product_list list;
	size_t kept = 0;
	int error = watch_set_survey(context, &list, ret_problems);

	if (error)
		return error;
	for (size_t i = 0; i < list.count; i++)
		if (confirmation_acts(&list.items[i].confirmation))
			list.items[kept++] = list.items[i];
		else
			product_free(&list.items[i]);
	list.count = kept;
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

/* The kernel module a path under /lib/modules holds; "" if it is none. */
static void module_of(const char *path, char ret_name[NAME_MAX + 1])
{
	char kernel[NAME_MAX + 1];

	if (!module_path_kernel(path, kernel) || !module_path_name(path, ret_name))
		ret_name[0] = 0;
}

const struct product *watch_set_owner(const struct product_list *products, const char *path)
{
	char module[NAME_MAX + 1];

	if (path[0] != '/')
		return NULL;
	module_of(path, module);
	for (size_t i = 0; i < products->count; i++) {
		const struct product *product = &products->items[i];

		if (is_below_any(path, &product->state_paths))
			continue;
		if (is_below_any(path, &product->code_paths) ||
		    is_below_any(path, &product->content_paths) || is_in_set(path, product) ||
		    (module[0] && product_lists_module(product, module)))
			return product;
	}
	return NULL;
}

const struct product *watch_set_executable_owner(const struct product_list *products,
						 const char *path)
{
	const struct product *owner = watch_set_owner(products, path);

	return owner ? owner : watch_set_owner(products, safe_path_without_usr(path));
}

const struct product *watch_set_module_owner(const struct product_list *products, const char *name)
{
	for (size_t i = 0; name[0] && i < products->count; i++)
		if (product_lists_module(&products->items[i], name))
			return &products->items[i];
	return NULL;
}

const struct product *watch_set_unit_owner(const struct product_list *products, const char *name)
{
	for (size_t i = 0; name[0] && i < products->count; i++)
		if (text_list_has(&products->items[i].units, name))
			return &products->items[i];
	return NULL;
}

int watch_set_loaded_modules(const struct context *context, const struct product_list *products,
			     struct text_list *ret)
{
	struct loaded_module_list modules;
	int error = loaded_modules_read(context, &modules);

	if (error)
		return error;
	for (size_t i = 0; !error && i < modules.count; i++)
		if (watch_set_module_owner(products, modules.items[i].name))
			error = text_list_add(ret, modules.items[i].name);
	loaded_modules_free(&modules);
	return error;
}
