/* fact_units.c: which units the administrator has enabled
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "recovery/inventory/fact_kinds.h"
#include "recovery/system_file.h"

#define UNITS_FOLDER "/etc/systemd/system"

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), size = strlen(end);

	return length > size && strcmp(text + length - size, end) == 0;
}

/* One name in a folder of links; what is no link enables nothing. */
static int add_link(int folder, const char *folder_name, const char *name, const char *kind,
		    struct fact_list *ret)
{
	char whole[2 * NAME_MAX + 2], target[PATH_MAX];
	ssize_t length = readlinkat(folder, name, target, sizeof(target) - 1);

	if (length < 0)
		return 0;
	target[length] = 0;
	snprintf(whole, sizeof(whole), "%s/%s", folder_name, name);
	return fact_list_add(ret, kind, whole, target);
}

static int add_folder(int parent, const char *name, const char *kind, struct fact_list *ret)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *names = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int error = 0;

	if (!names) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while (!error && (entry = readdir(names)))
		if (entry->d_name[0] != '.')
			error = add_link(fd, name, entry->d_name, kind, ret);
	closedir(names);
	return error;
}

int fact_units_read(const struct context *context, const char *kind, struct fact_list *ret)
{
	int fd = system_open(context, UNITS_FOLDER, O_RDONLY | O_DIRECTORY);
	DIR *names = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int error = 0;

	if (!names) {
		error = -errno;
		if (fd < 0)
			return fd;
		close(fd);
		return error;
	}
	while (!error && (entry = readdir(names)))
		if (ends_with(entry->d_name, ".wants") || ends_with(entry->d_name, ".requires"))
			error = add_folder(fd, entry->d_name, kind, ret);
	closedir(names);
	return error;
}
