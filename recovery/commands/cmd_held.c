/* cmd_held.c: daruma held: holds what users control until the start is good; called by daruma-held.service in held starts
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Starters that users control are ordered after that service. However it ends, they start.
 */
#include <stddef.h>
#include <stdlib.h>

#include "recovery/commands/commands.h"
#include "recovery/held.h"
#include "recovery/message.h"
#include "recovery/products/watch_set.h"
#include "recovery/quarantine/taken_away.h"
#include "recovery/state.h"

/* Whether this is a held start; otherwise it says why nothing is held. */
static bool is_held(const struct context *context, struct this_boot *ret_boot)
{
	struct database *database = NULL;
	int error;

	/* The state tells of a kexec, which the stage does not know of. */
	if (state_open(context, false, &database) != 0)
		database = NULL;
	error = this_boot_read(context, database, ret_boot);
	database_close(database);
	if (error) {
		message_notice(context, "nothing is held: %s", this_boot_problem(error));
		return false;
	}
	if (ret_boot->note.rung == DARUMA_RUNG_HELD)
		return true;
	message_notice(context, "nothing is held: this start is %s",
		       daruma_rung_name(ret_boot->note.rung));
	return false;
}

/* As the gate judges: by the products that count in health. */
static int load_products(const struct context *context, struct product_list *ret_all,
			 struct product_list *ret_counted)
{
	struct database *database = NULL;
	int error = watch_set_load(context, ret_all, NULL);

	if (error)
		return error;
	if (state_open(context, false, &database) != 0)
		database = NULL;
	error = taken_away_counted(context, database, ret_all, ret_counted);
	database_close(database);
	return error;
}

static void hold(const struct held *held)
{
	char why[HEALTH_WHY_SIZE] = "";

	if (held_wait(held, why) == HELD_ANSWERED)
		message_notice(held->context, "this start is good: what was held starts");
	else
		message_notice(held->context,
			       "%s: what was held starts before this start is known to be good",
			       why);
}

int cmd_held(const struct context *context, int argc, char *argv[])
{
	char problem[POLICY_PROBLEM_SIZE];
	struct product_list products = { 0 }, counted = { 0 };
	struct policy_file policy;
	struct this_boot boot;
	struct held held = { .context = context,
			     .processes = process_of_machine(),
			     .products = &counted,
			     .policy = &policy,
			     .boot = &boot };
	int error;

	(void)argc;
	(void)argv;
	if (!is_held(context, &boot))
		return EXIT_DONE;
	/* A policy that cannot be read gives the defaults. */
	if (policy_file_load(context, &policy, problem) != 0)
		message_notice(context, "using the built-in policy: %s", problem);
	error = load_products(context, &products, &counted);
	if (!error)
		hold(&held);
	free(counted.items);
	product_list_free(&products);
	return error ? message_cannot(context, error, "hold anything") : EXIT_DONE;
}
