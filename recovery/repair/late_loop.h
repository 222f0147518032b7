/* late_loop.h: a machine that crashes again and again long after each start was called good
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Such a start was answered good, so the stage counts nothing, and what the update brought is part of the last good
 * generation by then. So the crashes are counted here, and what is there is compared with the last good generation
 * from before the start that crashed first.
 */
#ifndef DARUMA_RECOVERY_REPAIR_LATE_LOOP_H
#define DARUMA_RECOVERY_REPAIR_LATE_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/inventory/generation.h"
#include "recovery/policy_file.h"
#include "recovery/products/product.h"
#include "recovery/text_list.h"

struct late_loop {
	bool found;
	int64_t crashes; /* since the last repair of a loop, within policy->late_window_hours before `now` */
	int64_t first; /* when the first of them was seen, seconds since 1970 */
	int64_t last;  /* and the last */
	/* to compare with: the newest good one from before the start that crashed first of all in the window, those that
	 * were repaired too: what was put back then is no change since it, and what was left may do it again */
	int64_t earlier;
	int64_t generation; /* the same without those */
	bool goes_on; /* twice as many crashes: nobody was surely to blame for the first ones */
};

/* Looks whether policy->late_panics crashes came together. Those that a person asked for do not count. Returns 0 or a
 * negative errno. `found` is false where no such generation is kept: what landed later cannot be to blame (R62). */
int late_loop_find(struct database *database, const struct policy_file *policy, int64_t now,
		   struct late_loop *ret);

/* What changed since loop->earlier, of the products that changed since loop->generation too; of all, if there are none.
 * Returns 0 or a negative errno of generation_compare_since(). */
int late_loop_compare(const struct context *context, struct database *database,
		      const struct product_list *products, const struct late_loop *loop,
		      struct change_list *ret);

/* Notes that `product`, which is to blame, is left to the gate of the start `boot_id` (left_work.h); both "": nothing is
 * left to any. */
int late_loop_note_left(struct database *database, const char *boot_id, const char *product);

/* Whether one is left in this start, `boot_id`. NULL: false. */
bool late_loop_is_left(struct database *database, const char *boot_id);

/* Adds the id of that one, if it is left: "", which no product has, where an older Daruma noted none. Returns 0 or a
 * negative errno. */
int late_loop_left_product(struct database *database, const char *boot_id, struct text_list *ret);

/* Notes that the loop was acted on at `now`: the crashes until then do not count again, and nothing is left. */
int late_loop_note_repair(struct database *database, int64_t now);

#endif
