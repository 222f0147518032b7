/* cmd_show.c: daruma show: all that is known of one boot
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <string.h>

#include "recovery/commands/command_boot.h"
#include "recovery/commands/commands.h"
#include "recovery/commands/output.h"
#include "recovery/commands/table.h"
#include "recovery/message.h"
#include "recovery/rows.h"
#include "recovery/timestamp.h"

static int load_rows(struct database *database, const struct past_boot *boot, struct json *object)
{
	struct json *changes = NULL;
	struct json *actions = NULL;
	int error = rows_load(database, &rows_changes, 0, 0, boot->boot_id, &changes);

	if (!error)
		error = rows_load(database, &rows_actions, 0, 0, boot->boot_id, &actions);
	json_add(object, "changes", changes);
	json_add(object, "actions", actions);
	return error;
}

static void print_list(const struct json *list, const char *what, const char *word)
{
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *row = json_at(list, i);

		table_line(what, "%s (%s, %s)", json_string(json_get(row, "path")),
			   json_string(json_get(row, "product")), json_string(json_get(row, word)));
	}
}

/* A package of several objects is shown once. */
static void print_packages(const struct json *actions, bool utc)
{
	const char *before = "";

	for (size_t i = 0; i < json_count(actions); i++) {
		const struct json *row = json_at(actions, i);
		const char *name = json_string(json_get(row, "package"));
		const char *from = json_string(json_get(row, "version_before"));
		const char *to = json_string(json_get(row, "version_after"));
		int64_t landed = timestamp_parse(json_string(json_get(row, "package_time")));
		char time[TIMESTAMP_SIZE];

		if (!name || strcmp(name, before) == 0)
			continue;
		timestamp_human(landed, utc, time);
		table_line("package", "%s%s%s%s%s%s%s", name, from || to ? " " : "",
			   from ? from : "", from ? " -> " : "", to ? to : "", landed ? ", " : "",
			   landed ? time : "");
		before = name;
	}
}

static void print_text(const struct context *context, const struct past_boot *boot,
		       const struct json *object)
{
	char time[TIMESTAMP_SIZE];

	timestamp_human(past_boot_time(boot), context->utc, time);
	table_line("boot", "%s", boot->boot_id);
	table_line("time", "%s", time);
	table_line("rung", "%s (%s)", boot->rung, boot->reason);
	table_line("kernel", "%s", boot->kernel[0] ? boot->kernel : "unknown");
	table_line("before", "%s", boot->previous_ending);
	table_line("counted", "%lld panics, %lld resets", (long long)boot->panics,
		   (long long)boot->resets);
	timestamp_human(boot->outcome_time, context->utc, time);
	table_line("outcome", "%s, %s", past_boot_outcome(boot), time);
	if (boot->crash_class)
		table_line("crash", "%s in %s, module %s", boot->crash_class,
			   boot->crash_function ? boot->crash_function : "-",
			   boot->crash_module ? boot->crash_module : "-");
	if (boot->crash_source)
		table_line("text", "%s", boot->crash_source);
	if (boot->crash_program)
		table_line("program", "%s", boot->crash_program);
	if (boot->not_safe)
		table_line("not safe", "%s", boot->not_safe);
	print_list(json_get(object, "changes"), "change", "how");
	print_list(json_get(object, "actions"), "action", "step");
	print_packages(json_get(object, "actions"), context->utc);
}

int cmd_show(const struct context *context, int argc, char *argv[])
{
	struct database *database = NULL;
	struct past_boot boot = { 0 };
	struct json *object;
	struct json *members;
	int code = command_boot_find(context, argc > 1 ? argv[1] : "@current", &database, &boot);
	int error;

	if (code)
		return code;
	object = output_object("daruma.boot.v1");
	members = past_boot_json(&boot);
	json_move_members(object, members);
	json_free(members);
	error = load_rows(database, &boot, object);
	if (error) {
		json_free(object);
		code = message_cannot(context, error, "read the boot %s", boot.boot_id);
	} else if (context->json) {
		code = output_print(context, object);
	} else {
		print_text(context, &boot, object);
		json_free(object);
	}
	past_boot_free(&boot);
	database_close(database);
	return code;
}
