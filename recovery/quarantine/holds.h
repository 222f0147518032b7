/* holds.h: bringing all holds of a quarantine in line with its entries, and saying so
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_HOLDS_H
#define DARUMA_RECOVERY_QUARANTINE_HOLDS_H

#include <stdbool.h>

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/products/product.h"

/* quarantine_hold_update() and what follows in the service manager, and package_hold_update(), with a notice for each
 * updater and package. What fails is said and no reason to end otherwise: the guard of the next start or the next scan
 * does it. `products` NULL: they are loaded. */
void holds_update(const struct context *context, struct database *database,
		  const struct product_list *products);

/* Whether there may be anything to do for holds_update(): a few looks at tables. */
bool holds_are_due(struct database *database);

/* The plan of lifting them all: a line on standard output for each product whose updaters are held, and each package. */
void holds_print_lifting(struct database *database);

#endif
