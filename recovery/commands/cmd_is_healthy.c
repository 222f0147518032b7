/* cmd_is_healthy.c: daruma is-healthy: was this boot answered good
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/command_view.h"
#include "recovery/commands/commands.h"
#include "recovery/message.h"

int cmd_is_healthy(const struct context *context, int argc, char *argv[])
{
	struct stage_view view;
	int code;

	(void)argc;
	(void)argv;
	if (!command_view_take(context, &view, &code))
		return code;
	if (view.error)
		message_notice(context, "this boot did not go through the firmware stage");
	return view.answered && view.answer.result == DARUMA_RESULT_GOOD ? EXIT_DONE : EXIT_FALSE;
}
