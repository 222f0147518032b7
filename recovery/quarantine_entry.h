/* quarantine_entry.h: entries of the quarantine, for people and as JSON
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_ENTRY_H
#define DARUMA_RECOVERY_QUARANTINE_ENTRY_H

#include "recovery/action.h"
#include "recovery/context.h"

/* Prints the entries to standard output: a table, or one daruma.quarantine.v1 object, with the package each came with
 * (package_origin.h) and its state, what has become of it in one or two words: "replaced", "taken away", "put there" (it was
 * missing), "made way" (for one that was put back), "put back", "on trial", "purged", "unfinished". `database` may be NULL where
 * there are none. Returns an exit code; the message is printed. */
int quarantine_entries_print(const struct context *context, struct database *database,
			     const struct action_list *entries);

#endif
