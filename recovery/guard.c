/* guard.c: looks at the start before the watched products do anything
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/guard.h"

#include <errno.h>
#include <limits.h>

#include "recovery/boot/aside_alarm.h"
#include "recovery/boot/known_good.h"
#include "recovery/early/module_hold.h"
#include "recovery/first_error.h"
#include "recovery/guard_judge.h"
#include "recovery/guard_look.h"
#include "recovery/late_crash.h"
#include "recovery/message.h"
#include "recovery/module_cover.h"
#include "recovery/panic_setting.h"
#include "recovery/policy_file.h"
#include "recovery/products/watch_set.h"
#include "recovery/quarantine/action.h"
#include "recovery/quarantine/guard_budget.h"
#include "recovery/quarantine/on_trial.h"
#include "recovery/quarantine/quarantine.h"
#include "recovery/quarantine/quarantine_hold.h"
#include "recovery/quarantine/quarantine_return.h"
#include "recovery/repair/reduced_mode.h"
#include "recovery/repair/switched_off.h"
#include "recovery/run_mark.h"
#include "recovery/service_manager.h"
#include "recovery/spare_room.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

/* The guard has 30 for all it does. */
#define SYSTEMCTL_SECONDS 5
#define RELOAD_SECONDS	  5
#define LEFT                                                                                       \
	"what was interrupted in the quarantine is more than the guard has time for; the gate"     \
	" finishes it before this start is good"

struct guard {
	const struct context *context;
	const struct process_port *processes;
	const struct this_boot *boot;
	struct database *database;    /* NULL: no state */
	struct product_list products; /* see load_products() */
	bool loaded;
	struct policy_file policy;
	struct guard_budget budget; /* what is left of it */
};

/* Once, and only where somebody asks for it: an ordinary start does not. */
static int load_products(struct guard *guard)
{
	int error = guard->loaded ? 0 : watch_set_load(guard->context, &guard->products, NULL);

	guard->loaded = error == 0;
	return error;
}

/* What somebody may have to mend, such as a folder that cannot be written: it is in an event already, and a guard that
 * fails at each start for it would say nothing new. */
static void notice(const struct context *context, const char *what, int error)
{
	if (error < 0)
		message_notice(context, "%s: %s", what, message_text(error));
}

/* It stays as the power cut left it, and nothing else is begun: half of it would be worse. */
static int leave_interrupted(struct guard *guard, const struct action_list *open)
{
	int error = guard_budget_tell_left(guard->context, guard->database, open, LEFT);

	message_notice(guard->context, "%zu objects: %s", open->count, LEFT);
	return error ? error : -E2BIG;
}

/* What a power cut interrupted is finished or undone before the product starts (R28, R57). */
static int mend_quarantine(struct guard *guard)
{
	struct action_list open = { 0 };
	int result = action_list_load(guard->database, ACTION_SQL_INTERRUPTED, 0, &open);

	if (!result && open.count)
		result = guard_budget_spend_on(guard->context, &guard->budget, &open) ?
				 quarantine_resume(guard->context, guard->database) :
				 leave_interrupted(guard, &open);
	action_list_free(&open);
	return result;
}

/* A hold that a power cut prevented, or that somebody took away, comes back before an updater starts; one that is due no
 * more goes. Units that have not started need no stop, and what is lifted starts in its turn. */
static int mend_holds(struct guard *guard, bool *ret_changed)
{
	struct quarantine_hold_result result = { 0 };
	int error;

	if (!quarantine_hold_is_due(guard->database))
		return 0;
	error = load_products(guard);
	if (!error)
		error = quarantine_hold_update(guard->context, guard->database, &guard->products,
					       &result);
	*ret_changed |= result.changed;
	quarantine_hold_result_free(&result);
	return error;
}

/* The same for products that are switched off. */
static int mend_switches(const struct guard *guard, bool *ret_changed)
{
	int result = switched_off_is_due(guard->database) ?
			     switched_off_update(guard->context, guard->database) :
			     0;

	*ret_changed |= result == 1;
	return result < 0 ? result : 0;
}

/* After all that sets something aside. What changed is read anew once: a guard that waits long has no time left. */
static int mend_units(struct guard *guard)
{
	bool changed = false;
	int error;

	notice(guard->context, "not every updater is held or lifted", mend_holds(guard, &changed));
	error = mend_switches(guard, &changed);
	if (changed && guard->context->root[0] == '\0')
		notice(guard->context, "the service manager has not read its files anew yet",
		       service_manager_reload(guard->processes, RELOAD_SECONDS));
	return error;
}

/* What was released on trial goes back at the next failure, before the product starts. In the safe rung recover does it. A
 * product enters its reduced mode there only. */
static int end_trials(struct guard *guard, struct guard_findings *findings)
{
	const struct this_boot *boot = guard->boot;
	enum daruma_ending ending = findings->previous != DARUMA_ENDING_NONE ?
					    findings->previous :
					    boot->note.last_ending;
	int result = on_trial_end_after(guard->context, guard->database, boot->boot_id, ending,
					&guard->budget);
	int error = reduced_mode_fail(guard->database, ending);

	findings->again = result > 0 ? result : 0;
	return result < 0 ? result : error;
}

