/* guard_budget.h: how much the guard may move in one start
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * daruma-guard.service has 30 seconds, and 1000 small objects were seen to take 40. Every step of a move is
 * journaled, so a guard that is stopped in the middle of one breaks nothing; but it has not done the rest of its
 * work either, and the next start would meet the same. So it begins only what it can finish: what is interrupted
 * comes first, then what changed and is to blame, what failed on trial, and what came back. The rest is left where
 * it is, an event says so, and the gate does it (left_work.h).
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_GUARD_BUDGET_H
#define DARUMA_RECOVERY_QUARANTINE_GUARD_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/quarantine/action.h"

#define GUARD_OBJECTS_MOST 64
#define GUARD_BYTES_MOST   (INT64_C(64) << 20)

struct guard_budget {
	int64_t objects, bytes;
};

/* That of a whole start. */
struct guard_budget guard_budget_whole(void);

/* Takes that much out of it. False: it has less, and nothing was taken. NULL has no limit. Pure. */
bool guard_budget_spend(struct guard_budget *budget, int64_t objects, int64_t bytes);

/* The same with what it takes to move `entries`: what is in their places, and the good copies. */
bool guard_budget_spend_on(const struct context *context, struct guard_budget *budget,
			   const struct action_list *entries);

/* Writes an event object.left about `entries`, at least one, that were left; `what` is wrong with them, for a
 * person. Returns 0 or a negative errno. */
int guard_budget_tell_left(const struct context *context, struct database *database,
			   const struct action_list *entries, const char *what);

#endif
