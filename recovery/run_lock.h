/* run_lock.h: a lock that lasts until the machine is off, by name
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_RUN_LOCK_H
#define DARUMA_RECOVERY_RUN_LOCK_H

#include "recovery/context.h"

/* Takes the lock `path`, a file below STATE_RUN_FOLDER, which only root can open. Returns a descriptor that holds it until it is
 * closed, -ETIMEDOUT after `seconds`, or another negative errno. Not while the process holds it already: it would wait for
 * itself. */
int run_lock_take(const struct context *context, const char *path, unsigned seconds);

#endif
