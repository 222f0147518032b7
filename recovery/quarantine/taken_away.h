/* taken_away.h: products that lost a file to the quarantine for which there was no last good copy
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Such a product does not start, and a start that waits for it would never be called good: the machine would end aside,
 * although everything else is well. So it does not count in health until something is in that place again, or the file
 * is put back.
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_TAKEN_AWAY_H
#define DARUMA_RECOVERY_QUARANTINE_TAKEN_AWAY_H

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/products/product.h"
#include "recovery/text_list.h"

/* Adds the id of each such product, once. What Daruma took away by itself counts; what a person set aside by hand does not,
 * and neither does a file that the last good state did not have. `database` NULL: none. Returns 0 or a negative errno. */
int taken_away_find(const struct context *context, struct database *database,
		    struct text_list *ret_products);

/* The products that count in health: without those, and without those that are switched off (switched_off.h) or in
 * their reduced mode (reduced_mode.h). Each one left out gives a notice. Where that cannot be found out all count.
 * Only ret->items is the caller's to free. Returns 0 or -ENOMEM. */
int taken_away_counted(const struct context *context, struct database *database,
		       const struct product_list *products, struct product_list *ret);

/* `products` without those in `left_out`, in their order. The products themselves stay those of the other list, which must
 * live longer; only ret->items is the caller's to free. Returns 0 or -ENOMEM. */
int taken_away_leave_out(const struct product_list *products, const struct text_list *left_out,
			 struct product_list *ret);

#endif
