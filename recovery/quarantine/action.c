/* action.c: the journal of the quarantine: rows of the table `action`
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/action.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COLUMNS                                                                                    \
	"boot_id,product,kind,path,set_name,folder,step,sha256,replaced_by,attributes,reason,id,"  \
	"time,COALESCE(restores,0)"

/* The strings of a row, in the order of COLUMNS, and those that are not in the table. */
#define TEXTS	  12
#define TEXTS_ROW 11

static void list_texts(struct action *action, char **ret[TEXTS])
{
	char **all[TEXTS] = { &action->boot_id,	   &action->product,  &action->kind,
			      &action->path,	   &action->set_name, &action->folder,
			      &action->step,	   &action->sha256,   &action->replaced_by,
			      &action->attributes, &action->reason,   &action->put_attributes };

	memcpy(ret, all, sizeof(all));
}

static void free_texts(struct action *action)
{
	char **texts[TEXTS];

	list_texts(action, texts);
	for (size_t i = 0; i < TEXTS; i++) {
		free(*texts[i]);
		*texts[i] = NULL;
	}
}

/* Replaces borrowed strings by copies. */
static int own_texts(struct action *action)
{
	char **texts[TEXTS];
	bool failed = false;

	list_texts(action, texts);
	for (size_t i = 0; i < TEXTS; i++) {
		char *copy = *texts[i] && !failed ? strdup(*texts[i]) : NULL;

		failed |= *texts[i] && !copy;
		*texts[i] = copy;
	}
	if (failed)
		free_texts(action);
	return failed ? -ENOMEM : 0;
}

int action_list_add(struct action_list *list, const struct action *like)
{
	struct action *items = reallocarray(list->items, list->count + 1, sizeof(*items));
	int error;

	if (!items)
		return -ENOMEM;
	list->items = items;
	items[list->count] = *like;
	error = own_texts(&items[list->count]);
	list->count += error == 0;
	return error;
}

void action_list_free(struct action_list *list)
{
	if (!list)
		return;
	for (size_t i = 0; i < list->count; i++)
		free_texts(&list->items[i]);
	free(list->items);
	*list = (struct action_list){ 0 };
}

static int load_row(const struct database_row *row, void *user)
{
	struct action action = {
		.id = database_integer(row, TEXTS_ROW),
		.time = database_integer(row, TEXTS_ROW + 1),
		.restores = database_integer(row, TEXTS_ROW + 2),
	};
	char **texts[TEXTS];

	list_texts(&action, texts);
	for (int i = 0; i < TEXTS_ROW; i++)
		*texts[i] = (char *)(uintptr_t)database_text(row, i); /* copied, never written */
	return action_list_add(user, &action);
}

int action_list_load(struct database *database, const char *condition, int64_t number,
		     struct action_list *ret)
{
	struct action_list list = { 0 };
	char statement[512];
	int error;

	if (snprintf(statement, sizeof(statement),
		     "SELECT " COLUMNS " FROM action WHERE ?1=?1 AND (%s) ORDER BY id",
		     condition) >= (int)sizeof(statement))
		return -EINVAL;
	error = database_query(database, load_row, &list, statement, "i", number);
	if (error) {
		action_list_free(&list);
		return error;
	}
	*ret = list;
	return 0;
}

int action_insert(struct database *database, struct action *action)
{
	int error = database_run(
		database,
		"INSERT INTO action(time,boot_id,product,kind,path,set_name,folder,step,sha256,"
		"replaced_by,reason,restores,step_time)"
		" VALUES(?1,?2,?3,?4,?5,?6,?7,'planned',?8,?9,?10,NULLIF(?11,0),?1)",
		"ittttttttti", action->time, action->boot_id, action->product, action->kind,
		action->path, action->set_name, action->folder, action->sha256, action->replaced_by,
		action->reason, action->restores);

	if (!error)
		action->id = database_last_id(database);
	return error;
}

int action_advance(struct database *database, const struct action *action, const char *step)
{
	return database_run(database,
			    "UPDATE action SET step=?2,step_time=?3,attributes=COALESCE(?4,"
			    "attributes) WHERE id=?1",
			    "itit", action->id, step, (int64_t)time(NULL), action->attributes);
}

int action_set_step(struct database *database, int64_t id, const char *step)
{
	return database_run(database, "UPDATE action SET step=?2,step_time=?3 WHERE id=?1", "iti",
			    id, step, (int64_t)time(NULL));
}

int action_delete(struct database *database, int64_t id)
{
	return database_run(database, "DELETE FROM action WHERE id=?1", "i", id);
}
