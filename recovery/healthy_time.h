/* healthy_time.h: how many minutes this installation was healthy, ever
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The stage's throttle counts in this time, not by a clock (R37). The total lies in state.db; it goes on from the good
 * answer of a start, by monotonic time, and is told to the stage with each answer.
 */
#ifndef DARUMA_RECOVERY_HEALTHY_TIME_H
#define DARUMA_RECOVERY_HEALTHY_TIME_H

#include <stdint.h>

#include "recovery/database.h"

/* The total as stored. */
uint32_t healthy_time_total(struct database *database);

/* Starts counting for the kernel `kernel_boot_id`: it has just become healthy. `now` is monotonic seconds. */
int healthy_time_begin(struct database *database, const char *kernel_boot_id, int64_t now);

/* Adds the whole minutes since begin or the last advance of this very kernel; nothing if it was never begun, or time went
 * backwards. Returns 0 with the total, or a negative errno. */
int healthy_time_advance(struct database *database, const char *kernel_boot_id, int64_t now,
			 uint32_t *ret_total);

/* Monotonic seconds: time in which the machine was up and not asleep. */
int64_t healthy_time_now(void);

#endif
