/* cgroup_unit.c: which unit of the system's service manager a process belongs to, by its control group
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/cgroup_unit.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* systemd.unit(5). */
#define NAME_LETTERS                                                                               \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"                           \
	":-_.\\@"

/* Kinds of units that have processes. */
static const char *const kinds[] = { ".service", ".scope", ".socket", ".mount", ".swap" };

static bool ends_with(const char *text, size_t length, const char *end)
{
	size_t size = strlen(end);

	return length > size && memcmp(text + length - size, end, size) == 0;
}

static bool is_unit(const char *name, size_t length)
{
	if (length >= CGROUP_UNIT_SIZE || strspn(name, NAME_LETTERS) < length)
		return false;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (ends_with(name, length, kinds[i]))
			return true;
	return false;
}

/* `path` ends at a newline or a NUL. */
static void find_in_path(const char *path, char ret[CGROUP_UNIT_SIZE])
{
	while (*path == '/') {
		const char *name = path + 1;
		size_t length = strcspn(name, "/\n");

		path = name + length;
		if (ends_with(name, length, ".slice"))
			continue;
		/* systemd puts it before what looks like a file of the control group. */
		if (*name == '_') {
			name++;
			length--;
		}
		if (is_unit(name, length)) {
			memcpy(ret, name, length);
			ret[length] = 0;
		}
		return;
	}
}

/* A line is a number, a colon, the controllers, a colon and a path. */
static void find_in_lines(const char *text, const char *controllers, char ret[CGROUP_UNIT_SIZE])
{
	size_t size = strlen(controllers);

	while (*text && !ret[0]) {
		size_t length = strcspn(text, "\n"), number = strspn(text, "0123456789");

		if (number > 0 && strncmp(text + number, controllers, size) == 0)
			find_in_path(text + number + size, ret);
		text += length + (text[length] == '\n');
	}
}

void cgroup_unit_find(const char *text, char ret[CGROUP_UNIT_SIZE])
{
	ret[0] = 0;
	find_in_lines(text, "::", ret);
	if (!ret[0])
		find_in_lines(text, ":name=systemd:", ret);
}
