/* safe_check.h: are the watched products really off in this safe start?
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What switches a product off fails open: a name with a hyphen, a unit that another one starts, an insmod with a path. So
 * the result is looked at. If something of a product runs all the same, the safe start was not safe, and how it ended
 * proves nothing about the product.
 */
#ifndef DARUMA_RECOVERY_SAFE_CHECK_H
#define DARUMA_RECOVERY_SAFE_CHECK_H

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/process.h"
#include "recovery/products/product.h"
#include "recovery/text_list.h"

#define SAFE_CHECK_EVENT "profile.not_safe"

/* Adds one sentence for each unit that is not masked, each module that is loaded, and each process whose program is a file
 * of `products`. Units and modules are those of HOLD_LIST_FILE and those of `products`: what switches off goes by the file,
 * and a file that is lost or old must not vouch for itself. With `processes` NULL nobody is asked about units. Returns 0
 * or a negative errno: then nothing is known. */
int safe_check(const struct context *context, const struct process_port *processes,
	       const struct product_list *products, struct text_list *ret_breaches);

/* Whether `state`, a LoadState of systemd, says that the unit cannot be started. Pure. */
bool safe_check_is_off(const char *state);

/* Writes SAFE_CHECK_EVENT with the sentences. `database` may be NULL. */
int safe_check_tell(const struct context *context, struct database *database,
		    const struct text_list *breaches);

#endif
