/* recover_reduce.h: the step of a safe start that puts products into the reduced mode of their own (R19)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_REPAIR_RECOVER_REDUCE_H
#define DARUMA_RECOVERY_REPAIR_RECOVER_REDUCE_H

#include "recovery/repair/recover.h"
#include "recovery/repair/switch_choice.h"

/* Before anything else in a safe start: has products that a power cut left half-way leave the mode, and ends each
 * trial: what was released of its reduced mode enters it again. */
void recover_reduce_settle(const struct recover *recover);

/* Where a product is in its reduced mode with no trial after it, that is the repair: RECOVER_REDUCED; else
 * RECOVER_NOTHING. */
enum recover_outcome recover_reduce_pick_up(const struct recover *recover,
					    struct recover_result *result);

/* No trial is due: those that are in their reduced mode since this incident leave it, because it did not help. */
void recover_reduce_end(const struct recover *recover);

/* Puts the next products that name a reduced mode into it, in the order of switch_choose() and up to its rung
 * `highest`: RECOVER_REDUCED. Where one cannot enter, the next rung is due at once. RECOVER_NOTHING: none is left,
 * or no time (recover->commands_until). */
enum recover_outcome recover_reduce(const struct recover *recover,
				    const struct change_list *changes,
				    const struct verdict *verdict, enum switch_rung highest,
				    struct recover_result *result);

/* Whether any was to enter its reduced mode in this incident. */
bool recover_reduce_was_tried(const struct recover *recover);

#endif
