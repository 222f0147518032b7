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

/* After that, if the start before ended in a failure: compares by content, enters the verdict, and takes the fast path if
 * that is certain and `budget` has room for it. Where a loop of late crashes goes on without that, asks the stage for a safe
 * start behind the next one, unless these are crashes that the stage cannot know of. Takes as long as what changed is large,
 * and the guard has a time limit: till then it has only looked. Returns 0 or a negative errno. */
int guard_judge(const struct context *context, struct database *database,
		const struct this_boot *boot, const struct product_list *products,
		const struct policy_file *policy, struct guard_budget *budget,
		struct guard_findings *findings);

#endif
