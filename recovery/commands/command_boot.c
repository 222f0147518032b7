/* command_boot.c: how commands find the boot that an argument means
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/command_boot.h"

#include <errno.h>
#include <stddef.h>

#include "recovery/commands/command_state.h"
#include "recovery/message.h"

static int complain(const struct context *context, int error, const char *reference)
{
	int code;

	if (error == -ENOTUNIQ) {
		message_cannot_because(context, error, "more than one boot id starts so",
				       "find the boot %s", reference);
		return EXIT_NO_SUCH;
	}
	if (error != -ESRCH)
		return message_cannot(context, error, "find the boot %s", reference);
	code = message_cannot_because(context, error, "no such boot", "find the boot %s",
				      reference);
	message_hint("daruma list shows the boots");
	return code;
}

int command_boot_find(const struct context *context, const char *reference,
		      struct database **ret_database, struct past_boot *ret_boot)
{
	struct database *database = NULL;
	int code = command_state_look(context, &database);
	int error;

	if (code)
		return code;
	error = database ? past_boot_find(context, database, reference, ret_boot) : -ESRCH;
	if (error) {
		database_close(database);
		return complain(context, error, reference);
	}
	*ret_database = database;
	return EXIT_DONE;
}
