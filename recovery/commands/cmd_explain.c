/* cmd_explain.c: daruma explain: what happened, in plain words
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>

#include "recovery/commands/command_boot.h"
#include "recovery/commands/command_state.h"
#include "recovery/commands/commands.h"
#include "recovery/commands/output.h"
#include "recovery/commands/story.h"
#include "recovery/commands/verdict_view.h"
#include "recovery/message.h"
#include "recovery/rows.h"

/* Stored text must not reach the terminal as control characters. */
static void print_plain(const char *text)
{
	for (; *text; text++)
		putchar((unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text);
	putchar('\n');
}

/* Takes `verdict`, which may be NULL. */
static int print(const struct context *context, const struct text_list *sentences,
		 struct json *verdict)
{
	struct json *object;
	struct json *list;

	if (!context->json) {
		for (size_t i = 0; i < sentences->count; i++)
			print_plain(sentences->items[i]);
		json_free(verdict);
		return EXIT_DONE;
	}
	object = output_object("daruma.explanation.v1");
	list = json_new_array();
	for (size_t i = 0; i < sentences->count; i++)
		json_append_text(list, sentences->items[i]);
	json_add(object, "sentences", list);
	json_add(object, "verdict", verdict ? verdict : json_new_null());
	return output_print(context, object);
}

static int tell_boot(const struct context *context, struct database *database,
		     const struct past_boot *boot, struct text_list *sentences,
		     struct json **ret_verdict)
{
	struct json *changes = NULL;
	struct json *actions = NULL;
	int error = rows_load(database, &rows_changes, 0, 0, boot->boot_id, &changes);

	if (!error)
		error = rows_load(database, &rows_actions, 0, 0, boot->boot_id, &actions);
	if (!error)
		error = verdict_view_load(database, boot->boot_id, 0, 0, ret_verdict);
	if (!error)
		error = story_of_boot(context, boot, *ret_verdict, changes, actions, sentences);
	json_free(changes);
	json_free(actions);
	return error;
}

static int explain_boot(const struct context *context, const char *reference)
{
	struct text_list sentences = { 0 };
	struct database *database = NULL;
	struct past_boot boot = { 0 };
	struct json *verdict = NULL;
	int code = command_boot_find(context, reference, &database, &boot);
	int error;

	if (code)
		return code;
	error = tell_boot(context, database, &boot, &sentences, &verdict);
	code = error ? message_cannot(context, error, "explain the boot %s", boot.boot_id) :
		       print(context, &sentences, verdict);
	text_list_free(&sentences);
	past_boot_free(&boot);
	database_close(database);
	return code;
}

/* Without an argument the newest incident is what people ask for; without one, this boot. */
static int explain_newest(const struct context *context)
{
	struct text_list sentences = { 0 };
	struct database *database = NULL;
	struct incident incident = { 0 };
	int code = command_state_look(context, &database);
	int error;

	if (code)
		return code;
	error = database ? incident_load(database, 0, &incident) : -ESRCH;
	database_close(database);
	if (error == -ESRCH)
		return explain_boot(context, "@current");
	if (!error)
		error = story_of_incident(context, &incident, &sentences);
	code = error ? message_cannot(context, error, "explain the last incident") :
		       print(context, &sentences, incident.verdict);
	incident.verdict = NULL;
	text_list_free(&sentences);
	incident_free(&incident);
	return code;
}

int cmd_explain(const struct context *context, int argc, char *argv[])
{
	return argc > 1 ? explain_boot(context, argv[1]) : explain_newest(context);
}
