/* left_work.h: what the guard left for lack of time, done before a start is called good
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The guard begins only what it can finish in its time (guard_budget.h). What is more than all of that would be left in
 * each start, for ever, where no start fails any more: only a safe one knows no limit. So the gate does it, which has no
 * limit either. The products run by then, as they do when a person sets something of theirs aside: files are replaced as
 * a whole, and what is loaded is another one with their next start. Their updaters are held then.
 */
#ifndef DARUMA_RECOVERY_REPAIR_LEFT_WORK_H
#define DARUMA_RECOVERY_REPAIR_LEFT_WORK_H

#include "recovery/boot/this_boot.h"
#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/policy_file.h"
#include "recovery/products/product.h"

struct left_work {
	const struct context *context;
	struct database *database; /* can be written */
	const struct product_list *products;
	const struct policy_file *policy;
	const struct this_boot *boot; /* NULL: not known */
};

/* Finishes what was interrupted in the quarantine. After that, in a start that is known and not the rung aside, and
 * where the policy wants automatic repairs (R20): sets aside what is to blame for a loop of late crashes and was
 * left (late_loop_is_left()), what is due (on_trial.h), and what came back and stayed (quarantine_return_is_left()).
 * Says what it did and what it could not do; no state of its product becomes a good one then (generation_take()). May be
 * repeated. */
void left_work_do(const struct left_work *work);

#endif
