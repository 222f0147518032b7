/* initramfs_image.h: making the distribution rebuild an initramfs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INITRAMFS_IMAGE_H
#define DARUMA_RECOVERY_INITRAMFS_IMAGE_H

#include <stdbool.h>

#include "recovery/context.h"
#include "recovery/process.h"

/* Runs depmod and update-initramfs for `kernel`. Nothing happens below another root. Returns 0, -EOPNOTSUPP (another tool
 * makes the initramfs here), -EINPROGRESS (the package manager is at work and may be making images), -ETIMEDOUT or
 * -ECHILD. */
int initramfs_image_update(const struct context *context, const struct process_port *processes,
			   const char *kernel);

/* Runs update-initramfs for every kernel whose initramfs was made with another hold list or another early program: its
 * hook leaves a stamp in STATE_FOLDER. Returns the number of images made, or an error as above. */
int initramfs_image_refresh(const struct context *context, const struct process_port *processes);

/* Whether `stamp` says that an image has the program with this digest and this hold list. Pure. */
bool initramfs_image_is_current(const char *stamp, const char *digest, const char *hold);

#endif
