/* service_manager.c: has the service manager read its files anew
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/service_manager.h"

int service_manager_reload(const struct process_port *processes, unsigned seconds)
{
	static const char *const reload[] = { "systemctl", "daemon-reload", NULL };

	return process_succeed(processes, reload, seconds);
}
