/* limits_lock.c: one change at a time of what the stage starts
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/limits_lock.h"

#include "recovery/run_lock.h"
#include "recovery/state.h"

#define FILE_NAME STATE_RUN_FOLDER "/limits.lock"

int limits_lock_take(const struct context *context)
{
	return run_lock_take(context, FILE_NAME, LIMITS_LOCK_SECONDS);
}

int limits_lock_try(const struct context *context)
{
	return run_lock_take(context, FILE_NAME, 0);
}
