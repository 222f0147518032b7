/* verdict_view.c: kept verdicts, as JSON
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/verdict_view.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recovery/commands/output.h"
#include "recovery/inventory/program_holder.h"

/* "changed newest-change" as a list. */
static struct json *list_words(const char *words)
{
	struct json *list = json_new_array();
	char word[64];

	while (words && *words) {
		size_t length = strcspn(words, " ");

		snprintf(word, sizeof(word), "%.*s", (int)(length < 63 ? length : 63), words);
		json_append_text(list, word);
		words += length + (words[length] == ' ');
	}
	return list;
}

static struct json *make_holder(const struct program_holder *holder)
{
	struct json *object = json_new_object();

	json_add_text(object, "tag", holder->tag);
	json_add_text(object, "unit", holder->unit[0] ? holder->unit : NULL);
	json_add_text(object, "executable", holder->executable[0] ? holder->executable : NULL);
	return object;
}

/* Names of facts, one a line. */
static struct json *list_holders(const char *lines)
{
	struct json *list = json_new_array();

	while (*lines) {
		struct program_holder holder;
		char name[PROGRAM_HOLDER_SIZE];
		size_t length = strcspn(lines, "\n");

		snprintf(name, sizeof(name), "%.*s", (int)(length < sizeof(name) ? length : 0),
			 lines);
		if (program_holder_read(name, &holder))
			json_append(list, make_holder(&holder));
		lines += length + (lines[length] == '\n');
	}
	return list;
}

static int add_suspect(const struct database_row *row, void *user)
{
	struct json *suspect = json_new_object();

	json_add_text(suspect, "product", database_text(row, 0));
	json_add_integer(suspect, "score", database_integer(row, 1));
	json_add(suspect, "reasons", list_words(database_text(row, 2)));
	json_append(user, suspect);
	return 0;
}

static int make_object(const struct database_row *row, void *user)
{
	struct json *object = json_new_object();

	json_add_text(object, "boot_id", database_text(row, 0));
	output_add_time(object, "time", database_integer(row, 1));
	json_add_text(object, "certainty", database_text(row, 2));
	json_add_text(object, "product", database_text(row, 3));
	json_add_text(object, "partner", database_text(row, 4));
	if (database_text(row, 5))
		json_add(object, "program_holders", list_holders(database_text(row, 5)));
	*(struct json **)user = object;
	return 0;
}

static int load_suspects(struct database *database, struct json *object)
{
	struct json *suspects = json_new_array();
	int error = database_query(database, add_suspect, suspects,
				   "SELECT product,score,reasons FROM suspect WHERE boot_id=?1"
				   " ORDER BY score DESC, product",
				   "t", json_string(json_get(object, "boot_id")));

	json_add(object, "suspects", suspects);
	return error;
}

#define COLUMNS "SELECT boot_id,time,certainty,product,partner,holders FROM verdict"

int verdict_view_load(struct database *database, const char *boot_id, int64_t since, int64_t until,
		      struct json **ret)
{
	struct json *object = NULL;
	int error = boot_id ? database_query(database, make_object, &object,
					     COLUMNS " WHERE boot_id=?1", "t", boot_id) :
			      database_query(database, make_object, &object,
					     COLUMNS " WHERE time BETWEEN ?1 AND ?2"
						     " ORDER BY time DESC, boot_id DESC LIMIT 1",
					     "ii", since, until);

	if (!error && object)
		error = load_suspects(database, object);
	if (error) {
		json_free(object);
		return error;
	}
	*ret = object;
	return 0;
}
