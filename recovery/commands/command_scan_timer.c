/* command_scan_timer.c: how commands bring daruma-scan.timer in line with the policy, and what they say
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/command_scan_timer.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "recovery/message.h"
#include "recovery/process.h"
#include "recovery/scan_timer.h"

#define SYSTEMD_RUNS "/run/systemd/system" /* sd_booted(3) */

static const char *verb_for(unsigned seconds)
{
	return seconds == SCAN_TIMER_SECONDS ? "remove" : "write";
}

static int print_plan(const struct context *context, unsigned seconds)
{
	int differs = scan_timer_differs(context, seconds);

	if (differs < 0)
		return message_cannot(context, differs, "read %s%s", context->root,
				      SCAN_TIMER_DROP_IN);
	if (differs)
		printf("would %s %s%s: a look every %u seconds\n", verb_for(seconds), context->root,
		       SCAN_TIMER_DROP_IN, seconds);
	return EXIT_DONE;
}

static int take_up(const struct context *context, bool changed)
{
	int error;

	if (context->root[0] != '\0' || access(SYSTEMD_RUNS, F_OK) != 0)
		return EXIT_DONE;
	error = scan_timer_take_up(process_of_machine(), changed);
	if (error == -ECHILD)
		return message_cannot_because(context, error, "systemctl says no", "restart %s",
					      SCAN_TIMER_UNIT);
	return error ? message_cannot(context, error, "restart %s", SCAN_TIMER_UNIT) : EXIT_DONE;
}

int command_scan_timer(const struct context *context, unsigned seconds)
{
	int changed;

	if (context->dry_run)
		return print_plan(context, seconds);
	changed = scan_timer_set(context, seconds);
	if (changed < 0)
		return message_cannot(context, changed, "%s %s%s", verb_for(seconds), context->root,
				      SCAN_TIMER_DROP_IN);
	if (changed)
		message_notice(context, SCAN_TIMER_UNIT " elapses every %u seconds", seconds);
	return take_up(context, changed);
}
