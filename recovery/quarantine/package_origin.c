/* package_origin.c: which package each quarantined object came with, and from which version to which that went
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/package_origin.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/commands/output.h"
#include "recovery/products/package_owner.h"
#include "recovery/text_list.h"

#define UNKNOWN                                                                                    \
	"restores IS NULL AND sha256 IS NOT NULL AND step NOT IN ('restored','purged') AND id "    \
	"NOT IN (SELECT "                                                                          \
	"entry FROM package_origin)"

static int add_text(const struct database_row *row, void *user)
{
	return text_list_add(user, database_text(row, 0));
}

static int enter(struct database *database, const struct package_owner *owner,
		 const struct package_transition *transition)
{
	return database_run(
		database,
		"INSERT INTO package_origin(entry,package,manager,version_before,version_after,"
		"landed) SELECT id,?2,?3,?4,?5,NULLIF(?6,0) FROM action WHERE path=?1 AND " UNKNOWN,
		"tttt"
		"ti",
		owner->path, owner->package, package_manager_name(owner->manager),
		transition->before[0] ? transition->before : NULL,
		transition->after[0] ? transition->after : NULL, transition->time);
}

/* Owners are in the order of their paths, and files of one package stand together. */
static int enter_all(const struct context *context, struct database *database,
		     const struct package_owner *owners, size_t count)
{
	struct package_transition transition = { .time = 0 };
	const char *known = "";
	int error = 0, owned_count = 0;

	for (size_t i = 0; !error && i < count; i++) {
		const struct package_owner *owner = &owners[i];

		if (strcmp(owner->package, known) != 0) {
			transition = (struct package_transition){ .time = 0 };
			/* A log that cannot be read leaves the package known. */
			if (owner->package[0])
				package_log_find(context, owner->manager, owner->package,
						 &transition);
			known = owner->package;
		}
		error = enter(database, owner, &transition);
		owned_count += owner->package[0] != '\0';
	}
	return error ? error : owned_count;
}

static int record(const struct context *context, const struct process_port *processes,
		  struct database *database, const struct text_list *paths)
{
	struct package_owner *owners = calloc(paths->count, sizeof(*owners));
	int result;

	if (!owners)
		return -ENOMEM;
	for (size_t i = 0; i < paths->count; i++)
		owners[i].path = paths->items[i];
	result = package_owner_find(context, processes, owners, paths->count);
	if (!result)
		result = enter_all(context, database, owners, paths->count);
	free(owners);
	return result;
}

int package_origin_record(const struct context *context, const struct process_port *processes,
			  struct database *database)
{
	struct text_list paths = { 0 };
	int result = database_query(database, add_text, &paths,
				    "SELECT DISTINCT path FROM action WHERE " UNKNOWN, "");

	if (!result && paths.count)
		result = record(context, processes, database, &paths);
	text_list_free(&paths);
	return result;
}

/* --- reading it ---------------------------------------------------------------------------- */

static void copy(char *ret, size_t size, const char *text)
{
	snprintf(ret, size, "%s", text ? text : "");
}

static int copy_origin(const struct database_row *row, void *user)
{
	struct package_origin *origin = user;

	copy(origin->package, sizeof(origin->package), database_text(row, 0));
	copy(origin->manager, sizeof(origin->manager), database_text(row, 1));
	copy(origin->transition.before, sizeof(origin->transition.before), database_text(row, 2));
	copy(origin->transition.after, sizeof(origin->transition.after), database_text(row, 3));
	origin->transition.time = database_integer(row, 4);
	return 0;
}

int package_origin_load(struct database *database, int64_t id, struct package_origin *ret)
{
	*ret = (struct package_origin){ .package = "" };
	return database_query(database, copy_origin, ret,
			      "SELECT package,manager,version_before,version_after,"
			      "COALESCE(landed,0) FROM package_origin WHERE entry=?1",
			      "i", id);
}

void package_origin_text(const struct package_origin *origin, bool utc,
			 char ret[PACKAGE_ORIGIN_TEXT_SIZE])
{
	const struct package_transition *transition = &origin->transition;
	char time[TIMESTAMP_SIZE];

	timestamp_human(transition->time, utc, time);
	if (!origin->package[0])
		snprintf(ret, PACKAGE_ORIGIN_TEXT_SIZE, "-");
	else if (!transition->time)
		snprintf(ret, PACKAGE_ORIGIN_TEXT_SIZE, "%s", origin->package);
	else
		snprintf(ret, PACKAGE_ORIGIN_TEXT_SIZE, "%s %s%s%s, %s", origin->package,
			 transition->before, transition->before[0] ? " -> " : "", transition->after,
			 time);
}

struct json *package_origin_json(const struct package_origin *origin)
{
	const struct package_transition *transition = &origin->transition;
	struct json *object;

	if (!origin->package[0])
		return NULL;
	object = json_new_object();
	json_add_text(object, "name", origin->package);
	json_add_text(object, "manager", origin->manager);
	json_add_text(object, "before", transition->before[0] ? transition->before : NULL);
	json_add_text(object, "after", transition->after[0] ? transition->after : NULL);
	if (transition->time)
		output_add_time(object, "time", transition->time);
	else
		json_add_text(object, "time", NULL);
	return object;
}
