/* quarantine_hold_take_up.c: the service manager takes up what drop-ins hold or lift
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "recovery/quarantine/quarantine_hold.h"
#include "recovery/service_manager.h"

#define RELOAD_SECONDS 20
#define STOP_SECONDS   60
#define ASK_SECONDS    10
#define NOT_LOADED     5 /* exit status of systemctl(1) for a unit that is not there */

/* A timer that runs already is not asked for its condition again. */
static int stop(const struct process_port *processes, const char *unit)
{
	const char *const command[] = { "systemctl", "stop", "--", unit, NULL };
	int status = 0;
	int error = processes->run(command, STOP_SECONDS, NULL, 0, &status);

	return error ? error : status == 0 || status == NOT_LOADED ? 0 : -ECHILD;
}

static bool is_enabled(const struct process_port *processes, const char *unit)
{
	const char *const command[] = { "systemctl", "is-enabled", "--", unit, NULL };
	char answer[32] = "";
	int status = 0;

	return processes->run(command, ASK_SECONDS, answer, sizeof(answer), &status) == 0 &&
	       status == 0 && strncmp(answer, "enabled", 7) == 0;
}

static int start(const struct process_port *processes, const char *unit)
{
	const char *const command[] = { "systemctl", "--no-block", "start", "--", unit, NULL };

	return is_enabled(processes, unit) ? process_succeed(processes, command, ASK_SECONDS) : 0;
}

int quarantine_hold_take_up(const struct context *context, const struct process_port *processes,
			    const struct quarantine_hold_result *result)
{
	int first;

	if (context->root[0] != '\0' || !result->changed)
		return 0;
	first = service_manager_reload(processes, RELOAD_SECONDS);
	for (size_t i = 0; i < result->held.count; i++) {
		int error = stop(processes, result->held.items[i]);

		first = first ? first : error;
	}
	for (size_t i = 0; i < result->lifted.count; i++) {
		int error = start(processes, result->lifted.items[i]);

		first = first ? first : error;
	}
	return first;
}
