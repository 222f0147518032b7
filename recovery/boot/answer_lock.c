/* answer_lock.c: one change of the answer at a time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/answer_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "recovery/state.h"
#include "recovery/system_file.h"

#define FILE_NAME	 STATE_RUN_FOLDER "/answer.lock"
#define STEP_NANOSECONDS 20000000
#define STEPS_PER_SECOND (1000000000 / STEP_NANOSECONDS)

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

/* An alarm would end a wait that blocks, and belongs to the whole process: it looks now and then instead. */
static int wait_for(int fd)
{
	const struct timespec step = { .tv_nsec = STEP_NANOSECONDS };

	for (int i = 0; i < ANSWER_LOCK_SECONDS * STEPS_PER_SECOND; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return 0;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -errno;
		nanosleep(&step, NULL);
	}
	return -ETIMEDOUT;
}

int answer_lock_take(const struct context *context)
{
	int fd = open_file(context);
	int error = fd < 0 ? fd : wait_for(fd);

	if (error && fd >= 0)
		close(fd);
	return error ? error : fd;
}
