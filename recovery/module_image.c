/* module_image.c: what follows when files of kernel modules were moved
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/module_image.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "recovery/initramfs_image.h"
#include "recovery/text_list.h"

/* "/usr/lib/modules/6.1.0-1-amd64/updates/x.ko": the kernel's version. False for another path. */
static bool kernel_of(const char *path, char ret[NAME_MAX + 1])
{
	static const char mark[] = "/lib/modules/";
	const char *at = strstr(path, mark);
	size_t length = at ? strcspn(at + sizeof(mark) - 1, "/") : 0;

	if (length == 0 || length > NAME_MAX)
		return false;
	snprintf(ret, NAME_MAX + 1, "%.*s", (int)length, at + sizeof(mark) - 1);
	return true;
}

int module_image_update(const struct context *context, const struct process_port *processes,
			const struct action_list *entries)
{
	struct text_list done = { 0 };
	int first = 0;

	for (size_t i = 0; i < entries->count; i++) {
		char kernel[NAME_MAX + 1];
		int error;

		if (strcmp(entries->items[i].kind, "module") != 0 ||
		    !kernel_of(entries->items[i].path, kernel) || text_list_has(&done, kernel))
			continue;
		error = text_list_add(&done, kernel);
		if (!error)
			error = initramfs_image_update(context, processes, kernel);
		if (!first && error != -EOPNOTSUPP)
			first = error;
	}
	text_list_free(&done);
	return first;
}
