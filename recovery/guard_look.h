/* guard_look.h: what the guard finds out about the failure before this start, and whom it tells
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_GUARD_LOOK_H
#define DARUMA_RECOVERY_GUARD_LOOK_H

#include "recovery/guard.h"

/* Reads the text of the crash, compares the watch set with the last good generation, tells the stage, enters both into the
 * tables with the verdict, and takes the fast path if that is certain. `database` may be NULL: then only the stage is told.
 * Returns 0, or the errno of the first thing that could not be done; the rest is done in any case. */
int guard_look(const struct context *context, struct database *database,
	       const struct this_boot *boot, struct guard_findings *findings);

#endif
