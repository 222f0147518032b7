/* scan_timer.c: how often daruma-scan.timer elapses, where the policy differs from its unit file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/scan_timer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/fresh_file.h"
#include "recovery/service_manager.h"
#include "recovery/system_file.h"

#define UNITS		 "/etc/systemd/system"
#define FOLDER		 SCAN_TIMER_UNIT ".d"
#define NAME		 "50-policy.conf"
#define FRESH		 NAME ".new" /* systemd reads *.conf only */
#define READ_MAX	 4096
#define SHOW_SECONDS	 15
#define RELOAD_SECONDS	 60
#define ACCURACY_PORTION 10 /* as in the unit file: 30 of 300 seconds */

void scan_timer_text(unsigned seconds, char ret_text[SCAN_TIMER_TEXT_SIZE])
{
	unsigned accuracy = seconds < ACCURACY_PORTION ? 1 : seconds / ACCURACY_PORTION;

	if (seconds == SCAN_TIMER_SECONDS) {
		ret_text[0] = '\0';
		return;
	}
	snprintf(ret_text, SCAN_TIMER_TEXT_SIZE,
		 "# scan_seconds of the policy, written by daruma: see daruma-policy(5)\n"
		 "[Timer]\n"
		 "OnBootSec=\n"
		 "OnUnitInactiveSec=\n"
		 "OnBootSec=%u\n"
		 "OnUnitInactiveSec=%u\n"
		 "AccuracySec=%u\n",
		 seconds, seconds, accuracy);
}

int scan_timer_differs(const struct context *context, unsigned seconds)
{
	char text[SCAN_TIMER_TEXT_SIZE];
	owned char *present = NULL;
	size_t length;
	int error = system_read(context, SCAN_TIMER_DROP_IN, READ_MAX, &present, &length);

	scan_timer_text(seconds, text);
	if (error == -ENOENT)
		return text[0] != '\0';
	if (error == -EFBIG)
		return 1;
	if (error)
		return error;
	return length != strlen(text) || length == 0 || memcmp(present, text, length) != 0;
}

/* Opens the drop-in's folder; makes it, and the ones above it, with `make`. */
static int open_folder(const struct context *context, bool make)
{
	static const struct {
		const char *path, *name;
	} steps[] = { { "/etc", "systemd" }, { "/etc/systemd", "system" }, { UNITS, FOLDER } };

	for (size_t i = 0; make && i < sizeof(steps) / sizeof(steps[0]); i++) {
		owned_descriptor int above =
			system_open(context, steps[i].path, O_RDONLY | O_DIRECTORY);

		if (above < 0)
			return above;
		if (mkdirat(above, steps[i].name, 0755) < 0 && errno != EEXIST)
			return -errno;
	}
	return system_open(context, UNITS "/" FOLDER, O_RDONLY | O_DIRECTORY);
}

static int replace(const struct context *context, const char *text)
{
	owned_descriptor int folder = open_folder(context, true);

	return folder < 0 ? folder : fresh_file_put(folder, NAME, FRESH, text);
}

/* The folder goes too, unless the administrator has a drop-in in it. */
static int take_away(const struct context *context)
{
	owned_descriptor int folder = open_folder(context, false);
	owned_descriptor int units = system_open(context, UNITS, O_RDONLY | O_DIRECTORY);

	if (folder < 0)
		return folder;
	if (unlinkat(folder, NAME, 0) < 0)
		return -errno;
	unlinkat(folder, FRESH, 0);
	if (units >= 0)
		unlinkat(units, FOLDER, AT_REMOVEDIR);
	return 0;
}

int scan_timer_set(const struct context *context, unsigned seconds)
{
	char text[SCAN_TIMER_TEXT_SIZE];
	int differs = scan_timer_differs(context, seconds);
	int error;

	if (differs <= 0)
		return differs;
	scan_timer_text(seconds, text);
	error = text[0] ? replace(context, text) : take_away(context);
	return error ? error : 1;
}

/* Whether the service manager goes by another drop-in than the one on disk. */
static bool is_stale(const struct process_port *processes)
{
	static const char *const show[] = { "systemctl", "show",	  "-p", "NeedDaemonReload",
					    "--value",	 SCAN_TIMER_UNIT, NULL };
	char answer[16] = "";
	int status = 0;

	return processes->run(show, SHOW_SECONDS, answer, sizeof(answer), &status) == 0 &&
	       status == 0 && strncmp(answer, "yes", 3) == 0;
}

int scan_timer_take_up(const struct process_port *processes, bool changed)
{
	static const char *const restart[] = { "systemctl", "try-restart", SCAN_TIMER_UNIT, NULL };
	int error;

	if (!changed && !is_stale(processes))
		return 0;
	error = service_manager_reload(processes, RELOAD_SECONDS);
	return error ? error : process_succeed(processes, restart, RELOAD_SECONDS);
}
