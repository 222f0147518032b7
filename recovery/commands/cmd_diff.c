/* cmd_diff.c: daruma diff: what differs between two generations, or since one
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recovery/commands/command_state.h"
#include "recovery/commands/commands.h"
#include "recovery/commands/output.h"
#include "recovery/commands/table.h"
#include "recovery/inventory/difference.h"
#include "recovery/message.h"
#include "recovery/products/watch_set.h"
#include "recovery/timestamp.h"

struct sides {
	struct past_generation from, to;
};

static const char *word_of_how(char how)
{
	return how == 'a' ? "added" : how == 'r' ? "removed" : "modified";
}

/* --- as text ------------------------------------------------------------------------------- */

/* Digests are shortened, as elsewhere only the start of an id is typed; JSON has them whole. */
static int value_length(const char *kind, const char *value)
{
	/* Behind its type the tags of its functions. */
	if (strcmp(kind, "program") == 0)
		return (int)strcspn(value, " ");
	return strlen(value) == 64 && strspn(value, "0123456789abcdef") == 64 ? 12 : 1024;
}

/* Its place is that of the path: a fact belongs to no product. */
static void add_fact(struct table *table, const struct fact_change *fact)
{
	char text[4096];

	if (fact->before && fact->after)
		snprintf(text, sizeof(text), "%.1024s: %.*s -> %.*s", fact->name,
			 value_length(fact->kind, fact->before), fact->before,
			 value_length(fact->kind, fact->after), fact->after);
	else
		snprintf(text, sizeof(text), "%.1024s: %.*s", fact->name,
			 value_length(fact->kind, fact->before ? fact->before : fact->after),
			 fact->before ? fact->before : fact->after);
	table_row(table,
		  (const char *const[]){ NULL, NULL, fact->kind, word_of_how(fact->how), text });
}

static int print_table(const struct context *context, const struct difference *difference)
{
	static const char *const heads[] = { "TIME", "PRODUCT", "TYPE", "HOW", "PATH" };
	struct table *table = table_new(heads, sizeof(heads) / sizeof(heads[0]));

	for (size_t i = 0; i < difference->type_count; i++) {
		const struct change *change = &difference->changes.items[i];
		char time[TIMESTAMP_SIZE];

		timestamp_human(change->time, context->utc, time);
		table_row(table, (const char *const[]){ time, change->product, difference->types[i],
							word_of_how(change->how), change->path });
	}
	for (size_t i = 0; i < difference->fact_count; i++)
		add_fact(table, &difference->facts[i]);
	return table_print(context, table);
}

/* --- as JSON ------------------------------------------------------------------------------- */

static struct json *json_of_side(const struct past_generation *side)
{
	struct json *object;

	if (!side->id)
		return NULL;
	object = json_new_object();
	json_add_integer(object, "generation", side->id);
	output_add_time(object, "time", side->time);
	return object;
}

static struct json *json_of_change(const struct change *change, const char *type)
{
	struct json *object = json_new_object();

	output_add_time(object, "time", change->time);
	json_add_text(object, "product", change->product);
	json_add_text(object, "kind", change->kind);
	json_add_text(object, "type", type);
	json_add_text(object, "how", word_of_how(change->how));
	json_add_text(object, "path", change->path);
	json_add_text(object, "content_set", change->set_name[0] ? change->set_name : NULL);
	json_add_text(object, "before_sha256", change->before_sha256);
	json_add_text(object, "after_sha256", change->after_sha256);
	return object;
}

static struct json *json_of_fact(const struct fact_change *fact)
{
	struct json *object = json_new_object();

	json_add_text(object, "kind", fact->kind);
	json_add_text(object, "name", fact->name);
	json_add_text(object, "how", word_of_how(fact->how));
	json_add_text(object, "before", fact->before);
	json_add_text(object, "after", fact->after);
	return object;
}

static int print_json(const struct context *context, const struct sides *sides,
		      const struct difference *difference)
{
	struct json *object = output_object("daruma.diff.v1");
	struct json *changes = json_new_array(), *facts = json_new_array();

	json_add(object, "from", json_of_side(&sides->from));
	if (sides->to.id)
		json_add(object, "to", json_of_side(&sides->to));
	else
		json_add_text(object, "to", NULL);
	for (size_t i = 0; i < difference->type_count; i++)
		json_append(changes,
			    json_of_change(&difference->changes.items[i], difference->types[i]));
	for (size_t i = 0; i < difference->fact_count; i++)
		json_append(facts, json_of_fact(&difference->facts[i]));
	json_add(object, "changes", changes);
	json_add(object, "facts", facts);
	return output_print(context, object);
}

/* --- the command --------------------------------------------------------------------------- */

static int complain(const struct context *context, int error, const char *reference)
{
	int code;

	if (error != -ESRCH)
		return message_cannot(context, error, "find the generation %s", reference);
	code = message_cannot_because(context, error, "no such generation",
				      "find the generation %s", reference);
	message_hint("daruma list-generations shows them");
	return code;
}

/* Returns EXIT_DONE, or the exit code after the message. */
static int find_side(const struct context *context, struct database *database,
		     const char *reference, struct past_generation *ret)
{
	int error = database ? past_generation_find(database, reference, ret) : -ESRCH;

	return error ? complain(context, error, reference) : EXIT_DONE;
}

static int compare(const struct context *context, struct database *database,
		   const struct sides *sides)
{
	struct product_list products = { 0 };
	struct difference difference = { .types = NULL };
	int error = sides->to.id ? 0 : watch_set_load(context, &products, NULL);
	int code = EXIT_DONE;

	if (!error)
		error = difference_load(context, database, &products, &sides->from, &sides->to,
					(size_t)context->lines, &difference);
	product_list_free(&products);
	if (!error && context->json)
		code = print_json(context, sides, &difference);
	else if (!error)
		error = print_table(context, &difference);
	difference_free(&difference);
	return error ? message_cannot(context, error, "compare the generations") : code;
}

int cmd_diff(const struct context *context, int argc, char *argv[])
{
	const char *from = argc > 1 ? argv[1] : "@last-good", *to = argc > 2 ? argv[2] : "@now";
	struct database *database = NULL;
	struct sides sides;
	int code = command_state_look(context, &database);

	if (!code)
		code = find_side(context, database, from, &sides.from);
	if (!code && sides.from.id == 0)
		code = message_usage("diff: only the second of both can be @now");
	if (!code)
		code = find_side(context, database, to, &sides.to);
	if (!code)
		code = compare(context, database, &sides);
	database_close(database);
	return code;
}
