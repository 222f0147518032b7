/* rescue.c: daruma-rescue, which has a system repaired that is not running, in the initramfs of a rescue start
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Runs at local-bottom, once the root is mounted. Where the stage ordered a rescue start it makes the system whole, runs
 * `daruma rescue` on it, and restarts the machine if that is done. Whatever goes wrong, or takes too long, the start goes on
 * into the safe profile of that system (always exit 0); only a repair that hangs in the kernel, and keeps the disks, ends in
 * a restart too.
 *
 * In the owner's image (`daruma image`) that is so for safe starts as well, and each start of it ends in a restart, whoever
 * chose it: nothing of that system runs (R15).
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
#define GRACE_SECONDS 10
#define FAILED	      0x100 /* as wait(2) tells exit status 1 */
#define READ_SECONDS  10    /* for a person at the console */

enum outcome {
	REPAIRED, /* and the stage told */
	GOES_ON,  /* into the safe profile of the system */
	HANGS,
};

static bool is_ordered(bool image)
{
	struct daruma_note note;

	return !command_line_says_off(COMMAND_LINE_FILE) &&
	       note_file_read(NOTE_FILE_FOLDER, &note) == 0 &&
	       (note.rung == DARUMA_RUNG_RESCUE || (image && note.rung == DARUMA_RUNG_SAFE));
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

/* Waits for `child` so long. True once it has ended. */
static bool wait_for(pid_t child, int seconds, int *ret_status)
{
	const struct timespec step = { .tv_nsec = 100 * 1000 * 1000 };

	for (int left = seconds * 10; left > 0; left--) {
		pid_t ended = waitpid(child, ret_status, WNOHANG);

		if (ended == child)
			return true;
		if (ended < 0 && errno != EINTR)
			return true;
		nanosleep(&step, NULL);
	}
	return false;
}

/* What hangs in the kernel keeps the disks: the system could not check them, so this start ends here. */
static enum outcome give_up(pid_t child)
{
	int status;

	kernel_log_line(PROGRAM, "not repaired within %d seconds", LIMIT_SECONDS);
	kill(-child, SIGKILL);
	return wait_for(child, GRACE_SECONDS, &status) ? GOES_ON : HANGS;
}

static enum outcome have_repaired(const char *root)
{
	int status = FAILED;
	pid_t child = fork();

	if (child < 0)
		return GOES_ON;
	if (child == 0) {
		setpgid(0, 0);
		repair(root);
	}
	setpgid(child, child);
	if (!wait_for(child, LIMIT_SECONDS, &status))
		return give_up(child);
	return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS ? REPAIRED : GOES_ON;
}

static enum outcome rescue(const char *root)
{
	struct system_mounts mounts;
	enum outcome outcome = GOES_ON;
	int error;

	if (system_mounts_make(root, true, &mounts) == 0)
		outcome = have_repaired(root);
	/* To wait for a disk that hangs would be to hang. */
	error = outcome == HANGS ? 0 : system_mounts_end(&mounts);
	if (error)
		kernel_log_line(PROGRAM, "not all is unmounted: %s", strerror(-error));
	return outcome;
}

static enum outcome run(const char *root)
{
	static const char *const words[] = { [REPAIRED] = "restarting",
					     [GOES_ON] = "nothing was repaired",
					     [HANGS] = "the repair hangs: restarting" };
	enum outcome outcome;

	kernel_log_line(PROGRAM, "the system below %s is repaired before it runs", root);
	outcome = rescue(root);
	kernel_log_line(PROGRAM, "%s", words[outcome]);
	return outcome;
}

/* The stage counts this start, and starts something else in the end. */
static void leave_image(void)
{
	kernel_log_line(PROGRAM, "this image repairs and nothing else: restarting in %d seconds",
			READ_SECONDS);
	sleep(READ_SECONDS);
}

int main(int argc, char *argv[])
{
	bool image = command_line_says_image(COMMAND_LINE_FILE);
	enum outcome outcome = GOES_ON;

	if (argc == 2 && argv[1][0] == '/' && is_ordered(image))
		outcome = run(argv[1]);
	if (outcome == GOES_ON && !image)
		return EXIT_SUCCESS;
	if (outcome == GOES_ON)
		leave_image();
	reboot(RB_AUTOBOOT);
	return EXIT_SUCCESS;
}
