/* guard_judge.c: whom the guard blames for the failure before this start, and what it does about it at once
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/guard_judge.h"

#include <time.h>

#include "recovery/boot/answer_lock.h"
#include "recovery/boot/own_answer.h"
#include "recovery/cleanup.h"
#include "recovery/event.h"
#include "recovery/first_error.h"
#include "recovery/guard_look.h"
#include "recovery/incident.h"
#include "recovery/inventory/change_record.h"
#include "recovery/inventory/generation.h"
#include "recovery/repair/late_loop.h"
#include "recovery/repair/verdict_record.h"

/* Before it the fast path and the verdict have no incident to note themselves in. */
static int open_late_incident(struct database *database, const struct this_boot *boot,
			      const struct late_loop *loop, const struct guard_findings *findings)
{
	bool tells = findings->accused || findings->verdict.certainty == VERDICT_CERTAIN;

	if (boot->note.last_ending != DARUMA_ENDING_LATE || !(loop->found || tells))
		return 0;
	return incident_open(database, findings->product, guard_ending(boot, findings),
			     loop->found ? loop->first : loop->last);
}

/* A module or a program of nobody who is watched. */
static bool names_a_stranger(const struct guard_findings *findings)
{
	const struct crash *crash = &findings->crash;

	return findings->product[0] == '\0' && (crash->module[0] || crash->program[0]) &&
	       crash_is_evidence(crash);
}

/* What the gate will set aside is no reason to ask. No change, no blame (R62). */
static bool may_ask(const struct fast_path *path, const struct guard_findings *findings)
{
	enum fast_path_why why = findings->repair.why;
	bool changed = false;

	for (size_t i = 0; i < path->verdict->count; i++)
		changed |= (path->verdict->suspects[i].reasons & VERDICT_CHANGED) != 0;
	return changed && !names_a_stranger(findings) && path->policy->automatic &&
	       why != FAST_PATH_TAKEN && why != FAST_PATH_LARGE && why != FAST_PATH_NO_COPY &&
	       why != FAST_PATH_RUNG;
}

/* Each good start takes back what the stage counts: without this no ladder would come for such crashes. The stage makes
 * the safe start behind one more of them, if the throttle lets it. */
static int ask_for_repair(const struct fast_path *path, struct guard_findings *findings)
{
	owned_descriptor int lock = answer_lock_take(path->context);
	struct daruma_answer answer;
	struct json *details;
	int error;

	own_answer_load(path->context, path->database, path->boot, &answer);
	if (answer.request != DARUMA_REQUEST_NONE)
		return 0;
	answer.request = DARUMA_REQUEST_REPAIR;
	error = firmware_write_answer(path->context, path->boot->id, &answer);
	if (error)
		return error;
	findings->asked = true;
	details = json_new_object();
	json_add_integer(details, "crashes", findings->late_crashes);
	return event_write(path->context, path->database, "recovery.asked", "warning", details);
}

static int act_on(const struct fast_path *path, bool goes_on, struct guard_findings *findings)
{
	int error = fast_path_take(path, &findings->repair);

	if (!goes_on || !may_ask(path, findings))
		return error;
	/* The stage makes that safe start behind a crash which it sees itself: a request would be dropped each time. */
	if (findings->hidden)
		findings->unheard = true;
	else
		first_error_keep(&error, ask_for_repair(path, findings));
	return error;
}

static int judge(const struct context *context, struct database *database,
		 const struct this_boot *boot, const struct product_list *products,
		 const struct policy_file *policy, struct guard_budget *budget,
		 struct guard_findings *findings)
{
	struct late_loop loop = { .found = false };
	struct change_list changes = { 0 };
	char previous[33];
	int error = 0;

	if (boot->note.last_ending == DARUMA_ENDING_LATE)
		error = late_loop_find(database, policy, time(NULL), &loop);
	findings->late_crashes = loop.found ? (int)loop.crashes : 0;
	if (!error)
		error = loop.found ?
				late_loop_compare(context, database, products, &loop, &changes) :
				generation_compare(context, database, products, &changes);
	firmware_boot_id_text(boot->note.previous_boot_id, previous);
	if (!error)
		error = change_store(database, boot->boot_id, &changes);
	if (!error)
		error = verdict_find(context, database, products, &changes, previous, loop.first,
				     &findings->verdict);
	if (!error)
		error = open_late_incident(database, boot, &loop, findings);
	if (!error)
		error = verdict_store(database, previous, &findings->verdict);
	if (!error) {
		const struct fast_path path = { .context = context,
						.database = database,
						.boot = boot,
						.products = products,
						.policy = policy,
						.changes = &changes,
						.verdict = &findings->verdict,
						.budget = budget,
						.late_loop = loop.found };

		error = act_on(&path, loop.goes_on, findings);
	}
	change_list_free(&changes);
	return error;
}

/* A reset that nothing explains, after something was set aside, tells nothing new (R38). Judged anew by the old crash
 * the blame would fall on whatever is still changed, since what crashed is not any more. */
static bool tells_nothing_new(struct database *database, const struct guard_findings *findings,
			      const struct this_boot *boot)
{
	int64_t actions = 0;

	return findings->previous == DARUMA_ENDING_NONE &&
	       boot->note.last_ending == DARUMA_ENDING_UNEXPLAINED &&
	       database_number(database, &actions,
			       "SELECT COUNT(*) FROM action WHERE step IN ('done','purged')"
			       " AND restores IS NULL AND boot_id IN (SELECT boot_id FROM boot"
			       " WHERE id>" BOOT_LAST_GOOD ")",
			       "") == 0 &&
	       actions > 0;
}

int guard_judge(const struct context *context, struct database *database,
		const struct this_boot *boot, const struct product_list *products,
		const struct policy_file *policy, struct guard_budget *budget,
		struct guard_findings *findings)
{
	return guard_ended_in_failure(boot, findings) && !findings->hardware &&
			       !tells_nothing_new(database, findings, boot) ?
		       judge(context, database, boot, products, policy, budget, findings) :
		       0;
}
