/* run_mark.c: marks in /run/daruma: facts of this start that outlive the process which found them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/run_mark.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

static int path_of(const struct context *context, const char *mark, char ret[PATH_MAX])
{
	char name[64];

	if (snprintf(name, sizeof(name), STATE_RUN_FOLDER "/%s", mark) >= (int)sizeof(name))
		return -ENAMETOOLONG;
	return system_path(context, name, ret);
}

int run_mark_set(const struct context *context, const char *mark)
{
	char path[PATH_MAX];
	owned_descriptor int fd = -1;
	int error = system_path(context, STATE_RUN_FOLDER, path);

	if (error)
		return error;
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return -errno;
	error = path_of(context, mark, path);
	if (error)
		return error;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	return fd >= 0 ? 0 : errno == EEXIST ? -EALREADY : -errno;
}

bool run_mark_is_set(const struct context *context, const char *mark)
{
	char path[PATH_MAX];

	return path_of(context, mark, path) == 0 && access(path, F_OK) == 0;
}
