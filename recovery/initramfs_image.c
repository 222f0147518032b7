/* initramfs_image.c: making the distribution rebuild an initramfs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/initramfs_image.h"

#include <errno.h>
#include <string.h>

#define DEPMOD_SECONDS 60
#define UPDATE_SECONDS 300

int initramfs_image_update(const struct context *context, const struct process_port *processes,
			   const char *kernel)
{
	const char *depmod[] = { "depmod", "-a", kernel, NULL };
	const char *update[] = { "update-initramfs", "-u", "-k", kernel, NULL };
	int error = 0;

	if (context->root[0] != '\0')
		return 0;
	if (strcmp(kernel, "all") != 0)
		error = process_succeed(processes, depmod, DEPMOD_SECONDS);
	if (error == -ENOENT)
		error = 0;
	if (!error)
		error = process_succeed(processes, update, UPDATE_SECONDS);
	return error == -ENOENT ? -EOPNOTSUPP : error;
}
