/* answer_lock.c: one change of the answer at a time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/answer_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/file_lock.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

#define FILE_NAME STATE_RUN_FOLDER "/answer.lock"

static int open_file(const struct context *context)
{
	char path[PATH_MAX];
	int error = system_path(context, STATE_RUN_FOLDER, path);
	int fd;

	if (error)
		return error;
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return -errno;
	error = system_path(context, FILE_NAME, path);
	if (error)
		return error;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	return fd < 0 ? -errno : fd;
}

int answer_lock_take(const struct context *context)
{
	int fd = open_file(context);
	int error = fd < 0 ? fd : file_lock_wait(fd, ANSWER_LOCK_SECONDS);

	if (error && fd >= 0)
		close(fd);
	return error ? error : fd;
}
