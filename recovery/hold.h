/* hold.h: bringing the hold list up to date
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_HOLD_H
#define DARUMA_RECOVERY_HOLD_H

#include "recovery/context.h"
#include "recovery/early/hold_list.h"
#include "recovery/products/product.h"

/* Fills an empty list from the watch set: units, updaters and modules that products name, and the module files found on
 * disk. Patterns such as "mfe_aac_*" become the names that are loaded or on disk: what comes before /var knows whole names
 * only. Needs no state, so that an image can be made with it. Returns 0 or -ENOMEM. */
int hold_collect(const struct context *context, const struct product_list *products,
		 struct hold_list *ret);

/* Collects and writes HOLD_LIST_FILE below context->root. Returns 1 if the file changed, 0 if not, or a negative
 * errno. */
int hold_refresh(const struct context *context, const struct product_list *products);

#endif
