/* own_variables.h: the EFI variables of the system that this run works on
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_BOOT_OWN_VARIABLES_H
#define DARUMA_RECOVERY_BOOT_OWN_VARIABLES_H

#include "recovery/boot/variables.h"
#include "recovery/context.h"

/* The machine's, or a table of which nothing is available and every call gives -ENODEV: with --no-variables, and for a system
 * below another root, since the firmware of the running machine is not that of the disk that is looked at. Where
 * EFIVARFS_PATH names a folder, that is taken for the variables of the other system. Static storage. */
const struct variables *own_variables(const struct context *context);

#endif
