/* fast_path.h: a certain verdict is acted on in the next normal start, before the product starts
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One crash, no safe start, and protection is on with the last good content. Once per product: if it is in a failed start
 * again before the machine was healthy for 24 hours, the ladder of safe and trial starts takes its course.
 */
#ifndef DARUMA_RECOVERY_REPAIR_FAST_PATH_H
#define DARUMA_RECOVERY_REPAIR_FAST_PATH_H

#include <stdbool.h>

#include "recovery/boot/this_boot.h"
#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/inventory/generation.h"
#include "recovery/policy_file.h"
#include "recovery/products/product.h"
#include "recovery/quarantine/guard_budget.h"
#include "recovery/repair/verdict.h"

enum fast_path_why {
	FAST_PATH_TAKEN,
	FAST_PATH_UNCERTAIN, /* the verdict is not certain */
	FAST_PATH_RUNG,	     /* this start is a trial or a safe one: the ladder is at work */
	FAST_PATH_POLICY,    /* the owner does not want it (R20) */
	FAST_PATH_LARGE, /* more changed than the guard has time for, behind what it had to finish */
	FAST_PATH_NO_COPY, /* not of all that changed a last good copy was kept: the product would not start */
	FAST_PATH_AGAIN,  /* it was taken for this product within the last 24 healthy hours */
	FAST_PATH_FAILED, /* the changes could not be set aside */
};

struct fast_path {
	const struct context *context;
	struct database *database;
	const struct this_boot *boot;
	const struct product_list *products;
	const struct policy_file *policy;
	const struct change_list *changes;
	const struct verdict *verdict;
	/* What it moves is taken out of it. NULL: that of the gate, see fast_path_take(). */
	struct guard_budget *budget;
	/* The machine crashes again and again after good starts: no ladder will come, so likely is enough, where one product
	 * alone is to blame, and a report names its module or its eBPF program, or its change landed shortly before the
	 * first crash. */
	bool late_loop;
};

struct fast_path_result {
	enum fast_path_why why;
	int objects; /* set aside or put back */
};

/* Whether it may be taken, as far as the arguments tell. `minutes` is the healthy time since it was last taken for the
 * product to blame, negative: never. Pure. */
enum fast_path_why fast_path_may(const struct fast_path *path, int64_t minutes);

/* Takes it if it may. What is to blame for a loop of late crashes and is LARGE or has NO_COPY is noted
 * (late_loop_note_left()): no start of the ladder will come for it, so the gate calls this again without a budget. Then it
 * has no limit, and what has no good copy is set aside all the same. Returns 0, or a negative errno with FAST_PATH_FAILED:
 * objects may be set aside already then. */
int fast_path_take(const struct fast_path *path, struct fast_path_result *ret);

#endif
