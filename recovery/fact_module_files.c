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
#include "recovery/safe_path.h"
#include "recovery/system_file.h"

#define INDEX_MAX (16u << 20) /* modules.dep of a distribution's kernel has less than one */

/* "updates/acme-sensor.ko.xz" is that of acme_sensor: what stands before ".ko", with underscores. */
static bool module_name(const char *path, char ret[NAME_MAX + 1])
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	const char *end = strstr(base, ".ko");

	if (!end || end == base || end - base > NAME_MAX)
		return false;
	snprintf(ret, NAME_MAX + 1, "%.*s", (int)(end - base), base);
	for (char *at = ret; *at; at++)
		if (*at == '-')
			*at = '_';
	return true;
}

/* Whether the kernel says that it was not built with it: kernel, Documentation/admin-guide/tainted-kernels.rst, letter O. */
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

static int add_file(const struct context *context, const char *kind, const char *folder,
		    const char *relative, struct fact_list *ret)
{
	char path[PATH_MAX], sha256[DIGEST_TEXT_SIZE];
	owned_descriptor int fd = -1;

	if (snprintf(path, sizeof(path), "%s/%s", folder, relative) >= PATH_MAX ||
	    !safe_path_is_plain(path))
		return 0;
	fd = system_open(context, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || digest_file(fd, sha256) != 0)
		return 0;
	return fact_list_add(ret, kind, path, sha256);
}

static int find_folder(const struct context *context, char ret[PATH_MAX])
{
	char release[NAME_MAX + 1], folder[PATH_MAX];
	int error = fact_kernel_release(context, release);

	if (error)
		return error;
	snprintf(folder, sizeof(folder), "/lib/modules/%s", release);
	return safe_path_canonical(context, folder, ret);
}

/* A line of modules.dep(5): the path of a module below the folder, a colon, and those that it needs. */
static int look_at_line(const struct context *context, const char *kind, const char *folder,
			char *line, struct fact_list *ret)
{
	char name[NAME_MAX + 1];

	line[strcspn(line, ":")] = 0;
	if (!module_name(line, name) || !is_foreign(context, name))
		return 0;
	return add_file(context, kind, folder, line, ret);
}

int fact_module_files_read(const struct context *context, const char *kind, struct fact_list *ret)
{
	owned char *text = NULL;
	char folder[PATH_MAX], index[PATH_MAX];
	size_t length;
	int error = find_folder(context, folder);
	char *rest, *line;

	if (error)
		return error;
	if (snprintf(index, sizeof(index), "%s/modules.dep", folder) >= PATH_MAX)
		return -ENAMETOOLONG;
	error = system_read(context, index, INDEX_MAX, &text, &length);
	rest = text;
	while (!error && rest && (line = strsep(&rest, "\n")))
		error = look_at_line(context, kind, folder, line, ret);
	return error;
}
