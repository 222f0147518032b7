/* initramfs_image.h: making the distribution rebuild an initramfs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INITRAMFS_IMAGE_H
#define DARUMA_RECOVERY_INITRAMFS_IMAGE_H

#include <stdbool.h>

#include "recovery/context.h"
#include "recovery/process.h"

#define INITRAMFS_IMAGE_SECONDS 900 /* a small machine needs minutes */

/* Runs depmod and then update-initramfs for `kernel`, which may take `seconds`. Nothing happens below another root.
 * Returns 0, -EOPNOTSUPP (another tool makes the initramfs here), -EINPROGRESS (the package manager is at work and
 * may be making images), -ETIMEDOUT or -ECHILD. */
int initramfs_image_update(const struct context *context, const struct process_port *processes,
			   const char *kernel, unsigned seconds);

/* Has initramfs_image_refresh() make the image of `kernel` anew, whatever is in it. Returns 0 or a negative errno. */
int initramfs_image_forget(const struct context *context, const char *kernel);

/* Runs update-initramfs for every kernel whose initramfs was made with another hold list or another early program: its
 * hook leaves a stamp in STATE_FOLDER. Returns the number of images made, or an error as above. */
int initramfs_image_refresh(const struct context *context, const struct process_port *processes);

/* Whether the image of `kernel` was made with the programs that are installed, whatever hold list it has. */
bool initramfs_image_has_programs(const struct context *context, const char *kernel);

/* Whether `stamp` says that an image has the program with this digest and this hold list. Pure. */
bool initramfs_image_is_current(const char *stamp, const char *digest, const char *hold);

#endif
