/* module_hold.c: keeping the modules of watched products out until the guard has looked
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/early/module_hold.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH_MAX 16

static int print_lines(const struct hold_list *list, int fd)
{
	int lines = 0;

	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].kind != HOLD_MODULE)
			continue;
		if (dprintf(fd, "install %s /bin/false\n", list->items[i].name) < 0)
			return -EIO;
		lines++;
	}
	return lines;
}

static bool has_modules(const struct hold_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].kind == HOLD_MODULE)
			return true;
	}
	return false;
}

int module_hold_write(const struct hold_list *list, const char *folder, const char *name)
{
	char path[PATH_MAX];
	int fd, lines;

	if (!has_modules(list))
		return 0;
	if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	if (mkdir(folder, 0755) < 0 && errno != EEXIST)
		return -errno;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return -errno;
	lines = print_lines(list, fd);
	close(fd);
	return lines;
}

int module_hold_release(const char *folder, const char *name)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	if (unlink(path) == 0)
		return 1;
	return errno == ENOENT ? 0 : -errno;
}

/* A file name to the kernel's name of the module: what is before ".ko", '-' as '_'. */
static bool module_of_file(const char *file, char *ret, size_t size)
{
	const char *ending = strstr(file, ".ko");
	size_t length = ending ? (size_t)(ending - file) : 0;

	if (length == 0 || length >= size || (ending[3] != '\0' && ending[3] != '.'))
		return false;
	for (size_t i = 0; i < length; i++)
		ret[i] = file[i];
	ret[length] = '\0';
	for (char *at = ret; *at; at++) {
		if (*at == '-')
			*at = '_';
	}
	return true;
}

static int remove_below(const struct hold_list *list, int folder, unsigned depth)
{
	DIR *names = fdopendir(folder);
	struct dirent *entry;
	int removed = 0;

	if (!names) {
		close(folder);
		return 0;
	}
	while ((entry = readdir(names))) {
		char module[NAME_MAX + 1];
		int below;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (module_of_file(entry->d_name, module, sizeof(module)) &&
		    hold_list_has(list, HOLD_MODULE, module) &&
		    unlinkat(dirfd(names), entry->d_name, 0) == 0) {
			removed++;
			continue;
		}
		if (entry->d_type != DT_DIR || depth == DEPTH_MAX)
			continue;
		below = openat(dirfd(names), entry->d_name,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (below >= 0)
			removed += remove_below(list, below, depth + 1);
	}
	closedir(names);
	return removed;
}

int module_hold_remove_copies(const struct hold_list *list, const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : remove_below(list, fd, 0);
}
