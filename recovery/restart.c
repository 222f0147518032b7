/* restart.c: restarting the machine in order
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/restart.h"

#include "recovery/early/kernel_log.h"

#define ASK_SECONDS   20
#define FORCE_SECONDS 60

int restart_machine(const struct context *context, const struct process_port *processes,
		    const char *why)
{
	static const char *const ask[] = { "systemctl", "--no-block", "reboot", NULL };
	static const char *const force[] = { "systemctl", "reboot", "--force", NULL };
	int error;

	if (context->root[0] != '\0')
		return 0;
	kernel_log_line("daruma", "restarting: %s", why);
	error = process_succeed(processes, ask, ASK_SECONDS);
	return error ? process_succeed(processes, force, FORCE_SECONDS) : 0;
}
