/* on_trial.h: objects that were released from the quarantine, until a start proves them good or bad
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A row of the table `trial` for each, with the entry it came from; `outcome`:
 *
 *   (empty)   on trial, if the entry is restored. A row without that is of a release that a power cut undid
 *   due       a start failed, and the guard had no time to set the object aside: no good start proves it any more
 *   good      a start after the release was answered good
 *   failed    a start failed, and the object was set aside again
 *   replaced  a start failed, and something else was in its place by then
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_ON_TRIAL_H
#define DARUMA_RECOVERY_QUARANTINE_ON_TRIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/words.h"
#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/quarantine/action.h"
#include "recovery/quarantine/guard_budget.h"
#include "recovery/text_list.h"

/* Enters the entries, which are about to be put back in the start `boot_id` (NULL: not known). Returns 0 or a negative
 * errno. */
int on_trial_begin(const struct context *context, struct database *database,
		   const struct action_list *entries, const char *boot_id);

/* This start was answered good: what was released in an earlier one has proved itself. */
int on_trial_prove(const struct context *context, struct database *database);

/* Adds the id of each product of which anything is due, and not set aside yet, once. Returns 0 or a negative errno. */
int on_trial_due_products(struct database *database, struct text_list *ret);

/* Whether entry `id` is on trial. */
bool on_trial_has(struct database *database, int64_t id);

/* The start before this one ended with `ending`: sets aside again what is on trial and failed by that, and puts back
 * what was there before the release; what was set aside of a product at the same time as a whole or not at all
 * (quarantine_has_another()). A panic or a watchdog's reset ends each trial, late or not; an unexplained reset those
 * of which it is the second one after the start of the release, by the table `boot`, because a power cut convicts
 * nobody (R38). `boot_id`: this start. What is more than `budget` (NULL: no limit) has left is due from then on: any
 * later call that can sets it aside, and at the latest the gate's (left_work.h). May be repeated. Returns the number
 * of objects set aside, or a negative errno. */
int on_trial_end_after(const struct context *context, struct database *database,
		       const char *boot_id, enum daruma_ending ending, struct guard_budget *budget);

/* The same with everything that is on trial, however the start before ended, and without a limit. */
int on_trial_end(const struct context *context, struct database *database, const char *boot_id);

#endif
