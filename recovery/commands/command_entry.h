/* command_entry.h: the frame of the verbs that work on one entry of the quarantine, or on all
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_COMMANDS_COMMAND_ENTRY_H
#define DARUMA_RECOVERY_COMMANDS_COMMAND_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/quarantine/action.h"

struct command_entry {
	const char *verb;    /* "restore" */
	const char *action;  /* "put", which stands before what it is done to */
	const char *how;     /* "back", which stands behind it */
	const char *done;    /* "back": what the entry is then */
	const char *nothing; /* "nothing was to be put back" */
	const char *all;     /* SQL condition of the entries that the word "all" means */
	bool final;	     /* cannot be undone: where nobody can be asked -y is needed */
	bool files;	     /* files of the product change */

	/* One entry, with those that belong to it (quarantine_with_set()). With context->dry_run it looks only. Returns 0 or
	 * a negative errno. */
	int (*change)(const struct context *context, struct database *database, int64_t id);

	/* What follows when the entries `changed` were, or NULL. */
	void (*follow)(const struct context *context, struct database *database,
		       const struct action_list *changed);
};

/* Does it for `word`, the number of an entry or "all", and says what was done. Of all, those that can be done are.
 * Returns an exit code: EXIT_NO_SUCH without such an entry. */
int command_entry_run(const struct context *context, const struct command_entry *entry,
		      const char *word);

#endif
