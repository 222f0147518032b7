/* rescue.c: daruma-rescue, which has a system repaired that is not running, in the initramfs of a rescue start
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Runs at local-bottom, once the root is mounted. Where the stage ordered a rescue start it makes the system whole, runs
 * `daruma rescue` on it, and restarts the machine if that is done. Whatever goes wrong, the start goes on into the safe profile of
 * that system (always exit 0); only what hangs in the kernel, and keeps the disks, ends in a restart too.
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
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/statvfs.h>
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
static void begin_repair(const char *root)
{
	char option[PATH_MAX + 16];
	char variables[] = VARIABLES;
	char *const environment[] = { variables, NULL };

	snprintf(option, sizeof(option), "--root=%s", root);
	execle(REPAIR, "daruma", option, "rescue", NULL, environment);
	kernel_log_line(PROGRAM, "cannot run %s: %s", REPAIR, strerror(errno));
	_exit(127);
}

static bool repairs(const char *root)
{
	int status = FAILED;
	pid_t child = fork();

	if (child == 0)
		begin_repair(root);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

/* With the disks of that system, each of which may hang: in a process that is not waited for any longer then. */
static void make_whole_and_repair(const char *root)
{
	struct system_mounts mounts;
	bool repaired = system_mounts_make(root, true, &mounts) == 0 && repairs(root);
	int error = system_mounts_end(&mounts);

	if (error)
		kernel_log_line(PROGRAM, "not all is unmounted: %s", strerror(-error));
	_exit(repaired ? EXIT_SUCCESS : EXIT_FAILURE);
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

/* Everything that was begun for the repair, and may have a process group of its own, comes to us when its parent ends. */
static void kill_children(void)
{
	char path[64], text[4096];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	file = fopen(path, "re");
	if (!file)
		return;
	if (fgets(text, sizeof(text), file))
		for (char *rest = NULL, *word = strtok_r(text, " \n", &rest); word;
		     word = strtok_r(NULL, " \n", &rest))
			kill((pid_t)atoi(word), SIGKILL);
	fclose(file);
}

/* True once none of them is left: what hangs in the kernel stays. */
static bool end_all(void)
{
	const struct timespec step = { .tv_nsec = 100 * 1000 * 1000 };

	for (int left = GRACE_SECONDS * 10; left > 0; left--) {
		pid_t ended;

		kill_children();
		while ((ended = waitpid(-1, NULL, WNOHANG)) > 0)
			;
		if (ended < 0 && errno == ECHILD)
			return true;
		nanosleep(&step, NULL);
	}
	return false;
}

static bool is_read_only(const char *root)
{
	struct statvfs about;

	return statvfs(root, &about) == 0 && (about.f_flag & ST_RDONLY);
}

/* What a repair that was cut short left writable, in a process of its own too: it waits for the disk. */
static bool makes_read_only(const char *root)
{
	int status = FAILED;
	pid_t child = fork();

	if (child == 0)
		_exit(mount(NULL, root, NULL, MS_REMOUNT | MS_RDONLY, NULL) == 0 ? EXIT_SUCCESS :
										   EXIT_FAILURE);
	return child > 0 && wait_for(child, GRACE_SECONDS, &status) && WIFEXITED(status) &&
	       WEXITSTATUS(status) == EXIT_SUCCESS;
}

/* Its mounts go with its namespace. What hangs in the kernel keeps the disks: the system could not check them, so this start
 * ends here. */
static enum outcome give_up(const char *root, bool was_read_only)
{
	return end_all() && (!was_read_only || makes_read_only(root)) ? GOES_ON : HANGS;
}

static enum outcome rescue(const char *root)
{
	bool was_read_only = is_read_only(root);
	int status = FAILED;
	pid_t child;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	child = fork();
	if (child < 0)
		return GOES_ON;
	if (child == 0)
		make_whole_and_repair(root);
	if (!wait_for(child, LIMIT_SECONDS, &status))
		kernel_log_line(PROGRAM, "not repaired within %d seconds", LIMIT_SECONDS);
	else if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS)
		return REPAIRED;
	/* It may have been killed, and have left something that goes on. */
	return give_up(root, was_read_only);
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
