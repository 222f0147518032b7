/* held.h: when the starters that users control are let go in a held start
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * They wait for the good answer, so that a crash they cause comes after it. A watched unit may itself be ordered after one
 * of them, or after the target that wants them, and then health, the answer and the starters wait for one another in a
 * circle. Only then are the starters let go first.
 */
#ifndef DARUMA_RECOVERY_HELD_H
#define DARUMA_RECOVERY_HELD_H

#include <stdbool.h>

#include "recovery/boot/this_boot.h"
#include "recovery/context.h"
#include "recovery/health.h"
#include "recovery/policy_file.h"
#include "recovery/process.h"
#include "recovery/products/product.h"

enum held_end {
	HELD_ON,       /* they wait on */
	HELD_ANSWERED, /* this start was answered good */
	HELD_CIRCLE, /* for the settle time nothing but waiting jobs of watched units was between the start and health */
};

/* What one look says. `waiting` is kept from look to look; health that holds breaks it, since the gate answers then.
 * Pure. */
enum held_end held_judge(struct health_streak *waiting, bool answered, enum health health, long now,
			 long settle_seconds);

/* Whether this start was answered good, and what follows from the answer was recorded: from the state, or from the
 * stage's variable where no state can be opened or written. */
bool held_is_answered(const struct context *context, const struct this_boot *boot);

struct held {
	const struct context *context;
	const struct process_port *processes;
	const struct product_list *products;
	const struct policy_file *policy;
	const struct this_boot *boot;
};

/* Looks until the starters may go. Returns HELD_ANSWERED, or HELD_CIRCLE with a sentence about a unit that waits in
 * `ret_why`. Never gives up by itself: daruma-held.service has a time limit. */
enum held_end held_wait(const struct held *held, char ret_why[HEALTH_WHY_SIZE]);

#endif
