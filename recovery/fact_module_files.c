/* fact_module_files.c: the files of loaded modules that do not belong to the kernel
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/digest.h"
#include "recovery/fact_kinds.h"
#include "recovery/module_files.h"
#include "recovery/system_file.h"

struct reading {
	const struct context *context;
	const char *kind;
	struct fact_list *ret;
};

/* Whether the kernel says that it was not built with it: kernel, Documentation/admin-guide/tainted-kernels.rst,
 * letter O. */
static bool is_foreign(const struct context *context, const char *name)
{
	char path[PATH_MAX], letters[32];
	owned_descriptor int fd = -1;
	ssize_t length;

	snprintf(path, sizeof(path), "/sys/module/%s/taint", name);
	fd = system_open(context, path, O_RDONLY | O_NONBLOCK);
	length = fd < 0 ? 0 : read(fd, letters, sizeof(letters) - 1);
	return length > 0 && memchr(letters, 'O', (size_t)length);
}

static int add_file(const char *path, const char *name, void *user)
{
	const struct reading *reading = user;
	char sha256[DIGEST_TEXT_SIZE];
	owned_descriptor int fd = -1;

	if (!is_foreign(reading->context, name))
		return 0;
	fd = system_open(reading->context, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || digest_file(fd, sha256) != 0)
		return 0;
	return fact_list_add(reading->ret, reading->kind, path, sha256);
}

int fact_module_files_read(const struct context *context, const char *kind, struct fact_list *ret)
{
	struct reading reading = { context, kind, ret };

	return module_files_visit(context, add_file, &reading);
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
