/* guard_look.h: what the guard finds out about the failure before this start, and whom it tells
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_GUARD_LOOK_H
#define DARUMA_RECOVERY_GUARD_LOOK_H

#include "recovery/guard.h"

/* Reads the text of the crash, tells the stage what that says of the ending, and enters it into the tables, together with
 * the mark that the text was read. A journal, which may be slow, is asked behind the stored texts, and only where there is
 * nothing to tell the stage yet. Then, which may be too slow for the guard's time limit: compares the watch set with the
 * last good generation by size and time, and answers again if that adds something. Loads `products`, which are the caller's
 * to free. `database` may be NULL: then only the stage is told. Returns 0, or the errno of the first thing that could not be
 * done; the rest is done in any case. */
int guard_look(const struct context *context, const struct process_port *processes,
	       struct database *database, const struct this_boot *boot,
	       struct product_list *products, struct guard_findings *findings);

/* How the start before ended: what the findings correct that to, else what the stage says. Pure. */
enum daruma_ending guard_ending(const struct this_boot *boot,
				const struct guard_findings *findings);

/* Whether that is a failure to start, or a crash long after a good one. Pure. */
bool guard_ended_in_failure(const struct this_boot *boot, const struct guard_findings *findings);

#endif
