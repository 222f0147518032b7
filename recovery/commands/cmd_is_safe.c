/* cmd_is_safe.c: daruma is-safe: is this the safe profile
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdbool.h>

#include "recovery/commands/command_view.h"
#include "recovery/commands/commands.h"

int cmd_is_safe(const struct context *context, int argc, char *argv[])
{
	struct stage_view view;
	int code;
	bool safe;

	(void)argc;
	(void)argv;
	if (!command_view_take(context, &view, &code))
		return code;
	safe = !view.error &&
	       (view.note.rung == DARUMA_RUNG_SAFE || view.note.rung == DARUMA_RUNG_RESCUE);
	return safe ? EXIT_DONE : EXIT_FALSE;
}
