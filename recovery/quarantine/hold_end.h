/* hold_end.h: holds that are needed no more though something is set aside
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A hold (quarantine_hold.h, package_hold.h) keeps the bad object from coming back and the good copy in its place.
 * Where neither is there any more nobody needs it: somebody, the owner or the package manager, put another version
 * there, which would go without updates for ever; or the product is gone. What is set aside stays so; the hold comes
 * back if the object does.
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_HOLD_END_H
#define DARUMA_RECOVERY_QUARANTINE_HOLD_END_H

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/products/product.h"
#include "recovery/text_list.h"

/* Looks at the places of all open entries and brings the table `hold_end` in line: a product is in it if
 *
 *   no place holds an object that was set aside or its good copy, and one at least holds something else; or
 *   nothing is in any of them, though good copies were put there, and of a product in `products` none of its paths and
 *   units is there.
 *
 * A place that cannot be looked at, or that is behind a mount, keeps the hold. Not while modules are covered
 * (module_cover.h): they look gone. Returns 0 or an errno of the state. */
int hold_end_find(const struct context *context, struct database *database,
		  const struct product_list *products);

/* Adds the id of each product that is to be held, once. Returns 0 or a negative errno. */
int hold_end_held_products(struct database *database, struct text_list *ret);

/* The same for the places of their entries. */
int hold_end_held_places(struct database *database, struct text_list *ret);

#endif
