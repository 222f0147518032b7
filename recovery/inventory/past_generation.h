/* past_generation.h: which generation a reference means
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INVENTORY_PAST_GENERATION_H
#define DARUMA_RECOVERY_INVENTORY_PAST_GENERATION_H

#include <stdint.h>

#include "recovery/database.h"

struct past_generation {
	int64_t id; /* 0: what is there now */
	int64_t time;
};

/* The generation that `reference` means: a number, @last-good (the newest good one), @last (the newest) or @now, which is
 * none. Returns 0, -ESRCH (there is none) or another negative errno. */
int past_generation_find(struct database *database, const char *reference,
			 struct past_generation *ret);

#endif
