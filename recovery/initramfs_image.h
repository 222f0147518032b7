/* initramfs_image.h: making the distribution rebuild an initramfs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INITRAMFS_IMAGE_H
#define DARUMA_RECOVERY_INITRAMFS_IMAGE_H

#include "recovery/context.h"
#include "recovery/process.h"

/* Runs depmod and update-initramfs for `kernel` ("all": every one, without depmod). Nothing happens below another root.
 * Returns 0, -EOPNOTSUPP (another tool makes the initramfs here), -ETIMEDOUT or -ECHILD. */
int initramfs_image_update(const struct context *context, const struct process_port *processes,
			   const char *kernel);

#endif
