/* cmd_deadline.c: daruma deadline: ends a start that hangs; called by daruma-deadline.timer while failures are open
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>

#include "recovery/boot/own_answer.h"
#include "recovery/boot/this_boot.h"
#include "recovery/commands/commands.h"
#include "recovery/deadline.h"
#include "recovery/event.h"
#include "recovery/message.h"
#include "recovery/process.h"
#include "recovery/restart.h"
#include "recovery/run_mark.h"
#include "recovery/state.h"

#define WHY "this start neither became healthy nor asked for a password in time"

/* From the stage's variable too: the state may lie on a file system that is not there. */
static bool is_answered(const struct context *context, struct database *database,
			const struct this_boot *boot)
{
	return (database && this_boot_is_good(database, boot->boot_id)) ||
	       own_answer_is_good(context, boot);
}

static int give_up_start(const struct context *context, struct database *database,
			 const struct deadline_facts *facts)
{
	struct json *details = json_new_object();
	int error = run_mark_set(context, RUN_MARK_GIVEN_UP);

	json_add_bool(details, "emergency", facts->emergency);
	json_add_integer(details, "waited_seconds", facts->waited_seconds);
	if (database)
		event_write(context, database, "deadline.passed", "error", details);
	else
		json_free(details);
	/* Without the mark the restart would be answered as an orderly one and hide the failure. */
	if (error && error != -EALREADY)
		return error;
	return restart_machine(context, process_of_machine(), WHY);
}

static int check(const struct context *context, struct database *database)
{
	char problem[POLICY_PROBLEM_SIZE];
	struct deadline_facts facts = { .answered = false };
	struct policy_file policy;
	struct this_boot boot;
	int error = this_boot_read(context, database, &boot);

	if (error) {
		message_notice(context, "nothing is done: %s", this_boot_problem(error));
		return 0;
	}
	if (policy_file_load(context, &policy, problem) != 0)
		message_notice(context, "using the built-in policy: %s", problem);
	facts.answered = is_answered(context, database, &boot);
	deadline_look(context, process_of_machine(), &facts);
	if (!deadline_passed(&boot.note, &policy, &facts))
		return 0;
	return context->dry_run ? 0 : give_up_start(context, database, &facts);
}

int cmd_deadline(const struct context *context, int argc, char *argv[])
{
	struct database *database = NULL;
	int error;

	(void)argc;
	(void)argv;
	if (state_open_existing(context, &database) != 0)
		database = NULL;
	error = check(context, database);
	database_close(database);
	return error ? message_cannot(context, error, "end this start") : EXIT_DONE;
}
