/* late_crash.h: a crash after the good answer that the stage cannot know of
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_LATE_CRASH_H
#define DARUMA_RECOVERY_LATE_CRASH_H

#include <stdbool.h>

#include "recovery/boot/this_boot.h"
#include "recovery/context.h"
#include "recovery/database.h"

/* Whether the start before, which the stage takes for a good one that ended as it should, ended in a crash that kdump
 * saved: with a kdump kernel loaded no dump is in the flash (kdump.h), and the good answer stands. Asked in ordinary good
 * starts too, so it is a look into one folder and no more. */
bool late_crash_is_hidden(const struct context *context, struct database *database,
			  const struct this_boot *boot);

#endif
