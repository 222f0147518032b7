/* inventory_compare.h: two inventories side by side
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INVENTORY_INVENTORY_COMPARE_H
#define DARUMA_RECOVERY_INVENTORY_INVENTORY_COMPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "recovery/inventory/change.h"
#include "recovery/inventory/inventory.h"

/* What counts. Where a function is NULL everything does, and the time of a removal is not known. */
struct inventory_rules {
	bool (*is_new)(const struct inventory_file *now, void *user);
	bool (*is_removed)(const struct inventory_file *before, void *user);
	int64_t (*removal_time)(const struct inventory_file *before, void *user);
	void *user;
};

/* Adds to `changes`, newest first, what is in one of both only, or has another content. What one of both could not read
 * is no change (R62). Returns 0 or -ENOMEM. */
int inventory_compare(const struct inventory *before, const struct inventory *now,
		      const struct inventory_rules *rules, struct change_list *changes);

#endif
