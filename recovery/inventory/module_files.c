/* module_files.c: where the files of kernel modules are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/module_files.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/inventory/fact_kinds.h"
#include "recovery/inventory/module_path.h"
#include "recovery/safe_path.h"
#include "recovery/system_file.h"

#define INDEX_MAX (16u << 20) /* modules.dep of a distribution's kernel has less than one */

static int find_folder(const struct context *context, char ret[PATH_MAX])
{
	char release[NAME_MAX + 1], folder[PATH_MAX];
	int error = fact_kernel_release(context, release);

	if (error)
		return error;
	snprintf(folder, sizeof(folder), "/lib/modules/%s", release);
	return safe_path_canonical(context, folder, ret);
}

/* A line: the path of a module below the folder, a colon, and those that it needs. */
static int visit_line(const char *folder, char *line, module_files_visitor *visit, void *user)
{
	char name[NAME_MAX + 1], path[PATH_MAX];

	line[strcspn(line, ":")] = 0;
	if (!module_path_name(line, name) ||
	    snprintf(path, sizeof(path), "%s/%s", folder, line) >= PATH_MAX ||
	    !safe_path_is_plain(path))
		return 0;
	return visit(path, name, user);
}

int module_files_visit(const struct context *context, module_files_visitor *visit, void *user)
{
	owned char *text = NULL;
	char folder[PATH_MAX], index[PATH_MAX];
	size_t length;
	int result = find_folder(context, folder);
	char *rest, *line;

	if (result)
		return result;
	if (snprintf(index, sizeof(index), "%s/modules.dep", folder) >= PATH_MAX)
		return -ENAMETOOLONG;
	result = system_read(context, index, INDEX_MAX, &text, &length);
	rest = text;
	while (!result && rest && (line = strsep(&rest, "\n")))
		result = visit_line(folder, line, visit, user);
	return result;
}
