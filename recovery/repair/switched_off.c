/* switched_off.c: products that do not start, until somebody switches them on again
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/switched_off.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "recovery/cleanup.h"
#include "recovery/event.h"
#include "recovery/hold.h"
#include "recovery/products/deny_list.h"
#include "recovery/quarantine/drop_in.h"
#include "recovery/quarantine/module_image.h"
#include "recovery/repair/module_off.h"

#define FIRST	"# written by daruma while its product is switched off: see daruma(8)\n"
#define PLANNED "planned"
#define OFF	"off"
#define LIFTING "lifting"
#define ON	"on"

static const struct drop_in_kind kind = { SWITCHED_OFF_NAME, FIRST };

/* --- rows ---------------------------------------------------------------------------------- */

static int split(const char *text, struct text_list *ret)
{
	owned char *copy = strdup(text ? text : "");
	char *rest = NULL;
	int error = copy ? 0 : -ENOMEM;

	for (char *line = copy ? strtok_r(copy, "\n", &rest) : NULL; !error && line;
	     line = strtok_r(NULL, "\n", &rest))
		error = text_list_add(ret, line);
	return error;
}

static char *copy_of(const char *text)
{
	return strdup(text ? text : "");
}

static int add_row(const struct database_row *row, void *user)
{
	struct switched_off_list *list = user;
	struct switched_off *items =
		reallocarray(list->items, list->count + 1, sizeof(*list->items));
	struct switched_off *item;
	int error;

	if (!items)
		return -ENOMEM;
	list->items = items;
	item = &items[list->count++];
	*item = (struct switched_off){
		.id = database_integer(row, 0),
		.time = database_integer(row, 1),
		.boot_id = database_text(row, 2) ? strdup(database_text(row, 2)) : NULL,
		.product = copy_of(database_text(row, 3)),
		.step = copy_of(database_text(row, 4)),
		.reason = copy_of(database_text(row, 5)),
	};
	if (!item->product || !item->step || !item->reason)
		return -ENOMEM;
	error = split(database_text(row, 6), &item->units);
	if (!error)
		error = split(database_text(row, 7), &item->modules);
	return error ? error : split(database_text(row, 8), &item->files);
}

int switched_off_load(struct database *database, struct switched_off_list *ret)
{
	if (!database)
		return 0;
	return database_query(database, add_row, ret,
			      "SELECT id,time,boot_id,product,step,reason,units,modules,files"
			      " FROM switched_off WHERE step<>'" ON "' ORDER BY id",
			      "");
}

void switched_off_list_free(struct switched_off_list *list)
{
	for (size_t i = 0; list && i < list->count; i++) {
		struct switched_off *item = &list->items[i];

		free(item->boot_id);
		free(item->product);
		free(item->step);
		free(item->reason);
		text_list_free(&item->units);
		text_list_free(&item->modules);
		text_list_free(&item->files);
	}
	if (!list)
		return;
	free(list->items);
	*list = (struct switched_off_list){ 0 };
}

int switched_off_products(struct database *database, struct text_list *ret)
{
	struct switched_off_list list = { 0 };
	int error = switched_off_load(database, &list);

	for (size_t i = 0; !error && i < list.count; i++)
		error = text_list_add(ret, list.items[i].product);
	switched_off_list_free(&list);
	return error;
}

static int stop_there(const struct database_row *row, void *user)
{
	(void)row;
	(void)user;
	return 1;
}

bool switched_off_is_due(struct database *database)
{
	return database_query(database, stop_there, NULL,
			      "SELECT 1 FROM switched_off WHERE step<>'" ON "' LIMIT 1", "") == 1;
}

/* --- what is to be off --------------------------------------------------------------------- */

/* A product file that was accepted has nothing of the kind; this is the last door before /etc. */
static bool is_protected(const struct hold_entry *entry)
{
	return (entry->kind == HOLD_UNIT && deny_list_has_unit(entry->name)) ||
	       (entry->kind == HOLD_MODULE && deny_list_has_module(entry->name));
}

/* The names of one kind, one a line; none has a line's end in it. NULL: no memory. */
static char *join(const struct hold_list *names, enum hold_kind of_kind)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		return NULL;
	for (size_t i = 0; i < names->count; i++)
		if (names->items[i].kind == of_kind && !is_protected(&names->items[i]))
			fprintf(to, "%s\n", names->items[i].name);
	if (fclose(to) == 0)
		return text;
	free(text);
	return NULL;
}

static int insert(struct database *database, const struct product *product, const char *boot_id,
		  const char *reason, const struct hold_list *names)
{
	owned char *units = join(names, HOLD_UNIT);
	owned char *modules = join(names, HOLD_MODULE);
	owned char *files = join(names, HOLD_FILE);

	if (!units || !modules || !files)
		return -ENOMEM;
	if (!*units && !*modules)
		return -ENODATA;
	return database_run(database,
			    "INSERT INTO switched_off(time,boot_id,product,step,reason,units,"
			    "modules,files) VALUES(?1,?2,?3,'" PLANNED "',?4,?5,?6,?7)",
			    "itttttt", (int64_t)time(NULL), boot_id, product->id, reason, units,
			    modules, files);
}

