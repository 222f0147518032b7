/* cmd_list.c: daruma list: boots, newest first
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdio.h>

#include "recovery/boot/past_boot.h"
#include "recovery/commands/command_state.h"
#include "recovery/commands/commands.h"
#include "recovery/commands/output.h"
#include "recovery/commands/table.h"
#include "recovery/message.h"
#include "recovery/timestamp.h"

static int print_json(const struct context *context, const struct past_boot_list *list)
{
	struct json *object = output_object("daruma.boots.v1");
	struct json *boots = json_new_array();

	for (size_t i = 0; i < list->count; i++)
		json_append(boots, past_boot_json(&list->items[i]));
	json_add(object, "boots", boots);
	return output_print(context, object);
}

static int print_table(const struct context *context, const struct past_boot_list *list)
{
	static const char *const heads[] = { "BOOT",   "TIME",	 "RUNG",      "OUTCOME",
					     "PANICS", "RESETS", "CRASHED IN" };
	struct table *table = table_new(heads, sizeof(heads) / sizeof(heads[0]));

	for (size_t i = 0; i < list->count; i++) {
		const struct past_boot *boot = &list->items[i];
		char time[TIMESTAMP_SIZE], panics[24], resets[24];

		timestamp_human(past_boot_time(boot), context->utc, time);
		snprintf(panics, sizeof(panics), "%lld", (long long)boot->panics);
		snprintf(resets, sizeof(resets), "%lld", (long long)boot->resets);
		table_row(table, (const char *const[]){ boot->boot_id, time, boot->rung,
							past_boot_outcome(boot), panics, resets,
							boot->crash_module });
	}
	return table_print(context, table);
}

int cmd_list(const struct context *context, int argc, char *argv[])
{
	struct past_boot_list list = { 0 };
	struct database *database = NULL;
	int code = command_state_look(context, &database);
	int error = 0;

	(void)argc;
	(void)argv;
	if (code)
		return code;
	if (database)
		error = past_boot_list_load(database, INT64_MIN, INT64_MAX, context->lines, &list);
	if (!error && context->json)
		code = print_json(context, &list);
	else if (!error)
		error = print_table(context, &list);
	past_boot_list_free(&list);
	database_close(database);
	return error ? message_cannot(context, error, "list the boots") : code;
}
