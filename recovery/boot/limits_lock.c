/* limits_lock.c: one change at a time of what the stage starts
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/limits_lock.h"

#include "recovery/run_lock.h"
#include "recovery/state.h"

int limits_lock_take(const struct context *context)
{
	return run_lock_take(context, STATE_RUN_FOLDER "/limits.lock", LIMITS_LOCK_SECONDS);
}
