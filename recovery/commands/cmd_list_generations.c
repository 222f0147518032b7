/* cmd_list_generations.c: daruma list-generations: the states that are kept
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdio.h>

#include "recovery/commands/command_state.h"
#include "recovery/commands/commands.h"
#include "recovery/commands/output.h"
#include "recovery/commands/table.h"
#include "recovery/message.h"
#include "recovery/rows.h"
#include "recovery/timestamp.h"

static void number_text(const struct json *row, const char *key, char ret[24])
{
	int64_t number = 0;

	json_integer(json_get(row, key), &number);
	snprintf(ret, 24, "%lld", (long long)number);
}

static int print_table(const struct context *context, const struct json *generations)
{
	static const char *const heads[] = { "GENERATION", "TIME",  "CAUSE",
					     "GOOD",	   "FILES", "KERNEL" };
	struct table *table = table_new(heads, sizeof(heads) / sizeof(heads[0]));

	for (size_t i = 0; i < json_count(generations); i++) {
		const struct json *row = json_at(generations, i);
		char id[24], files[24], time[TIMESTAMP_SIZE];

		number_text(row, "generation", id);
		number_text(row, "files", files);
		timestamp_human(timestamp_parse(json_string(json_get(row, "time"))), context->utc,
				time);
		table_row(table,
			  (const char *const[]){ id, time, json_string(json_get(row, "cause")),
						 json_is_true(json_get(row, "good")) ? "yes" : "no",
						 files, json_string(json_get(row, "kernel")) });
	}
	return table_print(context, table);
}

static int print(const struct context *context, struct json *generations)
{
	struct json *object;
	int error;

	if (!context->json) {
		error = print_table(context, generations);
		json_free(generations);
		return error ? message_cannot(context, error, "list the generations") : EXIT_DONE;
	}
	object = output_object("daruma.generations.v1");
	json_add(object, "generations", generations);
	return output_print(context, object);
}

int cmd_list_generations(const struct context *context, int argc, char *argv[])
{
	struct json *generations = NULL;
	struct database *database = NULL;
	int code = command_state_look(context, &database);
	int error = 0;

	(void)argc;
	(void)argv;
	if (code)
		return code;
	if (database)
		error = rows_load(database, &rows_generations, 0,
				  context->lines ? context->lines : INT64_MAX, NULL, &generations);
	else
		generations = json_new_array();
	database_close(database);
	return error ? message_cannot(context, error, "list the generations") :
		       print(context, generations);
}
