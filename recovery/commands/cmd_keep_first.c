/* cmd_keep_first.c: daruma keep-first: keeps the stage first in the boot order; called after packages were installed
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>

#include "recovery/boot/own_variables.h"
#include "recovery/boot/this_boot.h"
#include "recovery/commands/commands.h"
#include "recovery/gate.h"
#include "recovery/message.h"
#include "recovery/state.h"

int cmd_keep_first(const struct context *context, int argc, char *argv[])
{
	struct gate gate = { .context = context, .variables = own_variables(context) };
	int result;

	(void)argc;
	(void)argv;
	if (this_boot_is_off(context)) {
		message_notice(context, "%s", this_boot_problem(-ECANCELED));
		return EXIT_DONE;
	}
	result = state_open(context, true, &gate.database);
	if (!result)
		result = gate_keep_order(&gate);
	database_close(gate.database);
	if (result < 0)
		return message_cannot(context, result, "keep the stage first in the boot order");
	message_notice(context, result == 1 ? "the stage is first in the boot order again" :
					      "nothing to do");
	return EXIT_DONE;
}
