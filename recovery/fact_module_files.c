/* fact_module_files.c: the files of loaded modules that do not belong to the kernel
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/digest.h"
#include "recovery/fact_kinds.h"
#include "recovery/loaded_module.h"
#include "recovery/module_files.h"
#include "recovery/system_file.h"

struct reading {
	const struct context *context;
	const char *kind;
	const struct loaded_module_list *modules;
	struct fact_list *ret;
};

static int add_file(const char *path, const char *name, void *user)
{
	const struct reading *reading = user;
	const struct loaded_module *module = loaded_modules_find(reading->modules, name);
	char sha256[DIGEST_TEXT_SIZE];
	owned_descriptor int fd = -1;

	if (!module || !loaded_module_is_foreign(module))
		return 0;
	fd = system_open(reading->context, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || digest_file(fd, sha256) != 0)
		return 0;
	return fact_list_add(reading->ret, reading->kind, path, sha256);
}

int fact_module_files_read(const struct context *context, const char *kind, struct fact_list *ret)
{
	struct loaded_module_list modules = { 0 };
	struct reading reading = { context, kind, &modules, ret };
	int error = loaded_modules_read(context, &modules);

	if (!error)
		error = module_files_visit(context, add_file, &reading);
	loaded_modules_free(&modules);
	return error;
}

/* --- for who asks more of them ------------------------------------------------------------- */

static bool is_of(const struct fact *fact, const char *kind, const char *name)
{
	return strcmp(fact->kind, kind) == 0 && (!name || strcmp(fact->name, name) == 0);
}

static int look_into(const struct context *context, const char *kind, const char *path,
		     struct fact_list *facts, fact_module_file_reader *read)
{
	owned_descriptor int fd = system_open(context, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);

	return fd < 0 ? 0 : read(kind, fd, path, facts);
}

int fact_module_files_each(const struct context *context, const char *kind, struct fact_list *facts,
			   fact_module_file_reader *read)
{
	size_t count = facts->count;
	bool known = false;
	int error = 0;

	for (size_t i = 0; !error && i < count; i++) {
		/* The list may move while it grows, the strings stay where they are. */
		const struct fact fact = facts->items[i];

		known |= is_of(&fact, FACT_READ, FACT_MODULE_FILE);
		if (is_of(&fact, FACT_MODULE_FILE, NULL))
			error = look_into(context, kind, fact.name, facts, read);
	}
	return error || known ? error : -ENODATA;
}
