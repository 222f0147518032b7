/* recover_switch.h: the last rungs of a safe start: switching products off
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_REPAIR_RECOVER_SWITCH_H
#define DARUMA_RECOVERY_REPAIR_RECOVER_SWITCH_H

#include "recovery/repair/recover.h"

/* Finishes what a power cut left of a switch. Where one had no trial yet, that is the repair: RECOVER_SWITCHED; else
 * RECOVER_NOTHING. */
enum recover_outcome recover_switch_pick_up(const struct recover *recover,
					    struct recover_result *result);

/* Nothing is left to set aside, which ended with `outcome`. Switches off what switch_choose() says: RECOVER_SWITCHED. Where
 * nothing is left of that either, and products were switched off in this incident, it was none of them: they are switched on
 * again, RECOVER_EXHAUSTED. Else `outcome`. */
enum recover_outcome recover_switch(const struct recover *recover,
				    const struct change_list *changes, enum recover_outcome outcome,
				    const struct verdict *verdict, struct recover_result *result);

#endif
