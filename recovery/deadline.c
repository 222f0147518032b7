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
#include "recovery/service_manager.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

#define EMERGENCY_FILE STATE_RUN_FOLDER "/emergency-since"
#define WAITING_FILE   STATE_RUN_FOLDER "/waiting-since"
#define REPAIR_SECONDS 1200 /* daruma-recover.service may take 900 */
#define KEY_SLACK      30   /* seconds in which the system itself sets its consoles up */

/* Whether more unexplained endings lead anywhere (R38). */
static bool resets_lead_on(const struct daruma_note *note,
			   const struct daruma_thresholds *thresholds)
{
	return note->counters.unexplained < thresholds->unexplained ||
	       thresholds->unexplained_rule == DARUMA_UNEXPLAINED_ALWAYS ||
	       (thresholds->unexplained_rule == DARUMA_UNEXPLAINED_CHANGED && note->changed);
}

static bool is_repair(const struct daruma_note *note)
{
	return note->rung == DARUMA_RUNG_SAFE || note->rung == DARUMA_RUNG_RESCUE;
}

static bool may_end(const struct daruma_note *note, const struct policy_file *policy)
{
	if (is_repair(note))
		return policy->automatic && !daruma_reason_is_asked(note->reason);
	return note->rung != DARUMA_RUNG_ASIDE && daruma_note_has_open_failures(note) &&
	       resets_lead_on(note, &policy->limits.thresholds);
}

/* Units that fail, on a read-only /var or for themselves, are no hang. */
static bool does_not_hang(const struct deadline_facts *facts)
{
	return facts->up || facts->held || facts->read_only;
}

bool deadline_passed(const struct daruma_note *note, const struct policy_file *policy,
		     const struct deadline_facts *facts)
{
	int64_t limit = policy->deadline_seconds;

	if (facts->answered || !may_end(note, policy))
		return false;
	if (is_repair(note) && limit < REPAIR_SECONDS)
		limit = REPAIR_SECONDS;
	if (facts->emergency)
		return facts->emergency_seconds >= (int64_t)policy->emergency_seconds;
	if (!is_repair(note) && does_not_hang(facts))
		return false;
	return !facts->password && facts->waited_seconds >= limit;
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

/* Whether a process of root's has one of the names, each framed by newlines. /proc/PID/comm is 15 bytes, and anybody may
 * choose it: the owner of the folder tells whose it is. */
static bool root_runs(const struct context *context, const char *names)
{
	char path[PATH_MAX];
	struct dirent *entry;
	bool found = false;
	DIR *processes;

	if (system_path(context, "/proc", path) != 0)
		return false;
	processes = opendir(path);
	while (processes && !found && (entry = readdir(processes))) {
		char name[PATH_MAX], framed[64];
		owned char *comm = NULL;
		struct stat status;
		size_t length;

		if (!isdigit((unsigned char)entry->d_name[0]) ||
		    fstatat(dirfd(processes), entry->d_name, &status, 0) != 0 || status.st_uid != 0)
			continue;
		snprintf(name, sizeof(name), "/proc/%s/comm", entry->d_name);
		if (system_read(context, name, 32, &comm, &length) != 0)
			continue;
		snprintf(framed, sizeof(framed), "\n%s", comm);
		found = strstr(names, framed);
	}
	if (processes)
		closedir(processes);
	return found;
}

/* The console program of emergency and rescue mode. "systemd-sulogin-shell" is cut. */
static bool is_emergency(const struct context *context)
{
	return root_runs(context, "\nsulogin\nsystemd-sulogin\n");
}

/* A file system check, or an update of the system that runs instead of a start (systemd.offline-updates(7)). */
static bool is_busy(const struct context *context)
{
	char path[PATH_MAX];
	struct stat status;

	return (system_path(context, "/system-update", path) == 0 && lstat(path, &status) == 0) ||
	       root_runs(context, "\nsystemd-fsck\nfsck\n");
}

/* A terminal's access time moves when somebody types (drivers/tty/tty_io.c), in steps of 8 seconds. It is compared with a
 * node that nobody touches: udev sets the times of both when it finds the devices, by the same clock, which may be set
 * later. */
static bool has_key(const struct context *context, const char *terminal)
{
	char name[64], path[PATH_MAX], other[PATH_MAX];
	struct stat there, untouched;

	return snprintf(name, sizeof(name), "/dev/%s", terminal) < (int)sizeof(name) &&
	       system_path(context, name, path) == 0 &&
	       system_path(context, "/dev/full", other) == 0 && stat(path, &there) == 0 &&
	       stat(other, &untouched) == 0 && there.st_atime > untouched.st_mtime + KEY_SLACK;
}

/* The console program may have opened its terminal by either name, and the time that moves may be that of the name only. */
static bool has_any_key(const struct context *context)
{
	owned char *names = NULL;
	size_t length;
	char *rest = NULL;
	bool found = has_key(context, "tty1") || has_key(context, "console");

	if (system_read(context, "/sys/class/tty/console/active", 256, &names, &length) != 0)
		return found;
	for (char *name = strtok_r(names, " \n", &rest); name && !found;
	     name = strtok_r(NULL, " \n", &rest))
		found = !strchr(name, '/') && has_key(context, name);
	return found;
}

static void keep_number(const struct context *context, const char *name, int64_t number)
{
	char path[PATH_MAX];
	FILE *file;

	if (system_path(context, STATE_RUN_FOLDER, path) == 0)
		mkdir(path, 0755);
	file = system_path(context, name, path) == 0 ? fopen(path, "we") : NULL;
	if (!file)
		return;
	fprintf(file, "%lld\n", (long long)number);
	fclose(file);
}

/* The number a file of this start keeps; `now`, which is kept then, where there is none or with `anew`. */
static int64_t since(const struct context *context, const char *name, int64_t now, bool anew)
{
	owned char *text = NULL;
	size_t length;

	if (!anew && system_read(context, name, 32, &text, &length) == 0)
		return strtoll(text, NULL, 10);
	if (!context->dry_run)
		keep_number(context, name, now);
	return now;
}

void deadline_look(const struct context *context, const struct process_port *processes,
		   struct deadline_facts *facts)
{
	struct timespec up;
	bool busy;

	clock_gettime(CLOCK_MONOTONIC, &up);
	facts->password = asks_for_password(context);
	facts->read_only = state_is_read_only(context);
	facts->emergency = is_emergency(context);
	facts->up = service_manager_is_up(processes);
	facts->held = service_manager_says(processes, "daruma-held.service", "activating");
	busy = facts->password || facts->emergency || is_busy(context);
	/* The first look begins the count: before user space somebody may have typed a password for long. */
	facts->waited_seconds = up.tv_sec - since(context, WAITING_FILE, up.tv_sec, busy);
	facts->emergency_seconds =
		facts->emergency && !has_any_key(context) ?
			up.tv_sec - since(context, EMERGENCY_FILE, up.tv_sec, false) :
			0;
}