int switched_off_plan(const struct context *context, struct database *database,
		      const struct product *product, const char *boot_id, const char *reason)
{
	const struct product_list one = { .items = (struct product *)(uintptr_t)product,
					  .count = 1 };
	struct hold_list names = { .count = 0 };
	int error = hold_collect(context, &one, &names);

	if (!error)
		error = insert(database, product, boot_id, reason, &names);
	hold_list_free(&names);
	return error;
}

int switched_off_lift(struct database *database, const char *product)
{
	int error = database_run(database,
				 "UPDATE switched_off SET step='" LIFTING "'"
				 " WHERE step<>'" ON "' AND (?1 IS NULL OR product=?1)",
				 "t", product);

	return error ? error : (int)database_changes(database);
}

/* --- bringing the files in line ------------------------------------------------------------ */

struct update {
	const struct context *context;
	struct database *database;
	struct switched_off_list rows;
	struct text_list units, modules; /* that must not start */
	int result;			 /* 1: a file changed; negative: the first error */
};

static void note(struct update *update, int result)
{
	if (update->result >= 0 && result)
		update->result = result;
}

static bool is_to_be_off(const struct switched_off *row)
{
	return strcmp(row->step, LIFTING) != 0;
}

static int add_missing(struct text_list *list, const struct text_list *names)
{
	int error = 0;

	for (size_t i = 0; !error && i < names->count; i++)
		if (!text_list_has(list, names->items[i]))
			error = text_list_add(list, names->items[i]);
	return error;
}

static int collect(struct update *update)
{
	int error = switched_off_load(update->database, &update->rows);

	for (size_t i = 0; !error && i < update->rows.count; i++) {
		const struct switched_off *row = &update->rows.items[i];

		if (!is_to_be_off(row))
			continue;
		error = add_missing(&update->units, &row->units);
		if (!error)
			error = add_missing(&update->modules, &row->modules);
	}
	return error;
}

static void write_unit(struct update *update, const char *unit)
{
	char text[1024];
	int length = snprintf(text, sizeof(text),
			      FIRST "[Unit]\nConditionPathExists=!" DROP_IN_FOLDER
				    "/%s.d/" SWITCHED_OFF_NAME "\n",
			      unit);

	note(update, length < (int)sizeof(text) ?
			     drop_in_write(update->context, &kind, unit, text) :
			     -ENAMETOOLONG);
}

static int remove_unwanted(const char *unit, const char *text, void *user)
{
	struct update *update = user;

	(void)text;
	if (!text_list_has(&update->units, unit))
		note(update, drop_in_remove(update->context, &kind, unit));
	return 0;
}

static void add_names(struct json *details, const char *key, const struct text_list *names)
{
	struct json *list = json_new_array();

	for (size_t i = 0; i < names->count; i++)
		json_append_text(list, names->items[i]);
	json_add(details, key, list);
}

static int advance(struct update *update, const struct switched_off *row, const char *step,
		   const char *event, const char *severity)
{
	struct json *details = json_new_object();

	json_add_text(details, "product", row->product);
	add_names(details, "units", &row->units);
	add_names(details, "modules", &row->modules);
	json_add_text(details, "reason", row->reason);
	event_write(update->context, update->database, event, severity, details);
	return database_run(update->database, "UPDATE switched_off SET step=?1 WHERE id=?2", "ti",
			    step, row->id);
}

/* Behind the files: while a row is planned or lifting, they may be there or not. */
static void advance_rows(struct update *update)
{
	for (size_t i = 0; i < update->rows.count; i++) {
		const struct switched_off *row = &update->rows.items[i];

		if (strcmp(row->step, PLANNED) == 0)
			note(update, advance(update, row, OFF, "product.switched_off", "warning"));
		else if (strcmp(row->step, LIFTING) == 0)
			note(update, advance(update, row, ON, "product.switched_on", "notice"));
	}
}

int switched_off_update(const struct context *context, struct database *database)
{
	struct update update = { .context = context, .database = database };
	int error;

	if (context->dry_run)
		return 0;
	error = collect(&update);
	if (!error) {
		for (size_t i = 0; i < update.units.count; i++)
			write_unit(&update, update.units.items[i]);
		note(&update, module_off_update(context, &update.modules));
		note(&update, drop_in_each(context, &kind, remove_unwanted, &update));
		if (update.result >= 0)
			advance_rows(&update);
	}
	text_list_free(&update.units);
	text_list_free(&update.modules);
	switched_off_list_free(&update.rows);
	return error ? error : update.result;
}

int switched_off_rebuild(const struct context *context, const struct process_port *processes,
			 const struct switched_off_list *list)
{
	struct action_list files = { 0 };
	int error = 0;

	for (size_t i = 0; !error && i < list->count; i++)
		for (size_t j = 0; !error && j < list->items[i].files.count; j++)
			error = action_list_add(
				&files, &(struct action){ .kind = (char[]){ "module" },
							  .path = list->items[i].files.items[j] });
	if (!error)
		error = module_image_update(context, processes, &files);
	action_list_free(&files);
	return error;
}
