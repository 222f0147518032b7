/* quarantine_return.h: objects that come back to their places while the quarantine holds them (R25)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The same bytes, by their SHA-256, at the path of an entry that is open: whatever holds updaters and packages back did not
 * reach who brought them. An event object.returned is written once for each return; the table quarantine_return remembers.
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_QUARANTINE_RETURN_H
#define DARUMA_RECOVERY_QUARANTINE_QUARANTINE_RETURN_H

#include <stdbool.h>

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/quarantine/guard_budget.h"
#include "recovery/text_list.h"

/* Looks at the place of every open entry; a file of another size is not read. Nothing is looked at while none is open.
 * An object of which quarantine_has_another() is true is of another update, which is left alone: its event says so in
 * `note`. Returns the number of the others that are back, or a negative errno. */
int quarantine_return_look(const struct context *context, struct database *database);

/* Adds the id of each product of which the last look found any of the others, once. Returns 0 or a negative errno. */
int quarantine_return_products(struct database *database, struct text_list *ret);

/* Whether quarantine_return_end() could not set some of those aside, and they are not gone since. */
bool quarantine_return_is_left(struct database *database);

/* Looks, and sets those aside again, with the same good copies instead; before their product starts. What is kept
 * already is not kept twice. Each product by itself: one of which that fails, or that is more than `budget` (NULL: no
 * limit) has left, is told in one event, and stays till it can be done. `boot_id`: this start. Returns the number of objects
 * set aside, or a negative errno of the state. */
int quarantine_return_end(const struct context *context, struct database *database,
			  const char *boot_id, struct guard_budget *budget);

#endif
