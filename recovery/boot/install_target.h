/* install_target.h: what the stage starts in a normal start, once it is installed
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_BOOT_INSTALL_TARGET_H
#define DARUMA_RECOVERY_BOOT_INSTALL_TARGET_H

#include <stdbool.h>

#include "policy/limits.h"
#include "recovery/boot/esp.h"
#include "recovery/boot/variables.h"

/* The first of these that is a program on this ESP and is not ours: `wanted`, the policy's; the one in force if the stage
 * is installed already; that of the first active boot entry on the ESP; a loader known by its place. With it go the load
 * options it has there: a kernel (EFISTUB) or shim may start nothing without them. Options in `wanted` are taken in any
 * case. `variables` may be NULL. Returns 0; -ENOENT: there is none; -EINVAL: the boot entry found has load options that
 * cannot be passed on, since they are no printable ASCII or do not fit. */
int install_target_choose(const struct variables *variables, const struct esp *esp,
			  const struct daruma_target *wanted, struct daruma_target *ret);

/* Whether `path`, as the firmware writes it, is a program on this ESP and is not ours. */
bool install_target_is_startable(const struct esp *esp, const char *path);

#endif
