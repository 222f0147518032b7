/* service_manager.h: has the service manager read its files anew, and asks it how far the start is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_SERVICE_MANAGER_H
#define DARUMA_RECOVERY_SERVICE_MANAGER_H

#include <stdbool.h>

#include "recovery/process.h"

/* Runs `systemctl daemon-reload`, which has no --no-block, and waits at most `seconds` for it. Returns 0 or an error of
 * process_succeed(): with -ETIMEDOUT the service manager was asked, and reads them when it comes to it. */
int service_manager_reload(const struct process_port *processes, unsigned seconds);

/* Whether `unit` is in `state`, a word of ActiveState (systemctl(1)). False where nobody answers in time. */
bool service_manager_says(const struct process_port *processes, const char *unit,
			  const char *state);

/* Whether a job that starts `unit` waits or runs. False where nobody answers in time. */
bool service_manager_starts(const struct process_port *processes, const char *unit);

/* Whether the start has come to its end: its default target, whichever that is, is active. What failed on the way does
 * not count. False where nobody answers in time. */
bool service_manager_is_up(const struct process_port *processes);

#endif
