/* failed_kernel.c: the kernel that a repair is about
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/failed_kernel.h"

#include <limits.h>
#include <stdio.h>

#include "recovery/early/command_line.h"
#include "recovery/machine.h"
#include "recovery/system_file.h"

static int take(const struct database_row *row, void *user)
{
	const char *kernel = database_text(row, 0);

	snprintf(user, KERNEL_RELEASE_SIZE, "%s", kernel ? kernel : "");
	return 0;
}

static bool is_image(const struct context *context)
{
	char path[PATH_MAX];

	return system_path(context, COMMAND_LINE_FILE, path) == 0 && command_line_says_image(path);
}

void failed_kernel_find(const struct context *context, struct database *database,
			char ret[KERNEL_RELEASE_SIZE])
{
	struct machine machine;

	ret[0] = '\0';
	if (!is_image(context)) {
		machine_describe(context, &machine);
		snprintf(ret, KERNEL_RELEASE_SIZE, "%s", machine.kernel);
		return;
	}
	/* Starts of the image have a row too, and none of the system was in these rungs since it is used. */
	if (database_query(
		    database, take, ret,
		    "SELECT kernel FROM boot WHERE kernel<>'' AND rung NOT IN('safe','rescue')"
		    " ORDER BY id DESC LIMIT 1",
		    "") < 0)
		ret[0] = '\0';
}
