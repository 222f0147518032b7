/* panic_setting.c: the kernel's panic switches of this start, set and given back
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/panic_setting.h"

#include <limits.h>

#include "recovery/early/panic_switch.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

#define SYSCTL_SECONDS 10

static int find(const struct context *context, char sysctl[PATH_MAX], char run[PATH_MAX])
{
	int error = system_path(context, "/proc/sys/kernel", sysctl);

	return error ? error : system_path(context, STATE_RUN_FOLDER, run);
}

int panic_setting_set(const struct context *context)
{
	char sysctl[PATH_MAX], run[PATH_MAX];
	const struct panic_switch where = { .sysctl = sysctl, .run = run };
	int error = find(context, sysctl, run);

	return error ? error : panic_switch_set(&where);
}

int panic_setting_give_back(const struct context *context, const struct process_port *processes)
{
	static const char *const apply[] = { "/lib/systemd/systemd-sysctl",
					     "--prefix=/kernel/panic_on_oops", NULL };
	char sysctl[PATH_MAX], run[PATH_MAX];
	const struct panic_switch where = { .sysctl = sysctl, .run = run };
	int result = find(context, sysctl, run);

	if (!result)
		result = panic_switch_give_back(&where);
	if (result == 1 && context->root[0] == '\0')
		process_succeed(processes, apply, SYSCTL_SECONDS);
	return result < 0 ? result : 0;
}
