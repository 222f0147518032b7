/* recover_base.h: what the safe starts of an incident compare with
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The last good generation; or where crashes long after good starts led here, which came with what is part of that one, the
 * generation from before them (late_loop.h). That one stays the same until the incident ends: what was set aside meanwhile
 * differs from the last good one, and is no update.
 */
#ifndef DARUMA_RECOVERY_REPAIR_RECOVER_BASE_H
#define DARUMA_RECOVERY_REPAIR_RECOVER_BASE_H

#include <stdint.h>

#include "recovery/repair/recover.h"

/* Whether such crashes opened the incident, and this is the first safe start of it, or a later one that compares with the same
 * generation. */
bool recover_base_is_late(const struct recover *recover);

/* Whether a panic that a person made, which the stage cannot tell from a crash, led to this safe start, or to the one that it
 * repeats (R38). To be asked before anything is compared. */
bool recover_base_is_by_operator(const struct recover *recover);

/* What differs. *ret_failed: when the first of such crashes was, seconds since 1970; else it stays as it is. Returns 0 or a
 * negative errno. */
int recover_base_compare(const struct recover *recover, struct change_list *ret,
			 int64_t *ret_failed);

/* What differs from the `generation` that was compared with, by now; 0: there was none. */
int recover_base_compare_again(const struct recover *recover, int64_t generation,
			       struct change_list *ret);

#endif
