/* cmd_purge.c: daruma purge ID|all: deletes for good what was set aside
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/command_entry.h"
#include "recovery/commands/commands.h"
#include "recovery/quarantine/quarantine.h"

int cmd_purge(const struct context *context, int argc, char *argv[])
{
	static const struct command_entry entry = {
		.verb = "purge",
		.action = "delete",
		.how = "for good",
		.done = "deleted",
		.nothing = "nothing was to be deleted",
		.all = "step='done'",
		.final = true,
		.change = quarantine_purge,
	};

	(void)argc;
	return command_entry_run(context, &entry, argv[1]);
}
