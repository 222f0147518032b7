/* limits_lock.h: one change at a time of what the stage starts: the limits on the ESP, and the files that they name
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_BOOT_LIMITS_LOCK_H
#define DARUMA_RECOVERY_BOOT_LIMITS_LOCK_H

#include "recovery/context.h"

#define LIMITS_LOCK_SECONDS 120 /* a copy of kernel and initramfs takes as long on a slow disk */

/* To be called before limits are read that are going to be written, or a file is laid that they are to name. Returns a descriptor
 * that holds the lock until it is closed, -ETIMEDOUT after LIMITS_LOCK_SECONDS, or another negative errno. */
int limits_lock_take(const struct context *context);

/* The same for who must not wait: -ETIMEDOUT at once. */
int limits_lock_try(const struct context *context);

#endif
