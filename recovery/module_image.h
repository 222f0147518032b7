/* module_image.h: what follows when files of kernel modules were moved
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_MODULE_IMAGE_H
#define DARUMA_RECOVERY_MODULE_IMAGE_H

#include "recovery/action.h"
#include "recovery/context.h"
#include "recovery/process.h"

/* Has the initramfs of every kernel made anew of which a module is among the entries. Returns 0 or the first error of
 * initramfs_image_update() but -EOPNOTSUPP. */
int module_image_update(const struct context *context, const struct process_port *processes,
			const struct action_list *entries);

#endif
