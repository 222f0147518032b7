/* fact_modules.c: which kernel modules are loaded
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/inventory/fact_kinds.h"
#include "recovery/system_file.h"

#define LIST_MAX 1048576 /* bytes of /proc/modules */
#define WORD_MAX 128

/* Names of modules are names of C: what else stands there does not lead to a file. */
static bool is_name(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length < WORD_MAX &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
		       length;
}

/* What /sys says of the module, or "-". */
static void read_attribute(const struct context *context, const char *name, const char *attribute,
			   char ret[WORD_MAX])
{
	char path[PATH_MAX];
	owned_descriptor int fd = -1;
	ssize_t length;

	snprintf(path, sizeof(path), "/sys/module/%s/%s", name, attribute);
	fd = system_open(context, path, O_RDONLY | O_NONBLOCK);
	length = fd < 0 ? 0 : read(fd, ret, WORD_MAX - 1);
	ret[length > 0 ? length : 0] = 0;
	ret[strcspn(ret, "\n")] = 0;
	if (!ret[0])
		strcpy(ret, "-");
}

static int add_module(const struct context *context, const char *kind, const char *name,
		      struct fact_list *ret)
{
	char version[WORD_MAX], source[WORD_MAX], taint[WORD_MAX], value[4 * WORD_MAX];

	read_attribute(context, name, "version", version);
	read_attribute(context, name, "srcversion", source);
	read_attribute(context, name, "taint", taint);
	snprintf(value, sizeof(value), "%s %s %s", version, source, taint);
	return fact_list_add(ret, kind, name, value);
}

int fact_modules_read(const struct context *context, const char *kind, struct fact_list *ret)
{
	owned char *text = NULL;
	size_t length;
	int error = system_read(context, "/proc/modules", LIST_MAX, &text, &length);
	char *rest = text, *line;

	while (!error && rest && (line = strsep(&rest, "\n"))) {
		line[strcspn(line, " ")] = 0;
		if (is_name(line))
			error = add_module(context, kind, line, ret);
	}
	return error;
}
