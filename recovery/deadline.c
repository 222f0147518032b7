/* deadline.c: ending a start that hangs in user space
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/deadline.h"

#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "recovery/cleanup.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

#define SINCE_FILE STATE_RUN_FOLDER "/emergency-since"
#define KEY_SLACK  30 /* seconds in which the system itself sets its consoles up */

bool deadline_passed(const struct daruma_note *note, const struct policy_file *policy,
		     const struct deadline_facts *facts)
{
	if (facts->answered || note->rung == DARUMA_RUNG_ASIDE ||
	    !daruma_note_has_open_failures(note))
		return false;
	if (!note->changed && note->counters.unexplained >= policy->limits.thresholds.unexplained)
		return false;
	if (facts->emergency)
		return facts->emergency_seconds >= (int64_t)policy->emergency_seconds;
	return !facts->password && facts->up_seconds >= (int64_t)policy->deadline_seconds;
}

/* systemd's password agents are asked through files "ask.*" (systemd.io/PASSWORD_AGENTS). */
static bool asks_for_password(const struct context *context)
{
	char path[PATH_MAX];
	struct dirent *entry;
	bool found = false;
	DIR *names;

	if (system_path(context, "/run/systemd/ask-password", path) != 0)
		return false;
	names = opendir(path);
	while (names && !found && (entry = readdir(names)))
		found = strncmp(entry->d_name, "ask.", 4) == 0;
	if (names)
		closedir(names);
	return found;
}

static bool is_running(const char *text)
{
	return strstr(text, "\nsulogin\n") || strstr(text, "\nsystemd-sulogin\n");
}

/* The console program of emergency and rescue mode. /proc/PID/comm is 15 bytes: "systemd-sulogin-shell" is cut. */
static bool is_emergency(const struct context *context)
{
	char path[PATH_MAX];
	struct dirent *entry;
	bool found = false;
	DIR *names;

	if (system_path(context, "/proc", path) != 0)
		return false;
	names = opendir(path);
	while (names && !found && (entry = readdir(names))) {
		char name[PATH_MAX], framed[64];
		owned char *comm = NULL;
		size_t length;

		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(name, sizeof(name), "/proc/%s/comm", entry->d_name);
		if (system_read(context, name, 32, &comm, &length) != 0)
			continue;
		snprintf(framed, sizeof(framed), "\n%s", comm);
		found = is_running(framed);
	}
	if (names)
		closedir(names);
	return found;
}

/* A terminal's access time moves when somebody types (drivers/tty/tty_io.c), in steps of 8 seconds. It is compared with a
 * node that nobody touches, made at the same time by the same clock: the clock may be set later. */
static bool has_key(const char *terminal)
{
	char path[PATH_MAX];
	struct stat there, untouched;

	return snprintf(path, sizeof(path), "/dev/%s", terminal) < (int)sizeof(path) &&
	       stat(path, &there) == 0 && stat("/dev/full", &untouched) == 0 &&
	       there.st_atime > untouched.st_mtime + KEY_SLACK;
}

static bool has_any_key(const struct context *context)
{
	owned char *names = NULL;
	size_t length;
	char *rest = NULL;
	bool found = has_key("tty1");

	if (system_read(context, "/sys/class/tty/console/active", 256, &names, &length) != 0)
		return found;
	for (char *name = strtok_r(names, " \n", &rest); name && !found;
	     name = strtok_r(NULL, " \n", &rest))
		found = !strchr(name, '/') && has_key(name);
	return found;
}

/* Monotonic seconds at which emergency mode was first seen in this start: kept in a file. */
static int64_t emergency_since(const struct context *context, int64_t now)
{
	char path[PATH_MAX];
	owned char *text = NULL;
	size_t length;
	FILE *file;

	if (system_read(context, SINCE_FILE, 32, &text, &length) == 0)
		return strtoll(text, NULL, 10);
	if (system_path(context, STATE_RUN_FOLDER, path) == 0)
		mkdir(path, 0755);
	file = system_path(context, SINCE_FILE, path) == 0 ? fopen(path, "we") : NULL;
	if (file) {
		fprintf(file, "%lld\n", (long long)now);
		fclose(file);
	}
	return now;
}

void deadline_look(const struct context *context, struct deadline_facts *facts)
{
	struct timespec up;

	clock_gettime(CLOCK_MONOTONIC, &up);
	facts->up_seconds = up.tv_sec;
	facts->password = asks_for_password(context);
	facts->emergency = is_emergency(context);
	facts->emergency_seconds = facts->emergency && !has_any_key(context) ?
					   up.tv_sec - emergency_since(context, up.tv_sec) :
					   0;
}
