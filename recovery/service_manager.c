/* service_manager.c: has the service manager read its files anew, and asks it how far the start is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/service_manager.h"

#include <stdio.h>
#include <string.h>

#define ASK_SECONDS 15

int service_manager_reload(const struct process_port *processes, unsigned seconds)
{
	static const char *const reload[] = { "systemctl", "daemon-reload", NULL };

	return process_succeed(processes, reload, seconds);
}

bool service_manager_says(const struct process_port *processes, const char *unit, const char *state)
{
	const char *const show[] = { "systemctl", "show", "-p", "ActiveState", "--", unit, NULL };
	char output[1024] = "\n", line[64];
	int status = 0;

	snprintf(line, sizeof(line), "\nActiveState=%s\n", state);
	return processes->run(show, ASK_SECONDS, output + 1, sizeof(output) - 1, &status) == 0 &&
	       status == 0 && strstr(output, line);
}

/* A line of list-jobs: number, unit, type, state, in columns. */
static bool line_starts(const char *line, const char *unit)
{
	char name[256], type[32];

	return sscanf(line, "%*d %255s %31s", name, type) == 2 && strcmp(name, unit) == 0 &&
	       strcmp(type, "start") == 0;
}

bool service_manager_starts(const struct process_port *processes, const char *unit)
{
	const char *const list[] = { "systemctl", "list-jobs", "--no-legend", "--no-pager",
				     "--",	  unit,	       NULL };
	char output[1024], *rest = NULL;
	int status = 0;

	if (processes->run(list, ASK_SECONDS, output, sizeof(output), &status) != 0 || status != 0)
		return false;
	for (char *line = strtok_r(output, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		if (line_starts(line, unit))
			return true;
	return false;
}

bool service_manager_is_up(const struct process_port *processes)
{
	return service_manager_says(processes, "default.target", "active");
}
