/* cmd_history.c: daruma history: incidents and events
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

#define EVENTS_SHOWN 50 /* without -n, as text */

static const char *text_of(const struct json *row, const char *key)
{
	return json_string(json_get(row, key));
}

static void time_of(const struct context *context, const struct json *row, const char *key,
		    char ret_text[TIMESTAMP_SIZE])
{
	timestamp_human(timestamp_parse(text_of(row, key)), context->utc, ret_text);
}

static int print_incidents(const struct context *context, const struct json *incidents)
{
	static const char *const heads[] = { "INCIDENT", "OPENED",  "CLOSED",
					     "CLASS",	 "PRODUCT", "RESULT" };
	struct table *table = table_new(heads, sizeof(heads) / sizeof(heads[0]));

	for (size_t i = 0; i < json_count(incidents); i++) {
		const struct json *row = json_at(incidents, i);
		int64_t id = 0;
		char number[24], opened[TIMESTAMP_SIZE], closed[TIMESTAMP_SIZE];

		time_of(context, row, "opened", opened);
		time_of(context, row, "closed", closed);
		json_integer(json_get(row, "id"), &id);
		snprintf(number, sizeof(number), "%lld", (long long)id);
		table_row(table,
			  (const char *const[]){ number, opened, closed, text_of(row, "class"),
						 text_of(row, "product"), text_of(row, "result") });
	}
	return table_print(context, table);
}

static int print_events(const struct context *context, const struct json *events)
{
	static const char *const heads[] = { "TIME", "SEVERITY", "EVENT", "BOOT", "OBJECT" };
	struct table *table = table_new(heads, sizeof(heads) / sizeof(heads[0]));

	for (size_t i = 0; i < json_count(events); i++) {
		const struct json *row = json_at(events, i);
		const char *object = text_of(row, "path");
		char time[TIMESTAMP_SIZE];

		time_of(context, row, "time", time);
		table_row(table,
			  (const char *const[]){ time, text_of(row, "severity"),
						 text_of(row, "event"), text_of(row, "boot_id"),
						 object ? object : text_of(row, "product") });
	}
	return table_print(context, table);
}

static int print(const struct context *context, struct json *incidents, struct json *events)
{
	struct json *object;
	int error;

	if (!context->json) {
		error = print_incidents(context, incidents);
		putchar('\n');
		if (!error)
			error = print_events(context, events);
		json_free(incidents);
		json_free(events);
		return error ? message_cannot(context, error, "print the history") : EXIT_DONE;
	}
	object = output_object("daruma.history.v1");
	json_add(object, "incidents", incidents);
	json_add(object, "events", events);
	return output_print(context, object);
}

int cmd_history(const struct context *context, int argc, char *argv[])
{
	struct json *incidents = NULL;
	struct json *events = NULL;
	struct database *database = NULL;
	int64_t most = context->lines ? context->lines : context->json ? INT64_MAX : EVENTS_SHOWN;
	int code = command_state_look(context, &database);
	int error = 0;

	(void)argc;
	(void)argv;
	if (code)
		return code;
	if (database) {
		error = rows_load(database, &rows_incidents, 0, most, NULL, &incidents);
		if (!error)
			error = rows_load(database, &rows_events, INT64_MIN, most, NULL, &events);
	} else {
		incidents = json_new_array();
		events = json_new_array();
	}
	database_close(database);
	if (error) {
		json_free(incidents);
		return message_cannot(context, error, "read the history");
	}
	return print(context, incidents, events);
}
