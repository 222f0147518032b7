/* quarantine_entry.c: entries of the quarantine, for people and as JSON
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/quarantine_entry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/commands/output.h"
#include "recovery/commands/table.h"
#include "recovery/message.h"
#include "recovery/quarantine/on_trial.h"
#include "recovery/quarantine/package_origin.h"
#include "recovery/timestamp.h"

/* What is shown of an entry beside its row. */
struct shown {
	const char *state;
	struct package_origin origin;
};

static const char *state_of(const struct action *entry)
{
	if (strcmp(entry->step, ACTION_RESTORED) == 0 || strcmp(entry->step, ACTION_RESTORING) == 0)
		return "put back";
	if (strcmp(entry->step, ACTION_PURGED) == 0 || strcmp(entry->step, ACTION_PURGING) == 0)
		return "purged";
	if (strcmp(entry->step, ACTION_DONE) != 0)
		return "unfinished";
	if (entry->restores)
		return "made way";
	if (!entry->sha256)
		return "put there";
	return entry->replaced_by ? "replaced" : "taken away";
}

static const char *off_state_of(const struct switched_off *item)
{
	return strcmp(item->step, "off") == 0 ? "switched off" : "unfinished";
}

static const char *reduced_state_of(const struct reduced_mode *item)
{
	return strcmp(item->step, REDUCED_MODE_REDUCED) == 0 ? "reduced" : "unfinished";
}

static struct json *to_json(const struct action *entry, const struct shown *shown)
{
	struct json *object = json_new_object();

	json_add_integer(object, "id", entry->id);
	output_add_time(object, "time", entry->time);
	json_add_text(object, "boot_id", entry->boot_id);
	json_add_text(object, "product", entry->product);
	json_add_text(object, "kind", entry->kind);
	json_add_text(object, "path", entry->path);
	json_add_text(object, "content_set", entry->set_name[0] ? entry->set_name : NULL);
	json_add_text(object, "state", shown->state);
	json_add_text(object, "step", entry->step);
	json_add_text(object, "sha256", entry->sha256);
	json_add_text(object, "replaced_by", entry->replaced_by);
	if (entry->restores)
		json_add_integer(object, "restores", entry->restores);
	else
		json_add_text(object, "restores", NULL);
	json_add_text(object, "reason", entry->reason);
	if (shown->origin.package[0])
		json_add(object, "package", package_origin_json(&shown->origin));
	else
		json_add_text(object, "package", NULL);
	return object;
}

static struct json *names_json(const struct text_list *names)
{
	struct json *list = json_new_array();

	for (size_t i = 0; i < names->count; i++)
		json_append_text(list, names->items[i]);
	return list;
}

static struct json *off_json(const struct switched_off_list *off)
{
	struct json *list = json_new_array();

	for (size_t i = 0; i < off->count; i++) {
		const struct switched_off *item = &off->items[i];
		struct json *object = json_new_object();

		json_add_text(object, "product", item->product);
		output_add_time(object, "time", item->time);
		json_add_text(object, "boot_id", item->boot_id);
		json_add_text(object, "state", off_state_of(item));
		json_add(object, "units", names_json(&item->units));
		json_add(object, "modules", names_json(&item->modules));
		json_add_text(object, "reason", item->reason);
		json_append(list, object);
	}
	return list;
}

static struct json *reduced_json(const struct reduced_mode_list *reduced)
{
	struct json *list = json_new_array();

	for (size_t i = 0; i < reduced->count; i++) {
		const struct reduced_mode *item = &reduced->items[i];
		struct json *object = json_new_object();

		json_add_text(object, "product", item->product);
		output_add_time(object, "time", item->time);
		json_add_text(object, "boot_id", item->boot_id);
		json_add_text(object, "state", reduced_state_of(item));
		json_add_text(object, "reason", item->reason);
		json_append(list, object);
	}
	return list;
}

static int print_json(const struct context *context, const struct action_list *entries,
		      const struct shown *shown, const struct quarantine_products *products)
{
	struct json *object = output_object("daruma.quarantine.v1");
	struct json *list = json_new_array();

	for (size_t i = 0; i < entries->count; i++)
		json_append(list, to_json(&entries->items[i], &shown[i]));
	json_add(object, "entries", list);
	if (products) {
		json_add(object, "switched_off", off_json(&products->off));
		json_add(object, "reduced_mode", reduced_json(&products->reduced));
	}
	return output_print(context, object);
}

/* What `daruma restore` takes is in the first column here too. */
static void product_row(const struct context *context, struct table *table, const char *product,
			int64_t when, const char *state, bool packages)
{
	char time[TIMESTAMP_SIZE];

	timestamp_human(when, context->utc, time);
	table_row(table, (const char *const[]){ product, time, product, "product", state,
						packages ? "" : "-", "-" });
}

static void product_rows(const struct context *context, struct table *table,
			 const struct quarantine_products *products, bool packages)
{
	for (size_t i = 0; i < products->off.count; i++) {
		const struct switched_off *item = &products->off.items[i];

		product_row(context, table, item->product, item->time, off_state_of(item),
			    packages);
	}
	for (size_t i = 0; i < products->reduced.count; i++) {
		const struct reduced_mode *item = &products->reduced.items[i];

		product_row(context, table, item->product, item->time, reduced_state_of(item),
			    packages);
	}
}

/* PATH is the last one; PACKAGE is left out where it would be empty. */
static int print_table(const struct context *context, const struct action_list *entries,
		       const struct shown *shown, const struct quarantine_products *products)
{
	static const char *const heads[] = { "ID",    "TIME",	 "PRODUCT", "KIND",
					     "STATE", "PACKAGE", "PATH" };
	static const char *const without[] = { "ID", "TIME", "PRODUCT", "KIND", "STATE", "PATH" };
	bool packages = false;
	struct table *table;

	for (size_t i = 0; i < entries->count; i++)
		packages = packages || shown[i].origin.package[0];
	table = packages ? table_new(heads, 7) : table_new(without, 6);
	for (size_t i = 0; i < entries->count; i++) {
		const struct action *entry = &entries->items[i];
		char id[24], time[TIMESTAMP_SIZE], package[PACKAGE_ORIGIN_TEXT_SIZE];

		snprintf(id, sizeof(id), "%lld", (long long)entry->id);
		timestamp_human(entry->time, context->utc, time);
		package_origin_text(&shown[i].origin, context->utc, package);
		table_row(table, (const char *const[]){
					 id, time, entry->product, entry->kind, shown[i].state,
					 packages ? package : entry->path, entry->path });
	}
	if (products)
		product_rows(context, table, products, packages);
	return table_print(context, table);
}

static int look_up(struct database *database, const struct action *entry, struct shown *ret)
{
	ret->state = on_trial_has(database, entry->id) ? "on trial" : state_of(entry);
	return package_origin_load(database, entry->id, &ret->origin);
}

int quarantine_entries_print(const struct context *context, struct database *database,
			     const struct action_list *entries,
			     const struct quarantine_products *products)
{
	struct shown *shown = calloc(entries->count + 1, sizeof(*shown));
	int error = shown ? 0 : -ENOMEM, code = EXIT_DONE;

	for (size_t i = 0; !error && i < entries->count; i++)
		error = look_up(database, &entries->items[i], &shown[i]);
	if (!error && context->json)
		code = print_json(context, entries, shown, products);
	else if (!error)
		error = print_table(context, entries, shown, products);
	free(shown);
	return error ? message_cannot(context, error, "list the quarantine") : code;
}
