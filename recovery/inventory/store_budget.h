/* store_budget.h: room in the content store, within what the policy gives it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INVENTORY_STORE_BUDGET_H
#define DARUMA_RECOVERY_INVENTORY_STORE_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

#include "recovery/database.h"
#include "recovery/inventory/inventory.h"
#include "recovery/inventory/store.h"

struct store_budget {
	struct database *database;
	struct store *store;
	const struct inventory *now; /* the one being taken: its copies are wanted, too */
	uint64_t limit;		     /* bytes, of the policy */
	int64_t newest, last_good;   /* generations; their copies are never given up */
	int64_t used;		     /* bytes in the store for generations in the tables */
	int64_t put;		     /* bytes that came into it for the one being taken */
	bool full;		     /* nothing is left to give up */
};

/* Reads `used` from the tables. Returns 0 or an error of database_query(). */
int store_budget_read(struct store_budget *budget);

/* Whether `size` more bytes are within the limit. */
bool store_budget_has_room(const struct store_budget *budget, int64_t size);

/* Gives up copies of the oldest generations until there is room for `size` bytes, or nothing is left to give up. Returns
 * 0 also where no room could be made, or a negative errno. */
int store_budget_make_room(struct store_budget *budget, int64_t size);

/* Removes the copies that no generation, no open action, no trial and not `now` wants. Returns 0 or a negative errno. */
int store_budget_collect(struct store_budget *budget);

#endif
