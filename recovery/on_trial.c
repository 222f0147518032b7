/* on_trial.c: objects that were released from the quarantine, until a start proves them good or bad
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/on_trial.h"

#include <time.h>

#include "recovery/quarantine.h"

#define REASON	 "it was released on trial, and a start failed"
#define RESETS	 2
#define ALL_OPEN "step='restored' AND id IN (SELECT entry FROM trial WHERE outcome='')"

int on_trial_begin(struct database *database, const struct action_list *entries,
		   const char *boot_id)
{
	int error = 0;

	for (size_t i = 0; !error && i < entries->count; i++)
		error = database_run(database,
				     "INSERT OR REPLACE INTO trial(entry,time,boot_id,outcome)"
				     " VALUES(?1,?2,?3,'')",
				     "iit", entries->items[i].id, (int64_t)time(NULL), boot_id);
	return error;
}

int on_trial_prove(struct database *database, const char *boot_id)
{
	return database_run(database,
			    "UPDATE trial SET outcome='good' WHERE outcome='' AND boot_id IS NOT ?1"
			    " AND entry IN (SELECT id FROM action WHERE step='restored')",
			    "t", boot_id);
}

static int stop_there(const struct database_row *row, void *user)
{
	(void)row;
	(void)user;
	return 1;
}

bool on_trial_has(struct database *database, int64_t id)
{
	return database_query(database, stop_there, NULL,
			      "SELECT 1 FROM action WHERE id=?1 AND " ALL_OPEN, "i", id) == 1;
}

bool on_trial_failed(const struct daruma_note *note, enum daruma_ending ending)
{
	switch (ending) {
	case DARUMA_ENDING_PANIC:
	case DARUMA_ENDING_WATCHDOG:
	case DARUMA_ENDING_LATE:
		return true;
	case DARUMA_ENDING_UNEXPLAINED:
		return note->counters.unexplained >= RESETS;
	default:
		return false;
	}
}

/* After the objects: a power cut between leaves rows on trial whose object is gone, which end as replaced. */
static int end_rows(struct database *database)
{
	return database_run(
		database,
		"UPDATE trial SET outcome=CASE WHEN EXISTS (SELECT 1 FROM action AS old JOIN action"
		" AS again ON again.path=old.path AND again.id>old.id AND again.restores IS NULL"
		" WHERE old.id=entry) THEN 'failed' ELSE 'replaced' END"
		" WHERE outcome='' AND entry IN (SELECT id FROM action WHERE step='restored')",
		"");
}

int on_trial_end(const struct context *context, struct database *database, const char *boot_id)
{
	struct action_list entries = { 0 };
	int count, error = action_list_load(database, ALL_OPEN, 0, &entries);

	if (error)
		return error;
	count = entries.count ? quarantine_again(context, database, &entries, boot_id, REASON) : 0;
	if (count >= 0 && entries.count && !context->dry_run)
		error = end_rows(database);
	action_list_free(&entries);
	return error ? error : count;
}
