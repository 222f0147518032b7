/* system_file.c: small files of the system below --root
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/system_file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "recovery/cleanup.h"

#define FIRST_ROOM 4096 /* files in /proc and /sys have no size to go by */

int system_path(const struct context *context, const char *path, char ret_path[PATH_MAX])
{
	if (snprintf(ret_path, PATH_MAX, "%s%s", context->root, path) >= PATH_MAX)
		return -ENAMETOOLONG;
	return 0;
}

int system_open(const struct context *context, const char *path, int flags)
{
	struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	owned_descriptor int root = -1;
	long fd;

	if (context->root[0] == 0) {
		fd = open(path, flags | O_CLOEXEC);
		return fd < 0 ? -errno : (int)fd;
	}
	root = open(context->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return -errno;
	fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
	return fd < 0 ? -errno : (int)fd;
}

bool system_exists(const struct context *context, const char *path)
{
	owned_descriptor int fd = system_open(context, path, O_PATH);

	return fd >= 0;
}

static int check_kind(int fd)
{
	struct stat stat;

	if (fstat(fd, &stat) < 0)
		return -errno;
	if (S_ISDIR(stat.st_mode))
		return -EISDIR;
	return S_ISREG(stat.st_mode) ? 0 : -EINVAL;
}

static int grow(char **text, size_t *room, size_t most)
{
	size_t more = *room ? 2 * *room : FIRST_ROOM;
	char *larger;

	if (more > most + 1)
		more = most + 1;
	larger = realloc(*text, more + 1);
	if (!larger)
		return -ENOMEM;
	*text = larger;
	*room = more;
	return 0;
}

static int read_all(int fd, size_t most, char **text, size_t *length)
{
	size_t room = 0;
	ssize_t got = 1;

	*length = 0;
	while (got != 0) {
		int error = *length == room ? grow(text, &room, most) : 0;

		if (error)
			return error;
		got = read(fd, *text + *length, room - *length);
		if (got < 0 && errno != EINTR)
			return -errno;
		if (got > 0)
			*length += (size_t)got;
		if (*length > most)
			return -EFBIG;
	}
	(*text)[*length] = 0;
	return 0;
}

static int read_descriptor(int fd, size_t most, char **ret_text, size_t *ret_length)
{
	char *text = NULL;
	size_t length;
	int error = check_kind(fd);

	if (!error)
		error = read_all(fd, most, &text, &length);
	if (error) {
		free(text);
		return error;
	}
	*ret_text = text;
	*ret_length = length;
	return 0;
}

int system_read(const struct context *context, const char *path, size_t most, char **ret_text,
		size_t *ret_length)
{
	owned_descriptor int fd = system_open(context, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);

	return fd < 0 ? fd : read_descriptor(fd, most, ret_text, ret_length);
}

int system_read_named(const char *path, size_t most, char **ret_text, size_t *ret_length)
{
	owned_descriptor int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	return fd < 0 ? -errno : read_descriptor(fd, most, ret_text, ret_length);
}
