/* restart.h: restarting the machine in order
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_RESTART_H
#define DARUMA_RECOVERY_RESTART_H

#include "recovery/context.h"
#include "recovery/process.h"

/* Logs `why` on the console and asks the service manager for an orderly restart, by force if it does not answer. Nothing
 * happens below another root. Returns at once with 0, or the negative errno of the last try. */
int restart_machine(const struct context *context, const struct process_port *processes,
		    const char *why);

#endif
