/* cmd_is_safe.c: daruma is-safe: is this the safe profile
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>

#include "recovery/commands.h"
#include "recovery/message.h"
#include "recovery/stage_view.h"
#include "recovery/this_boot.h"

int cmd_is_safe(const struct context *context, int argc, char *argv[])
{
	struct stage_view view;

	(void)argc;
	(void)argv;
	stage_view_take(context, &view);
	if (view.error == -ENODEV)
		return message_cannot(context, -ENODEV, "read the boot note");
	if (view.error && view.error != -ENOENT)
		return message_cannot_because(context, -EIO, this_boot_problem(view.error),
					      "read the boot note");
	if (view.error)
		return EXIT_FALSE;
	return view.note.rung == DARUMA_RUNG_SAFE || view.note.rung == DARUMA_RUNG_RESCUE ?
		       EXIT_DONE :
		       EXIT_FALSE;
}
