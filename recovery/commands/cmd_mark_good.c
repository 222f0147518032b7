/* cmd_mark_good.c: daruma mark-good: answer this boot as good, now
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>

#include "recovery/boot/own_variables.h"
#include "recovery/commands/command_state.h"
#include "recovery/commands/commands.h"
#include "recovery/gate.h"
#include "recovery/message.h"
#include "recovery/products/watch_set.h"

static int mark(const struct gate *gate, const struct this_boot *boot)
{
	int error = this_boot_register(gate->context, gate->database, boot);

	/* The event boot.succeeded says by whom. */
	return error ? error : gate_good(gate, boot, "mark-good");
}

static int mark_with_policy(const struct context *context, struct database *database,
			    const struct this_boot *boot)
{
	char problem[POLICY_PROBLEM_SIZE] = "";
	struct product_list products = { 0 };
	struct policy_file policy;
	struct gate gate = { .context = context,
			     .processes = process_of_machine(),
			     .variables = own_variables(context),
			     .database = database,
			     .products = &products,
			     .policy = &policy,
			     .records = true };
	int error;

	if (policy_file_load(context, &policy, problem))
		message_notice(context, "using the built-in policy: %s", problem);
	error = watch_set_load(context, &products, NULL);
	if (!error)
		error = mark(&gate, boot);
	product_list_free(&products);
	return error;
}

/* Whether this start may be answered good at all; if not, the exit code after a message. */
static bool may_be_good(const struct context *context, struct database *database,
			struct this_boot *boot, int *ret_code)
{
	int error = this_boot_read(context, database, boot);

	if (error) {
		*ret_code = message_cannot_because(context, error, this_boot_problem(error),
						   "mark this boot good");
		return false;
	}
	if (this_boot_is_ordinary_rung(boot))
		return true;
	*ret_code = message_cannot_because(context, -EINVAL, "it is not a normal boot",
					   "mark this boot good");
	message_hint("a %s boot proves nothing about the machine as it is set up",
		     daruma_rung_name(boot->note.rung));
	return false;
}

static int mark_known(const struct context *context, struct database *database)
{
	struct this_boot boot;
	int code;
	int error;

	if (!may_be_good(context, database, &boot, &code))
		return code;
	error = mark_with_policy(context, database, &boot);
	if (error)
		return message_cannot(context, error, "mark this boot good");
	message_notice(context, "this boot is good");
	return EXIT_DONE;
}

int cmd_mark_good(const struct context *context, int argc, char *argv[])
{
	struct database *database = NULL;
	struct this_boot boot;
	int code;

	(void)argc;
	(void)argv;
	/* Asked before the state is made. */
	if (!may_be_good(context, NULL, &boot, &code))
		return code;
	if (context->dry_run) {
		printf("would answer boot %s as good\n", boot.boot_id);
		return EXIT_DONE;
	}
	code = command_state_change(context, &database);
	if (code)
		return code;
	code = mark_known(context, database);
	database_close(database);
	return code;
}
