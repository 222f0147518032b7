/* drop_in.c: drop-ins of one kind for units of /etc/systemd/system, told from those of others by their first line
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/drop_in.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/fresh_file.h"
#include "recovery/system_file.h"

#define ENDING ".d"

/* Opens the folder of the units; makes it, and the one above it, with `make`. */
static int open_units(const struct context *context, bool make)
{
	static const char *const steps[][2] = { { "/etc", "systemd" },
						{ "/etc/systemd", "system" } };

	for (size_t i = 0; make && i < sizeof(steps) / sizeof(steps[0]); i++) {
		owned_descriptor int above =
			system_open(context, steps[i][0], O_RDONLY | O_DIRECTORY);

		if (above < 0)
			return above;
		if (mkdirat(above, steps[i][1], 0755) < 0 && errno != EEXIST)
			return -errno;
	}
	return system_open(context, DROP_IN_FOLDER, O_RDONLY | O_DIRECTORY);
}

static int folder_name(const char *unit, char ret[NAME_MAX + 1])
{
	if (!*unit || *unit == '.' || strchr(unit, '/') ||
	    snprintf(ret, NAME_MAX + 1, "%s" ENDING, unit) > NAME_MAX)
		return -EINVAL;
	return 0;
}

static int open_folder(int units, const char *name, bool make)
{
	int fd;

	if (make && mkdirat(units, name, 0755) < 0 && errno != EEXIST)
		return -errno;
	fd = openat(units, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* The text of the drop-in; NULL where there is none. -EEXIST: it is another's. */
static int read_ours(int folder, const struct drop_in_kind *kind, char **ret)
{
	owned_descriptor int fd = openat(folder, kind->name,
					 O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC);
	owned char *text = NULL;
	struct stat stat;
	ssize_t length;

	*ret = NULL;
	if (fd < 0)
		return errno == ENOENT ? 0 : errno == ELOOP ? -EEXIST : -errno;
	if (fstat(fd, &stat) < 0)
		return -errno;
	if (!S_ISREG(stat.st_mode) || stat.st_size > DROP_IN_SIZE_MAX)
		return -EEXIST;
	text = malloc((size_t)stat.st_size + 1);
	length = text ? read(fd, text, (size_t)stat.st_size) : -1;
	if (length < 0)
		return text ? -errno : -ENOMEM;
	text[length] = '\0';
	if (strncmp(text, kind->first, strlen(kind->first)) != 0)
		return -EEXIST;
	*ret = text;
	text = NULL;
	return 0;
}

/* systemd reads *.conf only. */
static void fresh_name(const struct drop_in_kind *kind, char ret[NAME_MAX + 1])
{
	snprintf(ret, NAME_MAX + 1, "%s.new", kind->name);
}

int drop_in_write(const struct context *context, const struct drop_in_kind *kind, const char *unit,
		  const char *text)
{
	owned_descriptor int units = -1, folder = -1;
	owned char *present = NULL;
	char name[NAME_MAX + 1], fresh[NAME_MAX + 1];
	int error = folder_name(unit, name);

	if (error)
		return error;
	units = open_units(context, true);
	if (units < 0)
		return units;
	folder = open_folder(units, name, true);
	if (folder < 0)
		return folder;
	error = read_ours(folder, kind, &present);
	if (error || (present && strcmp(present, text) == 0))
		return error;
	fresh_name(kind, fresh);
	error = fresh_file_put(folder, kind->name, fresh, text);
	if (!error && fsync(units) < 0)
		error = -errno;
	return error ? error : 1;
}

int drop_in_remove(const struct context *context, const struct drop_in_kind *kind, const char *unit)
{
	owned_descriptor int units = -1, folder = -1;
	owned char *present = NULL;
	char name[NAME_MAX + 1], fresh[NAME_MAX + 1];
	int error = folder_name(unit, name);

	if (error)
		return error;
	units = open_units(context, false);
	if (units < 0)
		return units == -ENOENT ? 0 : units;
	folder = open_folder(units, name, false);
	if (folder < 0)
		return folder == -ENOENT ? 0 : folder;
	error = read_ours(folder, kind, &present);
	if (error || !present)
		return error;
	if (unlinkat(folder, kind->name, 0) < 0)
		return -errno;
	fresh_name(kind, fresh);
	unlinkat(folder, fresh, 0);
	if (fsync(folder) < 0)
		return -errno;
	unlinkat(units, name, AT_REMOVEDIR);
	return 1;
}

/* "x.service.d": whose drop-ins are in there. False for another name. */
static bool unit_of(const char *name, char ret[NAME_MAX + 1])
{
	size_t length = strlen(name), ending = sizeof(ENDING) - 1;

	if (name[0] == '.' || length <= ending || strcmp(name + length - ending, ENDING) != 0)
		return false;
	snprintf(ret, NAME_MAX + 1, "%.*s", (int)(length - ending), name);
	return true;
}

static int visit(int units, const char *name, const struct drop_in_kind *kind,
		 int (*each)(const char *unit, const char *text, void *user), void *user)
{
	owned_descriptor int folder = -1;
	owned char *text = NULL;
	char unit[NAME_MAX + 1];

	if (!unit_of(name, unit))
		return 0;
	folder = open_folder(units, name, false);
	/* What cannot be read as ours is not ours. */
	if (folder < 0 || read_ours(folder, kind, &text) != 0 || !text)
		return 0;
	return each(unit, text, user);
}

int drop_in_each(const struct context *context, const struct drop_in_kind *kind,
		 int (*each)(const char *unit, const char *text, void *user), void *user)
{
	int fd = open_units(context, false);
	struct dirent *entry;
	DIR *names;
	int result = 0;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	names = fdopendir(fd);
	if (!names) {
		close(fd);
		return -ENOMEM;
	}
	while (result == 0 && (errno = 0, entry = readdir(names)))
		result = visit(dirfd(names), entry->d_name, kind, each, user);
	if (result == 0 && errno)
		result = -errno;
	closedir(names);
	return result;
}
