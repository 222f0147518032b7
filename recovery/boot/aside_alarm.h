/* aside_alarm.h: says that the ladder has ended without a remedy
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The rung aside starts the machine as if Daruma were not there, and changes nothing. Where the firmware stage came to it
 * by itself, nobody has told anybody: a safe start that found no remedy says so (recovery.failed), one that never came up
 * cannot.
 */
#ifndef DARUMA_RECOVERY_BOOT_ASIDE_ALARM_H
#define DARUMA_RECOVERY_BOOT_ASIDE_ALARM_H

#include "recovery/boot/this_boot.h"
#include "recovery/context.h"
#include "recovery/database.h"

/* Writes throttle.exhausted in the start in which the throttle forbids another safe one (R37), recovery.failed in the one
 * behind the last rescue start that failed, and nothing in any other: each of these reasons is given to one start of an
 * incident, so a guard that runs once says it once. `database` may be NULL: then only the journal hears of it. Returns 0
 * or a negative errno. */
int aside_alarm(const struct context *context, struct database *database,
		const struct this_boot *boot);

#endif
