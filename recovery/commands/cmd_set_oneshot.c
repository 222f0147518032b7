/* cmd_set_oneshot.c: daruma set-oneshot normal|safe: choose the rung of the next boot
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recovery/boot/answer_lock.h"
#include "recovery/boot/own_answer.h"
#include "recovery/boot/own_variables.h"
#include "recovery/boot/safe_image.h"
#include "recovery/cleanup.h"
#include "recovery/commands/commands.h"
#include "recovery/event.h"
#include "recovery/message.h"
#include "recovery/state.h"

static int ask(const struct context *context, struct database *database,
	       const struct this_boot *boot, enum daruma_request request)
{
	owned_descriptor int lock = answer_lock_take(context);
	struct json *details;
	struct daruma_answer answer;
	int error;

	own_answer_load(context, database, boot, &answer);
	answer.request = request;
	memset(answer.argument, 0, sizeof(answer.argument));
	error = firmware_write_answer(context, boot->id, &answer);
	if (error)
		return error;
	details = json_new_object();
	json_add_text(details, "request", daruma_request_name(request));
	event_write(context, database, "boot.oneshot_set", "notice", details);
	return 0;
}

int cmd_set_oneshot(const struct context *context, int argc, char *argv[])
{
	enum daruma_request request =
		strcmp(argv[1], "safe") == 0 ? DARUMA_REQUEST_SAFE : DARUMA_REQUEST_NORMAL;
	struct database *database = NULL;
	struct this_boot boot;
	int error;

	(void)argc;
	if (request == DARUMA_REQUEST_NORMAL && strcmp(argv[1], "normal") != 0)
		return message_usage("set-oneshot: %s: neither normal nor safe", argv[1]);
	error = this_boot_read(context, NULL, &boot);
	if (error)
		return message_cannot_because(context, error, this_boot_problem(error),
					      "choose the next boot");
	if (context->dry_run) {
		printf("would ask for a %s start\n", argv[1]);
		return EXIT_DONE;
	}
	/* The request does not need the state; only its event does. */
	error = state_open(context, true, &database);
	if (error) {
		message_notice(context, "it is not in the history: %s", message_text(error));
		database = NULL;
	}
	error = ask(context, database, &boot, request);
	database_close(database);
	if (error)
		return message_cannot(context, error, "choose the next boot");
	message_notice(context, "the next boot will be %s", argv[1]);
	if (request == DARUMA_REQUEST_SAFE &&
	    safe_image_look(context, own_variables(context), NULL) != SAFE_IMAGE_NONE)
		message_advise(context,
			       "it is of an image that repairs and nothing else: nobody can "
			       "log in there, and it restarts by itself");
	return EXIT_DONE;
}
