/* module_off.h: kernel modules that stay out, start after start
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One file in /etc/modprobe.d, which the initramfs gets a copy of (modprobe.d(5)): `install` stops a load by name,
 * `blacklist` one by an alias of a device. Neither stops insmod; the units that call it are off then too.
 */
#ifndef DARUMA_RECOVERY_REPAIR_MODULE_OFF_H
#define DARUMA_RECOVERY_REPAIR_MODULE_OFF_H

#include "recovery/context.h"
#include "recovery/text_list.h"

#define MODULE_OFF_FILE "/etc/modprobe.d/daruma-off.conf"

/* Has the file below context->root name these modules, kernel names each, and no others; without any there is no file. A
 * power cut leaves the old one or the new one. Returns 1 if something changed, 0 if it was so already, -EEXIST (another's
 * file has that name), or the errno of a call. */
int module_off_update(const struct context *context, const struct text_list *modules);

#endif
