/* rows.c: results of a query as a JSON list
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/rows.h"

#include <errno.h>
#include <string.h>

#include "recovery/commands/output.h"

/* Every statement names ?1, ?2 and ?3, so that one call binds them all. */
#define BIND_ALL " AND ?1=?1 AND ?2=?2 AND ?3 IS ?3"

static const struct rows_column change_columns[] = {
	{ "product", ROWS_TEXT }, { "kind", ROWS_TEXT },	  { "path", ROWS_TEXT },
	{ "how", ROWS_HOW },	  { "before_sha256", ROWS_TEXT }, { "after_sha256", ROWS_TEXT },
	{ "time", ROWS_TIME },	  { "boot_id", ROWS_TEXT },	  { 0 },
};

static const struct rows_column action_columns[] = {
	{ "id", ROWS_INTEGER },		 { "time", ROWS_TIME },
	{ "boot_id", ROWS_TEXT },	 { "product", ROWS_TEXT },
	{ "kind", ROWS_TEXT },		 { "path", ROWS_TEXT },
	{ "content_set", ROWS_TEXT },	 { "step", ROWS_TEXT },
	{ "sha256", ROWS_TEXT },	 { "replaced_by", ROWS_TEXT },
	{ "reason", ROWS_TEXT },	 { "package", ROWS_TEXT },
	{ "version_before", ROWS_TEXT }, { "version_after", ROWS_TEXT },
	{ "package_time", ROWS_TIME },	 { 0 },
};

static const struct rows_column incident_columns[] = {
	{ "id", ROWS_INTEGER },
	{ "opened", ROWS_TIME },
	{ "closed", ROWS_TIME },
	{ "class", ROWS_TEXT },
	{ "product", ROWS_TEXT },
	{ "result", ROWS_TEXT },
	{ 0 },
};

static const struct rows_column generation_columns[] = {
	{ "generation", ROWS_INTEGER }, { "time", ROWS_TIME },
	{ "cause", ROWS_TEXT },		{ "good", ROWS_BOOL },
	{ "kernel", ROWS_TEXT },	{ "boot_id", ROWS_TEXT },
	{ "files", ROWS_INTEGER },	{ 0 },
};

static const struct rows_column event_columns[] = {
	{ "event", ROWS_JSON },
	{ 0 },
};

#define CHANGES "SELECT product,kind,path,how,before_sha256,after_sha256,time,boot_id FROM change"
/* A product that was switched off, or in its reduced mode, is an action of kind "product", its path is its name, and
 * its id is no entry's. */
#define ACTIONS                                                                                    \
	"SELECT * FROM (SELECT "                                                                   \
	"id,time,boot_id,product,kind,path,set_name,step,sha256,replaced_by,"                      \
	"reason,NULLIF(package,''),version_before,version_after,landed FROM action LEFT JOIN"      \
	" package_origin ON entry=id UNION ALL SELECT "                                            \
	"0,time,boot_id,product,'product',product,'',"                                             \
	"step,NULL,NULL,reason,NULL,NULL,NULL,NULL FROM switched_off UNION ALL SELECT "            \
	"0,time,boot_id,product,'product',product,'',"                                             \
	"step,NULL,NULL,reason,NULL,NULL,NULL,NULL FROM reduced_mode)"
#define ACTIONS_ORDER " ORDER BY kind='product', id, time"
#define INCIDENTS     "SELECT id,opened,closed,class,product,result FROM incident"

const struct rows_query rows_changes = {
	CHANGES " WHERE boot_id=?3" BIND_ALL " ORDER BY time DESC, id",
	change_columns,
};

const struct rows_query rows_actions = {
	ACTIONS " WHERE boot_id=?3" BIND_ALL ACTIONS_ORDER,
	action_columns,
};

const struct rows_query rows_incidents = {
	INCIDENTS " WHERE (?1=0 OR id=?1)" BIND_ALL " ORDER BY id DESC LIMIT ?2",
	incident_columns,
};

const struct rows_query rows_generations = {
	"SELECT id,time,cause,good,kernel,boot_id,(SELECT COUNT(*) FROM object WHERE generation=id)"
	" FROM generation WHERE 1" BIND_ALL " ORDER BY id DESC LIMIT ?2",
	generation_columns,
};

const struct rows_query rows_events = {
	"SELECT line FROM event WHERE time>=?1" BIND_ALL " ORDER BY seq DESC LIMIT ?2",
	event_columns,
};

const struct rows_query rows_changes_between = {
	/* Each start of an incident finds what the one before found: the last word on each file counts. */
	CHANGES " WHERE id IN (SELECT MAX(id) FROM change WHERE boot_id IN"
		" (SELECT boot_id FROM boot WHERE time BETWEEN ?1 AND ?2) GROUP BY path)" BIND_ALL
		" ORDER BY time DESC, id",
	change_columns,
};

const struct rows_query rows_actions_between = {
	ACTIONS " WHERE time BETWEEN ?1 AND ?2" BIND_ALL ACTIONS_ORDER,
	action_columns,
};

const struct rows_query rows_events_between = {
	"SELECT line FROM event WHERE time BETWEEN ?1 AND ?2" BIND_ALL " ORDER BY seq",
	event_columns,
};

struct reading {
	const struct rows_column *columns;
	struct json *list;
};

static struct json *stored_json(const char *text)
{
	struct json *value;
	char problem[64];

	if (text && json_parse(text, strlen(text), &value, problem, sizeof(problem)) == 0)
		return value;
	return NULL;
}

static const char *word_of_how(const char *how)
{
	switch (how ? how[0] : 0) {
	case 'a':
		return "added";
	case 'm':
		return "modified";
	case 'r':
		return "removed";
	default:
		return how;
	}
}

static void add_cell(struct json *object, const struct rows_column *column,
		     const struct database_row *row, int index)
{
	switch (column->kind) {
	case ROWS_TEXT:
		json_add_text(object, column->key, database_text(row, index));
		break;
	case ROWS_INTEGER:
		json_add_integer(object, column->key, database_integer(row, index));
		break;
	case ROWS_BOOL:
		json_add_bool(object, column->key, database_integer(row, index) != 0);
		break;
	case ROWS_TIME:
		output_add_time(object, column->key, database_integer(row, index));
		break;
	case ROWS_HOW:
		json_add_text(object, column->key, word_of_how(database_text(row, index)));
		break;
	case ROWS_JSON:
		json_add_text(object, column->key, database_text(row, index));
		break;
	}
}

static int add_row(const struct database_row *row, void *user)
{
	struct reading *reading = user;
	const struct rows_column *columns = reading->columns;
	struct json *object = NULL;

	if (columns[0].kind == ROWS_JSON)
		object = stored_json(database_text(row, 0));
	if (!object) {
		object = json_new_object();
		for (int i = 0; columns[i].key; i++)
			add_cell(object, &columns[i], row, i);
	}
	json_append(reading->list, object);
	return 0;
}

int rows_load(struct database *database, const struct rows_query *query, int64_t one, int64_t two,
	      const char *text, struct json **ret)
{
	struct reading reading = { .columns = query->columns, .list = json_new_array() };
	int error = reading.list ? database_query(database, add_row, &reading, query->statement,
						  "iit", one, two, text) :
				   -ENOMEM;

	if (error) {
		json_free(reading.list);
		return error;
	}
	*ret = reading.list;
	return 0;
}
