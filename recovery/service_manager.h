/* service_manager.h: has the service manager read its files anew
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_SERVICE_MANAGER_H
#define DARUMA_RECOVERY_SERVICE_MANAGER_H

#include "recovery/process.h"

/* Runs `systemctl daemon-reload`, which has no --no-block, and waits at most `seconds` for it. Returns 0 or an error of
 * process_succeed(): with -ETIMEDOUT the service manager was asked, and reads them when it comes to it. */
int service_manager_reload(const struct process_port *processes, unsigned seconds);

#endif
