/* module_hold.h: keeping the modules of watched products out until the guard has looked
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * `install NAME /bin/false` in /run/modprobe.d stops modprobe, udev and systemd-modules-load; /run outlives the change
 * from the initramfs to the root file system. It does not stop insmod, so copies inside the initramfs are taken out.
 */
#ifndef DARUMA_RECOVERY_EARLY_MODULE_HOLD_H
#define DARUMA_RECOVERY_EARLY_MODULE_HOLD_H

#include "recovery/early/hold_list.h"

#define MODULE_HOLD_FOLDER  "/run/modprobe.d"
#define MODULE_HOLD_GUARD   "daruma-hold.conf" /* released by the guard */
#define MODULE_HOLD_SAFE    "daruma-safe.conf" /* stays for the whole of a safe start */
#define MODULE_HOLD_MODULES "/lib/modules"

/* Writes one line for each module of `list` to the file `name` in `folder`, which is made if it is missing. No file is
 * made for a list without modules. Returns the number of lines or a negative errno. */
int module_hold_write(const struct hold_list *list, const char *folder, const char *name);

/* Takes the file away. Returns 1 if it was there, 0 if not, or a negative errno. */
int module_hold_release(const char *folder, const char *name);

/* Removes the files of held modules below `folder`: links are not followed, depth and number are bounded. Only for the
 * initramfs, whose files are copies. Returns the number of files removed, or the errno of opening `folder`. */
int module_hold_remove_copies(const struct hold_list *list, const char *folder);

#endif
