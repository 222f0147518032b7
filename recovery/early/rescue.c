/* rescue.c: daruma-rescue, which has a system repaired that is not running, in the initramfs of a rescue start
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Runs at local-bottom, once the root is mounted. Where the stage ordered a rescue start it makes the system whole, runs
 * `daruma rescue` on it, and restarts the machine if that is done. Whatever goes wrong, or takes too long, the start goes on
 * into the safe profile of that system: always exit 0.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "recovery/early/command_line.h"
#include "recovery/early/kernel_log.h"
#include "recovery/early/note_file.h"
#include "recovery/early/system_mounts.h"

#define PROGRAM	      "daruma-rescue"
#define REPAIR	      "/usr/lib/daruma/daruma"
#define VARIABLES     "EFIVARFS_PATH=" NOTE_FILE_FOLDER "/"
#define LIMIT_SECONDS 900 /* as daruma-recover.service has */

static bool is_ordered(void)
{
	struct daruma_note note;

	return !command_line_says_off(COMMAND_LINE_FILE) &&
	       note_file_read(NOTE_FILE_FOLDER, &note) == 0 && note.rung == DARUMA_RUNG_RESCUE;
}

/* None of the libraries of that system, which may be what is broken. Never returns. */
static void repair(const char *root)
{
	char option[PATH_MAX + 16];
	char variables[] = VARIABLES;
	char *const environment[] = { variables, NULL };

	snprintf(option, sizeof(option), "--root=%s", root);
	execle(REPAIR, "daruma", option, "rescue", NULL, environment);
	kernel_log_line(PROGRAM, "cannot run %s: %s", REPAIR, strerror(errno));
	_exit(127);
}

/* True once `child` has ended; false where its time is over. */
static bool wait_for(pid_t child, int *ret_status)
{
	const struct timespec step = { .tv_nsec = 100 * 1000 * 1000 };

	for (int left = LIMIT_SECONDS * 10; left > 0; left--) {
		pid_t ended = waitpid(child, ret_status, WNOHANG);

		if (ended == child)
			return true;
		if (ended < 0 && errno != EINTR)
			return false;
		nanosleep(&step, NULL);
	}
	kernel_log_line(PROGRAM, "not repaired within %d seconds", LIMIT_SECONDS);
	kill(-child, SIGKILL);
	return false;
}

/* Whether the system is repaired, and the stage told. */
static bool is_repaired(const char *root)
{
	int status = 0;
	pid_t child;

	if (system_mounts_make(root, true) != 0)
		return false;
	child = fork();
	if (child == 0) {
		setpgid(0, 0);
		repair(root);
	}
	return child > 0 && wait_for(child, &status) && WIFEXITED(status) &&
	       WEXITSTATUS(status) == EXIT_SUCCESS;
}

int main(int argc, char *argv[])
{
	bool repaired;
	int error;

	if (argc != 2 || argv[1][0] != '/' || !is_ordered())
		return EXIT_SUCCESS;
	kernel_log_line(PROGRAM, "rescue start: the system below %s is repaired before it runs",
			argv[1]);
	repaired = is_repaired(argv[1]);
	error = system_mounts_end(argv[1]);
	if (error)
		kernel_log_line(PROGRAM, "not all is unmounted: %s", strerror(-error));
	if (!repaired) {
		kernel_log_line(PROGRAM, "nothing was repaired: the start goes on");
		return EXIT_SUCCESS;
	}
	kernel_log_line(PROGRAM, "restarting");
	sync();
	reboot(RB_AUTOBOOT);
	return EXIT_SUCCESS;
}
