/* rows.h: results of a query as a JSON list
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_ROWS_H
#define DARUMA_RECOVERY_ROWS_H

#include <stdint.h>

#include "recovery/database.h"
#include "recovery/json.h"

enum rows_kind {
	ROWS_TEXT,
	ROWS_INTEGER,
	ROWS_BOOL,
	ROWS_TIME, /* seconds since 1970 */
	ROWS_HOW,  /* of a change: its first letter is stored, the word is shown */
	ROWS_JSON, /* a stored JSON object; one that is damaged becomes a text */
};

struct rows_column {
	const char *key; /* NULL ends the list */
	enum rows_kind kind;
};

/* What `table` holds: changes of a boot, actions, incidents, generations, events. Each has its columns, and a condition
 * with ?1 and ?2 as integers (or ?3 as text). */
struct rows_query {
	const char *statement;
	const struct rows_column *columns;
};

extern const struct rows_query rows_changes; /* of boot ?3 */
extern const struct rows_query rows_actions; /* of boot ?3 */
extern const struct rows_query
	rows_incidents; /* at most ?2 of them, newest first; ?1 is their id, 0: any */
extern const struct rows_query rows_generations;     /* at most ?2, newest first */
extern const struct rows_query rows_events;	     /* from time ?1, at most ?2, newest first */
extern const struct rows_query rows_changes_between; /* found from time ?1 to ?2, each file once */
extern const struct rows_query rows_actions_between;
extern const struct rows_query rows_events_between; /* oldest first */

/* Returns 0 with the list, to be freed by the caller, or a negative errno. `text` may be NULL. */
int rows_load(struct database *database, const struct rows_query *query, int64_t one, int64_t two,
	      const char *text, struct json **ret);

#endif
