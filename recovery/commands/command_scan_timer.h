/* command_scan_timer.h: how commands bring daruma-scan.timer in line with the policy, and what they say
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_COMMANDS_COMMAND_SCAN_TIMER_H
#define DARUMA_RECOVERY_COMMANDS_COMMAND_SCAN_TIMER_H

#include "recovery/context.h"

/* Sets the timer to `seconds`: SCAN_TIMER_SECONDS takes the drop-in away. The running system's timer takes it up at once.
 * Prints the plan with context->dry_run, a notice if something changed, or the one message if it cannot. Returns the exit
 * code. Repeating it does what was left undone. */
int command_scan_timer(const struct context *context, unsigned seconds);

#endif
