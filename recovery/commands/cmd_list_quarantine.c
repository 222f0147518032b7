/* cmd_list_quarantine.c: daruma list-quarantine: what is set aside, reduced or switched off
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/command_state.h"
#include "recovery/commands/commands.h"
#include "recovery/commands/quarantine_entry.h"
#include "recovery/message.h"

int cmd_list_quarantine(const struct context *context, int argc, char *argv[])
{
	struct action_list entries = { 0 };
	struct quarantine_products products = { 0 };
	struct database *database = NULL;
	int code = command_state_look(context, &database);
	int error = 0;

	(void)argc;
	(void)argv;
	if (code)
		return code;
	if (database)
		error = action_list_load(
			database,
			"(step<>'restored' OR id IN (SELECT entry FROM trial WHERE outcome IN "
			"('','due')))"
			" AND (restores IS NULL OR sha256 IS NOT NULL)"
			/* The double of one that came back. */
			" AND NOT (step='purged' AND EXISTS (SELECT 1 FROM action AS old WHERE"
			" old.id<action.id AND old.step='done' AND old.path=action.path AND"
			" old.sha256=action.sha256))",
			0, &entries);
	if (!error)
		error = switched_off_load(database, &products.off);
	if (!error)
		error = reduced_mode_load(database, &products.reduced);
	if (error)
		code = message_cannot(context, error, "list the quarantine");
	else
		code = quarantine_entries_print(context, database, &entries, &products);
	switched_off_list_free(&products.off);
	reduced_mode_list_free(&products.reduced);
	action_list_free(&entries);
	database_close(database);
	return code;
}
