/* quarantine_entry.h: entries of the quarantine, for people and as JSON
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_COMMANDS_QUARANTINE_ENTRY_H
#define DARUMA_RECOVERY_COMMANDS_QUARANTINE_ENTRY_H

#include "recovery/context.h"
#include "recovery/quarantine/action.h"
#include "recovery/repair/reduced_mode.h"
#include "recovery/repair/switched_off.h"

/* Products that do not run as their vendor meant them to. */
struct quarantine_products {
	struct switched_off_list off;
	struct reduced_mode_list reduced;
};

/* Prints the entries to standard output: a table, or one daruma.quarantine.v1 object, with the package each came with
 * (package_origin.h) and its state, what has become of it in one or two words: "replaced", "taken away", "put there"
 * (it was missing), "made way" (for one that was put back), "put back", "on trial", "purged", "unfinished". `database`
 * may be NULL where there are none. Behind them come the `products` (NULL: not asked for): in the table as rows of
 * kind "product" whose id is that of the product, in the object as lists of their own, "switched_off" and "reduced_mode".
 * Returns an exit code; the message is printed. */
int quarantine_entries_print(const struct context *context, struct database *database,
			     const struct action_list *entries,
			     const struct quarantine_products *products);

#endif
