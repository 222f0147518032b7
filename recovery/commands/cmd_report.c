/* cmd_report.c: daruma report: one incident as a record
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/commands/command_state.h"
#include "recovery/commands/commands.h"
#include "recovery/commands/output.h"
#include "recovery/commands/stage_view.h"
#include "recovery/incident.h"
#include "recovery/machine.h"
#include "recovery/message.h"
#include "recovery/timestamp.h"

static void add_machine(const struct context *context, struct json *object)
{
	struct json *system = json_new_object();
	struct machine machine;

	machine_describe(context, &machine);
	json_add_text(object, "host", machine.host);
	json_add_text(system, "id", machine.os_id);
	json_add_text(system, "version_id", machine.os_version);
	json_add_text(system, "kernel", machine.kernel);
	json_add_text(system, "arch", machine.arch);
	json_add(object, "os", system);
}

static void add_now(const struct context *context, struct json *object)
{
	struct stage_view view;

	stage_view_take(context, &view);
	json_add_text(object, "stage", view.word);
	json_add_text(object, "rung", view.error ? NULL : daruma_rung_name(view.note.rung));
	json_add_text(object, "health", view.error ? NULL : stage_view_health(&view));
	json_add_text(object, "safe_profile",
		      safe_image_word(stage_view_safe_image(context, &view)));
}

/* Takes the lists out of `incident`. */
static struct json *compose(const struct context *context, struct incident *incident)
{
	struct json *object = output_object("daruma.report.v1");
	struct json *boots = json_new_array();
	char now[TIMESTAMP_SIZE];

	timestamp_machine(timestamp_now(), now);
	json_add_text(object, "time", now);
	add_machine(context, object);
	add_now(context, object);
	json_add_integer(object, "incident", incident->id);
	output_add_time(object, "opened", incident->opened);
	output_add_time(object, "closed", incident->closed);
	json_add_text(object, "class", json_string(json_get(json_at(incident->facts, 0), "class")));
	json_add_text(object, "product",
		      json_string(json_get(json_at(incident->facts, 0), "product")));
	json_add_text(object, "result",
		      json_string(json_get(json_at(incident->facts, 0), "result")));
	for (size_t i = incident->boots.count; i > 0; i--)
		json_append(boots, past_boot_json(&incident->boots.items[i - 1]));
	json_add(object, "boots", boots);
	json_add(object, "changes", incident->changes);
	json_add(object, "actions", incident->actions);
	json_add(object, "events", incident->events);
	json_add(object, "verdict", incident->verdict ? incident->verdict : json_new_null());
	incident->changes = incident->actions = incident->events = incident->verdict = NULL;
	return object;
}

int cmd_report(const struct context *context, int argc, char *argv[])
{
	struct incident incident = { 0 };
	struct database *database = NULL;
	int64_t id = 0;
	int code, error;

	if (argc > 1) {
		if (strspn(argv[1], "0123456789") != strlen(argv[1]) || strlen(argv[1]) > 9 ||
		    (id = atoi(argv[1])) == 0)
			return message_usage("report: %s: not the number of an incident", argv[1]);
	}
	code = command_state_look(context, &database);
	if (code)
		return code;
	error = database ? incident_load(database, id, &incident) : -ESRCH;
	database_close(database);
	if (error == -ESRCH)
		return message_cannot_because(context, error, "there is no such incident",
					      "make the report");
	if (error)
		return message_cannot(context, error, "make the report");
	code = output_print(context, compose(context, &incident));
	incident_free(&incident);
	return code;
}
