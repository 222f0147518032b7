/* landing.h: updates that land while the machine runs, and prove themselves
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Servers are restarted monthly and content comes daily, so a good state is recorded at run time too: when what is there
 * now has been there unchanged for the settle time, the start was answered good, and the system is healthy. Modules and
 * code may run from the next start on only: what differs in them is recorded and not good yet.
 */
#ifndef DARUMA_RECOVERY_INVENTORY_LANDING_H
#define DARUMA_RECOVERY_INVENTORY_LANDING_H

#include <stdbool.h>
#include <stdint.h>

#include "recovery/digest.h"
#include "recovery/inventory/generation.h"

/* What was seen at the last look. */
struct landing {
	char digest[DIGEST_TEXT_SIZE]; /* of all changes; "" none */
	int64_t since;		       /* monotonic seconds at which this digest was first seen */
	bool taken; /* it is recorded, and what is left of it waits for a good start */
};

enum landing_step {
	LANDING_NOTHING, /* nothing differs from the last good generation, or all of it is recorded */
	LANDING_WAITS,	 /* it differs, and not long enough */
	LANDING_PROVED, /* the same difference has been there for the settle time */
};

/* One look, `now` in monotonic seconds; `landing` is brought up to date. A `since` in the future (another start) begins
 * anew. Pure. */
enum landing_step landing_look(struct landing *landing, const char *digest, int64_t now,
			       unsigned settle_seconds);

/* One text for a list of changes: equal lists have equal digests. "" for an empty one. Returns 0 or a negative errno. */
int landing_digest(const struct change_list *changes, char ret_digest[DIGEST_TEXT_SIZE]);

#endif
