/* cmd_recover.c: daruma recover: repairs, then restarts; called by daruma-recover.service in the safe profile
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/command_recover.h"
#include "recovery/commands/commands.h"
#include "recovery/healthy_time.h"
#include "recovery/message.h"
#include "recovery/products/watch_set.h"
#include "recovery/run_mark.h"
#include "recovery/state.h"
#include "recovery/unauthorised.h"

/* For the commands of all products: the unit has 15 min, and one that is begun may hang on the way in and on that out. */
#define COMMANDS_SECONDS 300

/* Without the tables nothing can be found out: stand aside rather than come back here again and again. */
static int give_up(const struct context *context)
{
	struct this_boot boot;
	struct recover recover = { .context = context,
				   .processes = process_of_machine(),
				   .boot = &boot };

	if (context->dry_run || this_boot_read(context, NULL, &boot) != 0 ||
	    this_boot_is_ordinary_rung(&boot))
		return EXIT_FAILED;
	/* A person who asked for the safe profile may want to mend just that. */
	if (daruma_reason_is_asked(boot.note.reason))
		return EXIT_DONE;
	if (command_recover_give_up(&recover) != 0)
		run_mark_set(context, RUN_MARK_GIVEN_UP);
	return EXIT_FAILED;
}

/* The stage did not order a safe start; `error` is that of this_boot_read(). */
static void do_nothing(const struct recover *recover, int error)
{
	const struct context *context = recover->context;
	const char *why = error ? this_boot_problem(error) : "the stage ordered no safe start";

	message_notice(context, "nothing is done: %s", why);
	if (context->dry_run || !unauthorised_entry(recover->processes, error, recover->boot))
		return;
	error = unauthorised_tell(context, recover->database, why);
	if (error)
		message_cannot(context, error, "record that this safe profile is unauthorised");
}

int cmd_recover(const struct context *context, int argc, char *argv[])
{
	char problem[POLICY_PROBLEM_SIZE];
	struct product_list products = { 0 };
	struct policy_file policy;
	struct this_boot boot;
	bool left;
	struct recover recover = { .context = context,
				   .processes = process_of_machine(),
				   .products = &products,
				   .policy = &policy,
				   .boot = &boot,
				   .commands_until = healthy_time_now() + COMMANDS_SECONDS };
	int error = state_open(context, true, &recover.database);

	(void)argc;
	(void)argv;
	if (error) {
		message_cannot(context, error, "open the state");
		return give_up(context);
	}
	error = this_boot_read(context, recover.database, &boot);
	if (error || this_boot_is_ordinary_rung(&boot)) {
		do_nothing(&recover, error);
		database_close(recover.database);
		return EXIT_DONE;
	}
	if (policy_file_load(context, &policy, problem) != 0)
		message_notice(context, "using the built-in policy: %s", problem);
	error = watch_set_load(context, &products, NULL);
	if (!error)
		error = this_boot_register(context, recover.database, &boot);
	if (!error)
		error = command_recover_run(&recover, &left);
	/* The unit restarts the machine in order; that must not be answered as an orderly end of this try (R3). */
	if (error)
		run_mark_set(context, RUN_MARK_GIVEN_UP);
	product_list_free(&products);
	database_close(recover.database);
	return error ? message_cannot(context, error, "recover") : EXIT_DONE;
}
