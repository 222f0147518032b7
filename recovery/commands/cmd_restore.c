/* cmd_restore.c: daruma restore ID|PRODUCT|all: puts back what was set aside, has products leave their reduced mode, and
 * switches on what was switched off
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <string.h>

#include "recovery/commands/command_entry.h"
#include "recovery/commands/command_reduce.h"
#include "recovery/commands/command_state.h"
#include "recovery/commands/command_switch.h"
#include "recovery/commands/commands.h"
#include "recovery/message.h"
#include "recovery/quarantine/quarantine.h"

static int tell_newer(const struct database_row *row, void *user)
{
	message_notice(user,
		       "entry %lld had been replaced by a newer version, which is entry %lld now",
		       (long long)database_integer(row, 0), (long long)database_integer(row, 1));
	return 0;
}

/* R27: neither what was set aside nor what was put there instead. */
static void follow(const struct context *context, struct database *database,
		   const struct action_list *changed)
{
	for (size_t i = 0; i < changed->count; i++)
		database_query(
			database, tell_newer, (void *)(uintptr_t)context,
			"SELECT old.id,new.id FROM action AS old JOIN action AS new ON"
			" new.restores=old.id WHERE old.id=?1 AND new.sha256 IS NOT NULL AND"
			" new.sha256 IS NOT old.sha256 AND new.sha256 IS NOT old.replaced_by",
			"i", changed->items[i].id);
}

static bool is_kept_from(const struct context *context, const char *product)
{
	return command_switch_is_off(context, product) || command_reduce_is_on(context, product);
}

/* The mode first: what is switched on starts. */
static int give_back(const struct context *context, const char *product)
{
	struct database *database = NULL;
	int code = command_state_change(context, &database), switched;

	if (code)
		return code;
	code = command_reduce_leave(context, database, product, false);
	switched = command_switch_on(context, database, product);
	database_close(database);
	return code ? code : switched;
}

/* A word that is no number of an entry and not "all" names a product, and none of that name is reduced or switched off. */
static int tell_not_off(const struct context *context, const char *product)
{
	struct database *database = NULL;
	int code;

	if (command_switch_knows(context, product)) {
		message_notice(context, "%s is neither reduced nor switched off", product);
		message_advise(context,
			       "what is set aside of it is put back by the numbers of its entries");
		return EXIT_DONE;
	}
	/* What is off cannot be told without the state. */
	code = command_state_look(context, &database);
	database_close(database);
	if (code)
		return code;
	message_cannot_because(context, -ESRCH, "there is no such entry or product", "restore %s",
			       product);
	message_hint("'daruma list-quarantine' shows what is set aside, reduced and switched off");
	return EXIT_NO_SUCH;
}

int cmd_restore(const struct context *context, int argc, char *argv[])
{
	static const struct command_entry entry = {
		.verb = "restore",
		.action = "put",
		.how = "back",
		.done = "back",
		.nothing = "nothing was to be put back",
		.all = "step='done' AND restores IS NULL",
		.files = true,
		.change = quarantine_restore,
		.follow = follow,
	};

	int code;

	(void)argc;
	if (is_kept_from(context, argv[1]))
		return give_back(context, argv[1]);
	if (argv[1][0] && strspn(argv[1], "0123456789") != strlen(argv[1]) &&
	    strcmp(argv[1], "all") != 0)
		return tell_not_off(context, argv[1]);
	code = command_entry_run(context, &entry, argv[1]);
	/* Behind the objects: what starts finds its files. Of all, those that can be done are. */
	if (strcmp(argv[1], "all") == 0 && is_kept_from(context, NULL)) {
		int given = give_back(context, NULL);

		code = code ? code : given;
	}
	return code;
}
