/* module_image.h: what follows when files of kernel modules were moved
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_MODULE_IMAGE_H
#define DARUMA_RECOVERY_QUARANTINE_MODULE_IMAGE_H

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/process.h"
#include "recovery/quarantine/action.h"

/* Has the initramfs of every kernel made anew of which a module is among the entries. Returns 0 or the first error of
 * initramfs_image_update() but -EOPNOTSUPP. */
int module_image_update(const struct context *context, const struct process_port *processes,
			const struct action_list *entries);

/* The same for a command; where the package manager is at work the images become due for module_image_catch_up(), which is
 * said, and is no error. */
int module_image_follow(const struct context *context, const struct process_port *processes,
			struct database *database, const struct action_list *entries);

/* Where there is no time to wait for that: notes that modules are about to be moved, so that module_image_catch_up()
 * makes the images anew. Returns 0 or a negative errno. */
int module_image_put_off(struct database *database);

/* Of what was put off only the image of `kernel`, which may take `seconds`; it stays due with the others. Returns as
 * module_image_update(), 0 also where no module of that kernel was moved. */
int module_image_update_one(const struct context *context, const struct process_port *processes,
			    struct database *database, const char *kernel, unsigned seconds);

/* Does what was put off; at each good answer. What fails stays due and is tried again at the next one, five times in
 * all; then an event image.failed is written, for a person. Till it succeeds the initramfs has the module in it that
 * was set aside, and starts it: nothing in an image that cannot be made anew can hold it back. Returns as
 * module_image_update(), 0 also where nothing is due; -EINPROGRESS is no failure and is not counted. */
int module_image_catch_up(const struct context *context, const struct process_port *processes,
			  struct database *database);

#endif
