/* fresh_file.c: puts a small text in the place of a file, whole or not at all
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/fresh_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "recovery/cleanup.h"

static int write_fresh(int folder, const char *fresh, const char *text)
{
	owned_descriptor int fd =
		openat(folder, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	size_t length = strlen(text);
	ssize_t written;

	if (fd < 0)
		return -errno;
	written = write(fd, text, length);
	if (written != (ssize_t)length)
		return written < 0 ? -errno : -ENOSPC;
	return fsync(fd) < 0 ? -errno : 0;
}

int fresh_file_put(int folder, const char *name, const char *fresh, const char *text)
{
	int error = write_fresh(folder, fresh, text);

	if (!error && renameat(folder, fresh, folder, name) < 0)
		error = -errno;
	if (error) {
		unlinkat(folder, fresh, 0);
		return error;
	}
	return fsync(folder) < 0 ? -errno : 0;
}
