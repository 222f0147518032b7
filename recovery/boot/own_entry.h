/* own_entry.h: what our own boot entry looks like on this machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_BOOT_OWN_ENTRY_H
#define DARUMA_RECOVERY_BOOT_OWN_ENTRY_H

#include "recovery/boot/boot_entry.h"
#include "recovery/boot/esp.h"
#include "recovery/context.h"

/* The entry for the stage on the partition `esp`, which must be identified. `normal` is the path that is started in a
 * normal start: it goes into the entry's data, so that the stage finds it without its limits file too. Returns 0 or
 * -ENODEV. */
int own_entry_make(const struct esp *esp, const char *normal, struct boot_entry *ret);

/* The same, found on this machine: its ESP, and the normal target of the limits file. Returns 0, -ENODEV, or -ENOENT
 * (no sound limits file). */
int own_entry_describe(const struct context *context, struct boot_entry *ret);

#endif
