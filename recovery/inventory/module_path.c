/* module_path.c: what the path of a kernel module's file says
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/module_path.h"

#include <stdio.h>
#include <string.h>

#include "recovery/safe_path.h"

bool module_path_name(const char *path, char ret[NAME_MAX + 1])
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	const char *end = strstr(base, ".ko");

	ret[0] = 0;
	if (!end || end == base || end - base > NAME_MAX)
		return false;
	snprintf(ret, NAME_MAX + 1, "%.*s", (int)(end - base), base);
	for (char *at = ret; *at; at++)
		if (*at == '-')
			*at = '_';
	return true;
}

bool module_path_kernel(const char *path, char ret[NAME_MAX + 1])
{
	const char *below = safe_path_below("/lib/modules", safe_path_without_usr(path));
	size_t length = below ? strcspn(below, "/") : 0;

	ret[0] = 0;
	if (length == 0 || length > NAME_MAX || below[length] != '/')
		return false;
	snprintf(ret, NAME_MAX + 1, "%.*s", (int)length, below);
	return true;
}

bool module_path_is_kernels(const char *path)
{
	const char *below = safe_path_below("/lib/modules", safe_path_without_usr(path));
	char release[NAME_MAX + 1];

	return module_path_kernel(path, release) &&
	       strncmp(below + strlen(release), "/kernel/", strlen("/kernel/")) == 0;
}
