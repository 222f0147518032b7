/* recover_image.c: which initramfs a safe start makes anew before it ends
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/recover_image.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "recovery/first_error.h"
#include "recovery/initramfs_image.h"
#include "recovery/inventory/module_path.h"
#include "recovery/machine.h"
#include "recovery/message.h"
#include "recovery/quarantine/module_image.h"
#include "recovery/repair/previous_kernel.h"

/* With depmod less than daruma-recover.service may take, and something left for the answer. */
#define SECONDS 600

static int find_next(const struct recover *recover, char ret[PREVIOUS_KERNEL_SIZE])
{
	struct machine machine;

	machine_describe(recover->context, &machine);
	return previous_kernel_next(recover->database, machine.kernel, ret);
}

static void tell(const struct recover *recover, int error)
{
	if (error)
		message_cannot(recover->context, error, "rebuild the initramfs");
}

void recover_image_of_moved(const struct recover *recover)
{
	char next[PREVIOUS_KERNEL_SIZE];
	int error = find_next(recover, next);

	tell(recover, error ? error :
			      module_image_update_one(recover->context, recover->processes,
						      recover->database, next, SECONDS));
}

/* Each kernel once: `next` now, the others later. */
static int make_or_forget(const struct recover *recover, const struct text_list *files,
			  const char *next)
{
	struct text_list done = { 0 };
	int error = 0;

	for (size_t i = 0; i < files->count; i++) {
		char kernel[NAME_MAX + 1];

		if (!module_path_kernel(files->items[i], kernel) || text_list_has(&done, kernel))
			continue;
		first_error_keep(&error, text_list_add(&done, kernel));
		/* Below another root none is made. */
		first_error_keep(&error, strcmp(kernel, next) == 0 && !recover->offline ?
						 initramfs_image_update(recover->context,
									recover->processes, kernel,
									SECONDS) :
						 initramfs_image_forget(recover->context, kernel));
	}
	text_list_free(&done);
	return error;
}

void recover_image_of_switched(const struct recover *recover, const struct text_list *files)
{
	char next[PREVIOUS_KERNEL_SIZE];
	int error = find_next(recover, next);

	if (!error)
		error = make_or_forget(recover, files, next);
	tell(recover, error == -EOPNOTSUPP ? 0 : error);
}
