/* removal_time.c: when a file that is gone went
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/removal_time.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "recovery/cleanup.h"
#include "recovery/safe_path.h"

int64_t removal_time(const struct context *context, const char *path)
{
	char folder[PATH_MAX];
	char *slash;

	snprintf(folder, sizeof(folder), "%s", path);
	while ((slash = strrchr(folder, '/')) && slash != folder) {
		owned_descriptor int fd = -1;
		struct stat stat;

		*slash = 0;
		fd = safe_path_open_folder(context, folder);
		if (fd >= 0 && fstat(fd, &stat) == 0)
			return stat.st_mtim.tv_sec;
	}
	return 0;
}
