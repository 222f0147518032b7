/* answer_lock.c: one change of the answer at a time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/answer_lock.h"

#include "recovery/run_lock.h"
#include "recovery/state.h"

int answer_lock_take(const struct context *context)
{
	return run_lock_take(context, STATE_RUN_FOLDER "/answer.lock", ANSWER_LOCK_SECONDS);
}
