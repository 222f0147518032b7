/* action.h: the journal of the quarantine: rows of the table `action`
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One row per file. What is in its place (`sha256`, NULL: nothing) goes to the quarantine, and a good copy
 * (`replaced_by`, NULL: none) takes the place. Rows that belong together pass each step together:
 *
 *   planned   intended. What is in place is untouched; an unfinished copy may be in the quarantine,
 *             and nothing that an earlier row kept
 *   copied    the quarantine holds it whole and on the disk; the good copy stands ready beside the place. A swap may
 *             have happened or not: what is found in place tells
 *   replaced  all places hold what they shall; the way back is closed
 *   done      what was taken is sealed in the quarantine
 *   restoring a later row puts the object back; when that row is done, what the quarantine holds is dropped
 *   restored  it is
 *   purging   what the quarantine holds is to be deleted for good
 *   purged    it is
 *
 * A power cut at planned or copied is undone, at replaced and purging it is finished.
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_ACTION_H
#define DARUMA_RECOVERY_QUARANTINE_ACTION_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "recovery/database.h"

#define ACTION_PLANNED	 "planned"
#define ACTION_COPIED	 "copied"
#define ACTION_REPLACED	 "replaced"
#define ACTION_DONE	 "done"
#define ACTION_RESTORING "restoring"
#define ACTION_RESTORED	 "restored"
#define ACTION_PURGING	 "purging"
#define ACTION_PURGED	 "purged"

/* SQL: rows in the first three steps. */
#define ACTION_SQL_MOVING "step IN ('planned','copied','replaced')"

/* SQL: rows whose object is back, but for the end of it. One that another row is putting back goes with that row. */
#define ACTION_SQL_RESTORING                                                                       \
	"step='restoring' AND id NOT IN (SELECT restores FROM action WHERE restores IS NOT NULL"   \
	" AND " ACTION_SQL_MOVING ")"

/* SQL: all that a power cut or a failure left half-way. */
#define ACTION_SQL_INTERRUPTED ACTION_SQL_MOVING " OR step='purging' OR (" ACTION_SQL_RESTORING ")"

/* Strings are owned. */
struct action {
	int64_t id, time;
	int64_t restores; /* the row whose object is put back, or 0 */
	char *boot_id;	  /* or NULL */
	char *product, *kind, *path, *set_name;
	char *folder; /* `path` is in it, and nothing may lead out of it or over a mount */
	char *step;
	char *sha256, *replaced_by; /* or NULL */
	char *attributes;	    /* of what was in place */
	char *reason;

	/* Not in the table: */
	char *put_attributes; /* of what takes the place, or NULL */
	struct {
		dev_t device;
		ino_t inode;
		int64_t size, mtime_ns;
	} kept; /* what was copied, while this process works on it */
};

struct action_list {
	struct action *items;
	size_t count;
};

/* Appends a copy of `like`; NULL strings stay NULL. Returns 0 or -ENOMEM. */
int action_list_add(struct action_list *list, const struct action *like);

/* NULL is accepted. */
void action_list_free(struct action_list *list);

/* The rows for which the SQL expression `condition` holds, which may use ?1, in the order of their ids. */
int action_list_load(struct database *database, const char *condition, int64_t number,
		     struct action_list *ret);

/* Inserts a row at step planned and sets its id. */
int action_insert(struct database *database, struct action *action);

/* Notes the step, and the attributes that were read meanwhile. */
int action_advance(struct database *database, const struct action *action, const char *step);

int action_set_step(struct database *database, int64_t id, const char *step);
int action_delete(struct database *database, int64_t id);

#endif
