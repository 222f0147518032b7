/* loaded_module.c: the kernel modules that are loaded, and how they taint the kernel
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/loaded_module.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/system_file.h"

#define FOLDER		"/sys/module"
#define MODULES_MOST	8192
#define TAINT_FILE_MOST 64

static const struct {
	char letter;
	const char *sentence;
} meanings[] = {
	{ 'O', "built outside the kernel's tree" },
	{ 'E', "without a signature that this kernel trusts" },
	{ 'P', "with a licence of its own" },
	{ 'F', "loaded by force" },
	{ 'K', "changes the kernel while it runs" },
};

/* The capital letters of a module's taint file. */
static int read_taint(const struct context *context, const char *name, char *ret, size_t size)
{
	char path[PATH_MAX];
	owned char *text = NULL;
	size_t length, count = 0;
	int error;

	ret[0] = '\0';
	snprintf(path, sizeof(path), FOLDER "/%s/taint", name);
	error = system_read(context, path, TAINT_FILE_MOST, &text, &length);
	if (error)
		return error == -ENOMEM ? error : 0;
	for (size_t i = 0; i < length && count + 1 < size; i++)
		if (text[i] >= 'A' && text[i] <= 'Z')
			ret[count++] = text[i];
	ret[count] = '\0';
	return 0;
}

static int add(const struct context *context, struct loaded_module_list *list, const char *name)
{
	struct loaded_module *items = reallocarray(list->items, list->count + 1, sizeof(*items));

	if (!items)
		return -ENOMEM;
	list->items = items;
	items[list->count].name = strdup(name);
	if (!items[list->count].name)
		return -ENOMEM;
	list->count++;
	return read_taint(context, name, items[list->count - 1].taint,
			  sizeof(items[list->count - 1].taint));
}

static bool is_loaded(const struct context *context, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), FOLDER "/%s/initstate", name);
	return name[0] != '.' && system_exists(context, path);
}

static int by_name(const void *one, const void *other)
{
	return strcmp(((const struct loaded_module *)one)->name,
		      ((const struct loaded_module *)other)->name);
}

static int read_folder(const struct context *context, DIR *folder, struct loaded_module_list *list)
{
	struct dirent *entry;
	int error = 0;

	while (!error && list->count < MODULES_MOST && (entry = readdir(folder)))
		if (is_loaded(context, entry->d_name))
			error = add(context, list, entry->d_name);
	return error;
}

int loaded_modules_read(const struct context *context, struct loaded_module_list *ret)
{
	struct loaded_module_list list = { 0 };
	int fd = system_open(context, FOLDER, O_RDONLY | O_DIRECTORY);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	int error = 0;

	if (folder)
		error = read_folder(context, folder, &list);
	else if (fd >= 0)
		close(fd);
	if (folder)
		closedir(folder);
	if (error) {
		loaded_modules_free(&list);
		return error;
	}
	if (list.count)
		qsort(list.items, list.count, sizeof(*list.items), by_name);
	*ret = list;
	return 0;
}

const struct loaded_module *loaded_modules_find(const struct loaded_module_list *list,
						const char *name)
{
	const struct loaded_module wanted = { .name = (char *)name };

	return list->count ?
		       bsearch(&wanted, list->items, list->count, sizeof(*list->items), by_name) :
		       NULL;
}

bool loaded_module_is_foreign(const struct loaded_module *module)
{
	return strpbrk(module->taint, "OE") != NULL;
}

int loaded_module_reasons(const struct loaded_module *module, struct text_list *ret)
{
	int error = 0;

	for (size_t i = 0; !error && i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (strchr(module->taint, meanings[i].letter))
			error = text_list_add(ret, meanings[i].sentence);
	return error;
}

void loaded_modules_free(struct loaded_module_list *list)
{
	if (!list)
		return;
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].name);
	free(list->items);
	*list = (struct loaded_module_list){ 0 };
}
