/* guard_judge.h: whom the guard blames for the failure before this start, and what it does about it at once
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_GUARD_JUDGE_H
#define DARUMA_RECOVERY_GUARD_JUDGE_H

#include "recovery/guard.h"

/* After guard_look(), if the start before ended in a failure: compares by content, enters the verdict, and takes the fast
 * path if that is certain and `budget` has room for it. Where a loop of late crashes goes on without that, asks the stage
 * for a safe start behind the next one, unless these are crashes that the stage cannot know of. Takes as long as what
 * changed is large, and the guard has a time limit: till then it has only looked. Returns 0 or a negative errno. */
int guard_judge(const struct context *context, struct database *database,
		const struct this_boot *boot, const struct product_list *products,
		const struct policy_file *policy, struct guard_budget *budget,
		struct guard_findings *findings);

#endif
