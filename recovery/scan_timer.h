/* scan_timer.h: how often daruma-scan.timer elapses, where the policy differs from its unit file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A drop-in of systemd.unit(5) which nobody but Daruma writes. One empty value clears the times of every kind
 * (systemd.timer(5)), so both come before the first new one:
 *
 *   [Timer]
 *   OnBootSec=
 *   OnUnitInactiveSec=
 *   OnBootSec=600
 *   OnUnitInactiveSec=600
 *   AccuracySec=60
 */
#ifndef DARUMA_RECOVERY_SCAN_TIMER_H
#define DARUMA_RECOVERY_SCAN_TIMER_H

#include <stdbool.h>

#include "recovery/context.h"
#include "recovery/process.h"

#define SCAN_TIMER_UNIT	     "daruma-scan.timer"
#define SCAN_TIMER_DROP_IN   "/etc/systemd/system/" SCAN_TIMER_UNIT ".d/50-policy.conf"
#define SCAN_TIMER_SECONDS   300 /* what recovery/units/daruma-scan.timer says */
#define SCAN_TIMER_TEXT_SIZE 256

/* The drop-in for a scan every `seconds` (1 or more), exact to a tenth of it; "" where the unit file says so. Pure. */
void scan_timer_text(unsigned seconds, char ret_text[SCAN_TIMER_TEXT_SIZE]);

/* Whether the drop-in below context->root is another than that. Returns 0, 1, or a negative errno of reading. */
int scan_timer_differs(const struct context *context, unsigned seconds);

/* Writes the drop-in, or deletes it where the unit file will do. A power cut leaves the old one or the new one. Returns 1
 * if something changed, 0 if not, or a negative errno. */
int scan_timer_set(const struct context *context, unsigned seconds);

/* Has the service manager read the drop-in, and restarts the timer if it runs, when the drop-in `changed` or an earlier
 * call did not get so far. Returns 0 or an error of process_succeed(). */
int scan_timer_take_up(const struct process_port *processes, bool changed);

#endif
