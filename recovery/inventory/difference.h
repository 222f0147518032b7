/* difference.h: all that differs between two generations, or between one and the present
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * This is for who looks: what counts as a change when somebody is to be blamed is told by generation_compare().
 */
#ifndef DARUMA_RECOVERY_INVENTORY_DIFFERENCE_H
#define DARUMA_RECOVERY_INVENTORY_DIFFERENCE_H

#include <stddef.h>

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/inventory/change.h"
#include "recovery/inventory/fact_compare.h"
#include "recovery/inventory/file_type.h"
#include "recovery/inventory/past_generation.h"
#include "recovery/products/product.h"

struct difference {
	struct change_list changes;
	/* For each of the first `type_count` changes what the file is, or for a removed one was (R9): a word of
	 * file_type.h, or NULL where neither the file nor its copy in the store is the one that was recorded. */
	const char **types;
	size_t type_count;
	/* The facts that differ, by kind and name. When they changed is not known. */
	struct fact_change *facts;
	size_t fact_count;
	struct fact_list before_facts, after_facts; /* what `facts` points into */
};

/* Compares by content. `from` is a generation; `to` may be the present, in which the files of `products` are looked at
 * (those whose stat is as in `from` are read only with context->reread). Types are found for the first `most` changes,
 * 0: for all. Returns 0 or a negative errno. */
int difference_load(const struct context *context, struct database *database,
		    const struct product_list *products, const struct past_generation *from,
		    const struct past_generation *to, size_t most, struct difference *ret);

/* NULL is accepted. */
void difference_free(struct difference *difference);

#endif
