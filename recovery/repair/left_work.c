/* left_work.c: what the guard left for lack of time, done before a start is called good
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/left_work.h"

#include "recovery/guard_judge.h"
#include "recovery/message.h"
#include "recovery/quarantine/holds.h"
#include "recovery/quarantine/on_trial.h"
#include "recovery/quarantine/quarantine.h"
#include "recovery/quarantine/quarantine_return.h"
#include "recovery/repair/late_loop.h"

/* The rung aside changes nothing. */
static bool may_repair(const struct left_work *work)
{
	return work->boot && work->boot->note.rung != DARUMA_RUNG_ASIDE && work->policy->automatic;
}

/* `result`: a number of objects, or an error. */
static int tell(const struct left_work *work, int result, const char *done, const char *left)
{
	if (result < 0)
		message_notice(work->context, "%s, and no state with it becomes a good one: %s",
			       left, message_text(result));
	else if (result > 0 && done)
		message_notice(work->context, "%d objects %s", result, done);
	return result;
}

static int finish_interrupted(const struct left_work *work)
{
	return tell(work, quarantine_resume(work->context, work->database), NULL,
		    "what was interrupted in the quarantine is not finished");
}

static bool is_to_blame_still(const struct guard_findings *findings)
{
	return findings->repair.why == FAST_PATH_TAKEN || findings->repair.why == FAST_PATH_FAILED;
}

/* Judged anew: what is to blame may be gone by now. */
static int end_loop(const struct left_work *work)
{
	struct guard_findings findings = { .repair = { .why = FAST_PATH_UNCERTAIN } };
	struct this_boot boot = *work->boot;
	int error;

	if (!late_loop_is_left(work->database, boot.boot_id))
		return 0;
	/* Only behind such a crash something is left, and of one that kdump saved the stage does not know (late_crash.h). */
	boot.note.last_ending = DARUMA_ENDING_LATE;
	error = guard_judge(work->context, work->database, &boot, work->products, work->policy,
			    NULL, &findings);
	if (!error && !is_to_blame_still(&findings))
		error = late_loop_note_left(work->database, "", "");
	return tell(work, error ? error : findings.repair.objects,
		    "that are to blame for crashes long after good starts are set aside",
		    "what is to blame for crashes long after good starts is not set aside");
}

/* However the start before this one ended: the one that failed is further back. */
static int end_trials(const struct left_work *work)
{
	return tell(work,
		    on_trial_end_after(work->context, work->database, work->boot->boot_id,
				       DARUMA_ENDING_NONE, NULL),
		    "that were on trial are set aside again",
		    "what failed on trial is not set aside again");
}

/* Only those: what comes while the products run is the next guard's, as ever. */
static int end_returns(const struct left_work *work)
{
	int result = quarantine_return_is_left(work->database) ?
			     quarantine_return_end(work->context, work->database,
						   work->boot->boot_id, NULL) :
			     0;

	/* One product that fails ends nothing, and an event says why. */
	if (result >= 0 && quarantine_return_is_left(work->database))
		message_notice(work->context,
			       "not all that came back is set aside again, and no state with it "
			       "becomes a good one");
	return tell(work, result, "had come back and are set aside again",
		    "what came back is not set aside again");
}

static void repair(const struct left_work *work)
{
	/* As the guard does: what is to blame is judged before anything is moved. */
	int loop = end_loop(work), trials = end_trials(work), returns = end_returns(work);

	if (loop > 0 || trials > 0 || returns > 0)
		holds_update(work->context, work->database, work->products);
}

void left_work_do(const struct left_work *work)
{
	/* While something is not finished, no more is begun. */
	if (finish_interrupted(work) >= 0 && may_repair(work))
		repair(work);
}
