/* cmd_is_healthy.c: daruma is-healthy: was this boot answered good
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>

#include "recovery/commands.h"
#include "recovery/message.h"
#include "recovery/stage_view.h"
#include "recovery/this_boot.h"

int cmd_is_healthy(const struct context *context, int argc, char *argv[])
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
		message_notice(context, "this boot did not go through the firmware stage");
	return view.answered && view.answer.result == DARUMA_RESULT_GOOD ? EXIT_DONE : EXIT_FALSE;
}