/* R25: what somebody put back goes before the product starts. */
static int end_returns(struct guard *guard, struct guard_findings *findings)
{
	int result = quarantine_return_end(guard->context, guard->database, guard->boot->boot_id,
					   &guard->budget);

	findings->returned = result > 0 ? result : 0;
	return result < 0 ? result : 0;
}

bool guard_release(const struct context *context, const struct process_port *processes)
{
	static const char *const restart[] = { "systemctl", "--no-block", "restart",
					       "systemd-modules-load.service", NULL };
	char folder[PATH_MAX];

	if (system_path(context, MODULE_HOLD_FOLDER, folder) != 0 ||
	    module_hold_release(folder, MODULE_HOLD_GUARD) != 1)
		return false;
	/* Nobody waits for it: what needs those modules comes after sysinit.target, and so do they. */
	if (context->root[0] == '\0')
		process_succeed(processes, restart, SYSTEMCTL_SECONDS);
	return true;
}

/* In an ordinary start what follows from the failure, after the stage was told of it. */
static int act(struct guard *guard, struct guard_findings *findings)
{
	int mended = mend_quarantine(guard);
	int error = 0;

	if (mended != -E2BIG)
		notice(guard->context, "what was interrupted in the quarantine is not finished",
		       mended);
	/* While something is not finished, no more is begun. */
	if (mended < 0)
		guard->budget = (struct guard_budget){ 0 };
	if (findings->looked)
		first_error_keep(&error, guard_judge(guard->context, guard->database, guard->boot,
						     &guard->products, &guard->policy,
						     &guard->budget, findings));
	/* An owner who wants no automatic repair gets none of this either (R20). */
	if (guard->policy.automatic)
		first_error_keep(&error, end_trials(guard, findings));
	if (guard->policy.automatic && mended >= 0)
		notice(guard->context, "not all that came back is set aside",
		       end_returns(guard, findings));
	first_error_keep(&error, mend_units(guard));
	return error;
}

static int look(struct guard *guard, struct guard_findings *findings)
{
	int error;

	findings->ending = guard->boot->note.last_ending;
	/* A second look, in the safe profile behind a rescue, would find nothing new and enter that. */
	if (!daruma_note_has_open_failures(&guard->boot->note) ||
	    run_mark_is_set(guard->context, RUN_MARK_LOOKED))
		return 0;
	error = guard_look(guard->context, guard->processes, guard->database, guard->boot,
			   &guard->products, findings);
	guard->loaded = guard->products.count > 0;
	return error;
}

static int run(struct guard *guard, struct guard_findings *findings)
{
	int error = 0;

	first_error_keep(&error, look(guard, findings));
	if (!this_boot_is_ordinary_rung(guard->boot)) {
		/* After the look: what is covered looks changed. Recover does the rest. */
		if (guard->context->root[0] == '\0')
			first_error_keep(&error, module_cover_put(guard->context));
		return error;
	}
	if (guard->database)
		first_error_keep(&error, act(guard, findings));
	findings->released = guard_release(guard->context, guard->processes);
	return error;
}

/* At once: after a power cut between the two it would look as if the guard had been here before. */
static int enter_start(const struct context *context, struct database *database,
		       const struct this_boot *boot)
{
	int error = database_begin(database);

	if (error)
		return error;
	error = known_good_enter(database, boot);
	if (!error)
		error = this_boot_register(context, database, boot);
	if (!error)
		error = database_commit(database);
	if (error)
		database_rollback(database);
	return error;
}

int guard_run(const struct context *context, const struct process_port *processes,
	      const struct this_boot *boot, struct database *database, struct guard_findings *ret)
{
	struct this_boot corrected = *boot;
	struct guard guard = { .context = context,
			       .processes = processes,
			       .boot = &corrected,
			       .database = database,
			       .budget = guard_budget_whole() };
	struct guard_findings findings = { 0 };
	char problem[POLICY_PROBLEM_SIZE];
	int error = 0;

	if (boot->note.rung != DARUMA_RUNG_ASIDE && late_crash_is_hidden(context, database, boot)) {
		corrected.note.last_ending = DARUMA_ENDING_LATE;
		findings.hidden = true;
	}
	/* Before all that is written. */
	if (boot->note.rung != DARUMA_RUNG_ASIDE && daruma_note_has_open_failures(&corrected.note))
		first_error_keep(&error, spare_room_give_up(context));
	if (database)
		first_error_keep(&error, enter_start(context, database, boot));
	if (boot->note.rung != DARUMA_RUNG_ASIDE) {
		/* What is wrong with it was told where it was applied; the built-in one does. */
		policy_file_load(context, &guard.policy, problem);
		first_error_keep(&error, panic_setting_set(context));
		first_error_keep(&error, run(&guard, &findings));
	} else {
		first_error_keep(&error, aside_alarm(context, database, boot));
	}
	product_list_free(&guard.products);
	*ret = findings;
	return error;
}
