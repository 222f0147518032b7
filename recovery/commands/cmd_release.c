/* cmd_release.c: daruma release ID|PRODUCT|all|kernel: gives back on trial what was set aside, or has been reduced
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recovery/boot/answer_lock.h"
#include "recovery/boot/own_answer.h"
#include "recovery/cleanup.h"
#include "recovery/commands/command_entry.h"
#include "recovery/commands/command_reduce.h"
#include "recovery/commands/command_state.h"
#include "recovery/commands/commands.h"
#include "recovery/commands/confirm.h"
#include "recovery/message.h"
#include "recovery/quarantine/quarantine.h"
#include "recovery/repair/previous_kernel.h"
#include "recovery/repair/verdict.h"

#define SEVERAL "several" /* products: the trial's argument has room for one name */

static int release(const struct context *context, struct database *database, int64_t id)
{
	struct this_boot boot;
	bool known = this_boot_read(context, database, &boot) == 0;

	return quarantine_release(context, database, id, known ? boot.boot_id : NULL);
}

/* A request that somebody made before and that leads elsewhere stays. */
static bool may_ask(enum daruma_request request)
{
	return request == DARUMA_REQUEST_NONE || request == DARUMA_REQUEST_TRIAL ||
	       request == DARUMA_REQUEST_ASIDE || request == DARUMA_REQUEST_REPAIR;
}

static int ask_for_trial(const struct context *context, struct database *database,
			 const struct this_boot *boot, const char *product)
{
	owned_descriptor int lock = answer_lock_take(context);
	struct daruma_answer answer;
	size_t length = strlen(product);

	own_answer_load(context, database, boot, &answer);
	if (!may_ask(answer.request))
		return -EEXIST;
	answer.request = DARUMA_REQUEST_TRIAL;
	memset(answer.argument, 0, sizeof(answer.argument));
	memcpy(answer.argument, product,
	       length < sizeof(answer.argument) ? length : sizeof(answer.argument));
	return firmware_write_answer(context, boot->id, &answer);
}

static void follow(const struct context *context, struct database *database,
		   const struct action_list *changed)
{
	struct this_boot boot;
	int error = this_boot_read(context, database, &boot);
	const char *why = error ? this_boot_problem(error) : NULL;

	if (!error)
		error = ask_for_trial(context, database, &boot, changed->items[0].product);
	if (error == -EEXIST)
		why = "another kind of start was asked for";
	if (!error)
		message_notice(context, "the next boot will be a trial: if it crashes, this is set "
					"aside again in the boot behind it");
	else
		message_notice(context,
			       "the next boot will be no trial (%s); if it crashes, this is set "
			       "aside again all the same",
			       why ? why : message_text(error));
}

/* --- the kernel ---------------------------------------------------------------------------- */

static int undo_kernel(const struct context *context, struct database *database)
{
	struct boot_loader_access access;
	struct this_boot boot;
	int result;

	if (!confirm(context, "Do you want to give the boot loader its default back?"))
		return EXIT_FAILED;
	boot_loader_access_of(context, &access);
	result = previous_kernel_undo(&access, database, true);
	if (result < 0)
		return message_cannot(context, result, "give the boot loader its default back");
	message_notice(context, "the boot loader's default is the one of before again");
	/* If it crashes, that counts as any other crash does; the safe start behind enough of them sets the kernel
	 * before. */
	if (this_boot_read(context, database, &boot) == 0 &&
	    ask_for_trial(context, database, &boot, VERDICT_KERNEL) == 0)
		message_notice(context, "the next boot will be a trial");
	return EXIT_DONE;
}

static int release_kernel(const struct context *context)
{
	struct database *database;
	struct previous_kernel row;
	int code = command_state_change(context, &database);

	if (code)
		return code;
	if (previous_kernel_open(database, &row) != 1)
		message_notice(context, "the boot loader's default was not changed");
	else if (context->dry_run)
		printf("would give the boot loader its default of before back; now it is %s\n",
		       row.kernel);
	else
		code = undo_kernel(context, database);
	database_close(database);
	return code;
}

/* --- the reduced mode ---------------------------------------------------------------------- */

/* If that crashes, it counts as any other crash does, and no good start in between proves the product
 * (reduced_mode_fail()): the next safe start has it enter again. */
static int leave_reduced(const struct context *context, const char *product)
{
	struct database *database;
	struct this_boot boot;
	int code = command_state_change(context, &database);

	if (code)
		return code;
	code = command_reduce_leave(context, database, product, true);
	if (!code && !context->dry_run && this_boot_read(context, database, &boot) == 0 &&
	    ask_for_trial(context, database, &boot, product ? product : SEVERAL) == 0)
		message_notice(context, "the next boot will be a trial");
	database_close(database);
	return code;
}

int cmd_release(const struct context *context, int argc, char *argv[])
{
	static const struct command_entry entry = {
		.verb = "release",
		.action = "give",
		.how = "back on trial",
		.done = "back, on trial",
		.nothing = "nothing was to be given back",
		.all = "step='done' AND restores IS NULL",
		.files = true,
		.change = release,
		.follow = follow,
	};

	int code;

	(void)argc;
	if (strcmp(argv[1], VERDICT_KERNEL) == 0)
		return release_kernel(context);
	if (command_reduce_is_on(context, argv[1]))
		return leave_reduced(context, argv[1]);
	code = command_entry_run(context, &entry, argv[1]);
	/* Behind the objects. Of all, those that can be done are. */
	if (strcmp(argv[1], "all") == 0 && command_reduce_is_on(context, NULL)) {
		int reduced = leave_reduced(context, NULL);

		code = code ? code : reduced;
	}
	return code;
}
