/* incident.c: one incident with all that belongs to it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/incident.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "recovery/commands/verdict_view.h"
#include "recovery/rows.h"
#include "recovery/timestamp.h"

#define BOOTS_MOST 100

int incident_open(struct database *database, const char *product, enum daruma_ending class,
		  int64_t opened)
{
	return database_run(
		database,
		"INSERT INTO incident(opened,class,product) SELECT ?1,?2,?3 WHERE NOT EXISTS"
		"(SELECT 1 FROM incident WHERE closed IS NULL)",
		"itt", opened ? opened : (int64_t)time(NULL), daruma_ending_name(class),
		product[0] ? product : NULL);
}

int incident_close(struct database *database, int64_t closed)
{
	int error = database_run(database,
				 "UPDATE incident SET closed=MAX(opened,?1), result=CASE result"
				 " WHEN '' THEN 'healthy' ELSE result END WHERE closed IS NULL",
				 "i", closed);

	return error ? error :
		       database_run(database, "DELETE FROM setting WHERE key=?1", "t",
				    INCIDENT_BASE_KEY);
}

static int load_facts(struct database *database, int64_t id, struct incident *incident)
{
	const struct json *facts;
	int error = rows_load(database, &rows_incidents, id, 1, NULL, &incident->facts);

	if (error)
		return error;
	facts = json_at(incident->facts, 0);
	if (!facts)
		return -ESRCH;
	json_integer(json_get(facts, "id"), &incident->id);
	incident->opened = timestamp_parse(json_string(json_get(facts, "opened")));
	incident->closed = timestamp_parse(json_string(json_get(facts, "closed")));
	return 0;
}

/* The first failure came before anybody could open an incident: begin after the last boot that was good to its end. */
static int find_begin(struct database *database, const struct incident *incident, int64_t *ret)
{
	*ret = 0;
	return database_number(
		database, ret,
		"SELECT COALESCE(MAX(MAX(time,outcome_time)),-1)+1 FROM boot WHERE outcome='good'"
		" AND crash_class IS NULL AND outcome_time<?1",
		"i", incident->opened);
}

static int load_parts(struct database *database, struct incident *incident)
{
	/* What the end brings with it comes within a second. */
	int64_t until = incident->closed ? incident->closed + 1 : INT64_MAX;
	int64_t since;
	int error = find_begin(database, incident, &since);

	if (!error)
		error = past_boot_list_load(database, since, until, BOOTS_MOST, &incident->boots);
	if (!error)
		error = rows_load(database, &rows_changes_between, since, until, NULL,
				  &incident->changes);
	if (!error)
		error = rows_load(database, &rows_actions_between, since, until, NULL,
				  &incident->actions);
	if (!error)
		error = verdict_view_load(database, NULL, since, until, &incident->verdict);
	if (!error)
		error = rows_load(database, &rows_events_between, since, until, NULL,
				  &incident->events);
	return error;
}

int incident_load(struct database *database, int64_t id, struct incident *ret)
{
	struct incident incident = { 0 };
	int error = load_facts(database, id, &incident);

	if (!error)
		error = load_parts(database, &incident);
	if (error) {
		incident_free(&incident);
		return error;
	}
	*ret = incident;
	return 0;
}

void incident_free(struct incident *incident)
{
	past_boot_list_free(&incident->boots);
	json_free(incident->facts);
	json_free(incident->changes);
	json_free(incident->actions);
	json_free(incident->events);
	json_free(incident->verdict);
	memset(incident, 0, sizeof(*incident));
}
