/* run_lock.c: a lock that lasts until the machine is off, by name
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/run_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/file_lock.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

static int open_file(const struct context *context, const char *name)
{
	char path[PATH_MAX];
	int error = system_path(context, STATE_RUN_FOLDER, path);
	int fd;

	if (error)
		return error;
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return -errno;
	error = system_path(context, name, path);
	if (error)
		return error;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	return fd < 0 ? -errno : fd;
}

int run_lock_take(const struct context *context, const char *path, unsigned seconds)
{
	int fd = open_file(context, path);
	int error = fd < 0 ? fd : file_lock_wait(fd, seconds);

	if (error && fd >= 0)
		close(fd);
	return error ? error : fd;
}
