/* cmd_remove.c: daruma remove: takes the stage out of the boot path
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The record cannot be deleted from here: the stage does that in one more start, which is asked for. With --now the rest
 * goes at once and the record, which nobody reads any more, stays.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recovery/boot/answer_file.h"
#include "recovery/boot/boot_order.h"
#include "recovery/boot/install.h"
#include "recovery/boot/own_entry.h"
#include "recovery/boot/removal_request.h"
#include "recovery/boot/stage_file.h"
#include "recovery/boot/stage_trial.h"
#include "recovery/commands/command_reduce.h"
#include "recovery/commands/command_scan_timer.h"
#include "recovery/commands/command_switch.h"
#include "recovery/commands/commands.h"
#include "recovery/event.h"
#include "recovery/message.h"
#include "recovery/quarantine/holds.h"
#include "recovery/repair/previous_kernel.h"
#include "recovery/scan_timer.h"
#include "recovery/state.h"

struct removal {
	const struct context *context;
	const struct variables *variables; /* NULL: none here */
	struct database *database;
	struct install_plan plan;
};

static int mark_removed(const struct removal *removal)
{
	struct json *details = json_new_object();
	int error = state_set_number(removal->database, BOOT_ORDER_REMOVED_KEY, 1);

	if (!error)
		error = state_set_text(removal->database, OWN_ENTRY_SHIM_KEY, "");
	json_add_bool(details, "now", removal->context->now);
	event_write(removal->context, removal->database, "stage.removed", "warning", details);
	return error;
}

static int remove_answer(const struct removal *removal)
{
	char name[64];
	int error;

	snprintf(name, sizeof(name), "%s%s", DARUMA_ANSWER_NAME, removal->plan.esp.id);
	error = removal->variables->remove(DARUMA_VENDOR_GUID, name);
	return error == -ENOENT ? 0 : error;
}

/* The order first: from then on nothing starts what is deleted next. */
static int remove_now(const struct removal *removal)
{
	int error = 0;

	if (removal->variables) {
		error = install_restore_order(removal->variables, removal->database, false);
		if (!error)
			error = install_delete_entry(removal->variables, &removal->plan);
		if (!error)
			error = remove_answer(removal);
	}
	if (!error)
		error = answer_file_delete(&removal->plan.esp);
	if (!error)
		error = stage_file_delete(&removal->plan.esp);
	if (!error)
		error = mark_removed(removal);
	if (!error)
		message_notice(
			removal->context,
			"removed; the firmware's record %s%s stays: Linux cannot see or delete it",
			DARUMA_RECORD_NAME, removal->plan.esp.id);
	return error;
}

/* Asks the stage to forget this machine in one more start. */
static int remove_by_restart(const struct removal *removal, const struct this_boot *boot)
{
	int error = removal_request_make(removal->context, removal->database, boot);

	if (!error)
		error = install_restore_order(removal->variables, removal->database, true);
	if (!error)
		error = mark_removed(removal);
	if (!error)
		message_notice(removal->context,
			       "restart once: the stage then deletes its record and"
			       " its boot entry");
	return error;
}

/* Only a start that went through the stage can ask it for anything. If this one did not, the message was printed and
 * `*ret_code` is the exit code. */
static bool may_ask(const struct removal *removal, struct this_boot *ret_boot, int *ret_code)
{
	int error = removal->variables ?
			    this_boot_read(removal->context, removal->database, ret_boot) :
			    -ENODEV;

	if (!error)
		return true;
	*ret_code = message_cannot_because(removal->context, error, this_boot_problem(error),
					   "ask the stage to forget this machine");
	message_hint("'daruma remove --now' removes everything but the firmware's record");
	return false;
}

/* A new stage that is on trial is not started any more. */
static int end_trial(const struct removal *removal)
{
	struct boot_entry ours;
	const struct stage_trial_place place = { .context = removal->context,
						 .variables = removal->variables,
						 .database = removal->database,
						 .esp = &removal->plan.esp,
						 .ours = &ours };

	if (!removal->variables || !stage_trial_is_pending(removal->database))
		return 0;
	return install_own_entry(&removal->plan, &ours) == 0 ? stage_trial_end(&place) : 0;
}

static int remove_stage(const struct removal *removal)
{
	struct this_boot boot;
	int code, error;

	if (!removal->context->now && !may_ask(removal, &boot, &code))
		return code;
	error = end_trial(removal);
	if (!error)
		error = removal->context->now ? remove_now(removal) :
						remove_by_restart(removal, &boot);
	return error ? message_cannot(removal->context, error, "remove the stage") : EXIT_DONE;
}

/* Returns an exit code. What has not left its reduced mode stays in it once nobody knows of it any more. */
static int give_back(const struct context *context, struct database *database)
{
	struct context unasked = *context;
	int left, switched;

	unasked.assume_yes = true;
	left = command_reduce_leave(&unasked, database, NULL, false);
	if (left)
		message_hint("'daruma restore all' tries again, as long as this program is there");
	switched = command_switch_on(&unasked, database, NULL);
	return left ? left : switched;
}

static void undo_kernel(const struct removal *removal)
{
	struct boot_loader_access access;
	int result;

	boot_loader_access_of(removal->context, &access);
	result = previous_kernel_undo(&access, removal->database, true);
	if (result < 0)
		message_cannot(removal->context, result, "give the boot loader its default back");
	else if (result > 0)
		message_notice(removal->context,
			       "the boot loader's default is the one of before again");
}

/* What goes with Daruma, in the order in which it goes. Without a state there is nothing of it. */
static void print_plan_of_state(const struct context *context)
{
	struct database *database = NULL;
	struct previous_kernel row;

	if (state_open(context, false, &database) == 0) {
		holds_print_lifting(database);
		command_reduce_leave(context, database, NULL, false);
		command_switch_on(context, database, NULL);
		if (previous_kernel_open(database, &row) == 1)
			printf("would give the boot loader its default of before back; now it is "
			       "%s\n",
			       row.kernel);
	}
	database_close(database);
}

static int print_plan(const struct removal *removal)
{
	printf("would restore the boot order, %s\n",
	       removal->context->now ?
		       "delete the boot entry, the answer and the files on the ESP" :
		       "and ask the stage to forget this machine in the next start");
	print_plan_of_state(removal->context);
	return command_scan_timer(removal->context, SCAN_TIMER_SECONDS);
}

int cmd_remove(const struct context *context, int argc, char *argv[])
{
	struct removal removal = { .context = context };
	int code, kept = EXIT_DONE, error;

	(void)argc;
	(void)argv;
	if (!context->no_variables && !context->root[0] && variables_of_machine()->available())
		removal.variables = variables_of_machine();
	error = esp_find(context, &removal.plan.esp);
	if (error)
		return message_cannot(context, error, "find the EFI system partition");
	if (context->dry_run)
		return print_plan(&removal);
	/* Before the order is changed: what cannot be deleted now stays whole, and goes on working. */
	error = stage_file_try_delete(&removal.plan.esp);
	if (error)
		return message_cannot(context, error, "delete the stage's files on %s",
				      removal.plan.esp.path);
	error = state_open(context, true, &removal.database);
	if (error)
		return message_cannot(context, error, "open the state");
	code = remove_stage(&removal);
	if (!code)
		holds_update(context, removal.database, NULL);
	/* Nobody is asked: with Daruma goes what it holds. */
	if (!code)
		kept = give_back(context, removal.database);
	if (!code)
		undo_kernel(&removal);
	if (!code)
		code = command_scan_timer(context, SCAN_TIMER_SECONDS);
	code = code ? code : kept;
	database_close(removal.database);
	return code;
}
