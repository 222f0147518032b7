/* stop_mark.c: tells the answer at shutdown that Daruma itself gave this start up
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/stop_mark.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

#define MARK STATE_RUN_FOLDER "/given-up"

int stop_mark_set(const struct context *context)
{
	char path[PATH_MAX];
	owned_descriptor int fd = -1;
	int error = system_path(context, STATE_RUN_FOLDER, path);

	if (error)
		return error;
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return -errno;
	error = system_path(context, MARK, path);
	if (error)
		return error;
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	return fd < 0 ? -errno : 0;
}

bool stop_mark_is_set(const struct context *context)
{
	char path[PATH_MAX];

	return system_path(context, MARK, path) == 0 && access(path, F_OK) == 0;
}
