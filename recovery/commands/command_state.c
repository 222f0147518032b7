/* command_state.c: how commands open the state, and what they say if they cannot
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/command_state.h"

#include <errno.h>
#include <stddef.h>

#include "recovery/message.h"
#include "recovery/state.h"

static int complain(const struct context *context, int error, const char *what)
{
	int code;

	if (error == -EBADMSG) {
		message_cannot_because(context, -EIO, "it is damaged", "%s %s%s", what,
				       context->root, STATE_FILE);
		message_hint("move it away; the next good boot starts a new one");
		return EXIT_FAILED;
	}
	code = message_cannot(context, error, "%s %s%s", what, context->root, STATE_FILE);
	if (error == -ESTALE)
		message_hint("the next start brings it up to date");
	return code;
}

int command_state_look(const struct context *context, struct database **ret)
{
	int error = state_open(context, false, ret);

	if (error == -ENOENT) {
		message_notice(context, "nothing is recorded yet");
		*ret = NULL;
		return EXIT_DONE;
	}
	return error ? complain(context, error, "read") : EXIT_DONE;
}

int command_state_change(const struct context *context, struct database **ret)
{
	int error = state_open(context, true, ret);

	return error ? complain(context, error, "write") : EXIT_DONE;
}
