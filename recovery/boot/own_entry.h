/* own_entry.h: what our own boot entry looks like on this machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_BOOT_OWN_ENTRY_H
#define DARUMA_RECOVERY_BOOT_OWN_ENTRY_H

#include "recovery/boot/boot_entry.h"
#include "recovery/boot/esp.h"
#include "recovery/context.h"
#include "recovery/database.h"

/* Setting: the path of the shim that starts the stage; "" or absent: the firmware does. */
#define OWN_ENTRY_SHIM_KEY "install.shim"

/* The entry for `program`, one of the stages (policy/names.h), on the partition `esp`, which must be identified. `shim`:
 * the program on the same partition that starts it, "" the firmware itself. `normal` is the path that is started in a
 * normal start: it goes into the entry's data, so that the stage finds it without its limits file too. Returns 0,
 * -ENODEV, or -E2BIG (the data does not fit). */
int own_entry_make(const struct esp *esp, const char *program, const char *shim, const char *normal,
		   struct boot_entry *ret);

/* That of the stage in use, found on this machine: its ESP, the normal target of the limits file, and the setting.
 * Returns 0, -ENODEV, -ENOENT (no sound limits file), or another negative errno. */
int own_entry_describe(const struct context *context, struct database *database,
		       struct boot_entry *ret);

/* The same entry for another of the stages. */
void own_entry_set_program(struct boot_entry *entry, const char *program);

#endif
