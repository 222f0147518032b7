/* fact_compare.h: the facts of two generations side by side
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INVENTORY_FACT_COMPARE_H
#define DARUMA_RECOVERY_INVENTORY_FACT_COMPARE_H

#include <stddef.h>

#include "recovery/inventory/fact.h"

/* One difference. Strings belong to the lists that were compared. */
struct fact_change {
	const char *kind, *name;
	char how;	    /* 'a'dded, 'm'odified, 'r'emoved */
	const char *before; /* value; NULL where added */
	const char *after;  /* NULL where removed */
};

/* Finds what differs, by kind and name. Both lists are sorted. A kind that one of them does not know (FACT_READ) is left
 * out. *ret_changes is the caller's to free. Returns 0 or -ENOMEM. */
int fact_compare(const struct fact_list *before, const struct fact_list *after,
		 struct fact_change **ret_changes, size_t *ret_count);

#endif
