/* cmd_guard.c: daruma guard: looks at the last failure and at products before they start; called by daruma-guard.service
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recovery/boot/limits_lock.h"
#include "recovery/boot/safe_image_change.h"
#include "recovery/cleanup.h"
#include "recovery/commands/commands.h"
#include "recovery/guard.h"
#include "recovery/message.h"
#include "recovery/state.h"

static const char *const whys[] = {
	[FAST_PATH_TAKEN] = "what changed of it was set aside before it starts",
	[FAST_PATH_UNCERTAIN] = NULL,
	[FAST_PATH_RUNG] = "the ladder goes on",
	[FAST_PATH_POLICY] = "the policy wants no repair in a normal start",
	[FAST_PATH_LARGE] = "there is no time left to set aside all that changed",
	[FAST_PATH_NO_COPY] = "no last good copy was kept",
	[FAST_PATH_AGAIN] = "it was repaired so a short time ago",
	[FAST_PATH_FAILED] = "it could not be set aside",
};

/* What comes instead. Each good answer takes back what the stage counts, so no ladder comes for a loop of late crashes. */
static const char *next_of(const struct guard_findings *findings)
{
	switch (findings->repair.why) {
	case FAST_PATH_LARGE:
	case FAST_PATH_NO_COPY:
		return findings->late_crashes ? ", and the gate sets it aside before this start is "
						"good" :
						", and the ladder goes on";
	case FAST_PATH_AGAIN:
	case FAST_PATH_FAILED:
		return findings->late_crashes ? "" : ", and the ladder goes on";
	default:
		return "";
	}
}

static void tell_verdict(const struct context *context, const struct guard_findings *findings)
{
	const struct verdict *verdict = &findings->verdict;
	const char *why = whys[findings->repair.why];

	if (findings->late_crashes)
		message_notice(context, "%d crashes long after good starts belong together",
			       findings->late_crashes);
	if (verdict->count == 0)
		return;
	message_notice(context, "to blame: %s%s%s (%s)%s%s%s",
		       verdict->product[0] ? verdict->product : "nobody",
		       verdict->partner[0] ? " with " : "", verdict->partner,
		       verdict_certainty_name(verdict->certainty), why ? ": " : "", why ? why : "",
		       next_of(findings));
}

/* Behind the function: whose it is. That of a program has the program's name. */
static void describe_owner(const struct crash *crash, char ret[CRASH_FUNCTION_SIZE + 16])
{
	bool known = strcmp(crash->function, crash->program) == 0;
	const char *program = known ? "" : crash->program;

	snprintf(ret, CRASH_FUNCTION_SIZE + 16, "%s%s",
		 crash->module[0] ? " of " :
		 program[0]	  ? " called from " :
				    "",
		 crash->module[0] ? crash->module : program);
}

static void tell(const struct context *context, const struct this_boot *boot,
		 const struct guard_findings *findings)
{
	char owner[CRASH_FUNCTION_SIZE + 16];

	describe_owner(&findings->crash, owner);
	message_notice(context, "%s start (%s)", daruma_rung_name(boot->note.rung),
		       daruma_reason_name(boot->note.reason));
	if (findings->looked)
		message_notice(context,
			       "the start before ended: %s; crash: %s%s%s%s; watch set %s%s%s%s",
			       daruma_ending_name(findings->ending),
			       crash_class_name(findings->crash.class),
			       findings->crash.function[0] ? " in " : "", findings->crash.function,
			       owner, findings->changed ? "changed" : "unchanged",
			       findings->accused ? ", product " : "",
			       findings->accused ? findings->product : "",
			       findings->answered ? "" : "; the stage could not be told");
	if (findings->hardware)
		message_notice(context,
			       "the firmware recorded a hardware error of it (%s): no software is "
			       "to blame",
			       findings->hardware);
	tell_verdict(context, findings);
	if (findings->asked)
		message_notice(context,
			       "the loop goes on: one more such crash leads to a safe start");
	if (findings->unheard)
		message_notice(context,
			       "the loop goes on: no safe start comes for crashes that only kdump "
			       "saw, so a person is needed");
	if (findings->again)
		message_notice(context, "%d objects that were on trial are set aside again",
			       findings->again);
	if (findings->returned)
		message_notice(context, "%d objects had come back and are set aside again",
			       findings->returned);
	if (findings->released)
		message_notice(context, "modules that were held back may load now");
}

/* A safe start of it may come next. */
static void look_at_image(const struct context *context, struct database *database)
{
	owned_descriptor int lock = limits_lock_try(context);
	int result = lock < 0 ? 0 : safe_image_drop_useless(context, database);

	if (result > 0)
		message_notice(context,
			       "the owner's image could repair nothing, and is used no more");
}

/* Fails open: whatever it could not do, the start goes on, and so does everything that waits for the guard. */
int cmd_guard(const struct context *context, int argc, char *argv[])
{
	struct guard_findings findings = { 0 };
	struct database *database = NULL;
	struct this_boot boot;
	int error = state_open(context, true, &database);

	(void)argc;
	(void)argv;
	if (error)
		message_cannot(context, error, "open the state");
	error = this_boot_read(context, database, &boot);
	if (error) {
		message_notice(context, "nothing is done: %s", this_boot_problem(error));
		guard_release(context, process_of_machine());
		database_close(database);
		return EXIT_DONE;
	}
	error = guard_run(context, process_of_machine(), &boot, database, &findings);
	tell(context, &boot, &findings);
	if (findings.looked && database)
		look_at_image(context, database);
	database_close(database);
	if (error)
		return message_cannot(context, error, "finish the guard's work");
	return EXIT_DONE;
}
