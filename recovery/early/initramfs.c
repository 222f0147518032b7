/* initramfs.c: daruma-initramfs, the first of the guard's three places
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Runs at init-top before udev and before the modules of the initramfs are loaded. It makes crash evidence possible
 * from here on (efi_pstore, restart after a panic), and holds the modules of watched products back while failures are
 * open. It never fails the boot: always exit 0, with a time limit.
 */
#include <errno.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "recovery/early/command_line.h"
#include "recovery/early/kernel_log.h"
#include "recovery/early/module_hold.h"
#include "recovery/early/note_file.h"
#include "recovery/early/panic_switch.h"

#define PROGRAM	      "daruma-initramfs"
#define LIMIT_SECONDS 10

static void give_up(int number)
{
	(void)number;
	_exit(EXIT_SUCCESS);
}

static void load_modules(void)
{
	int child = fork();

	if (child == 0) {
		execl("/sbin/modprobe", "modprobe", "-q", "-a", "efivarfs", "efi_pstore", NULL);
		_exit(127);
	}
	if (child > 0)
		waitpid(child, NULL, 0);
}

/* Returns whether the variables can be seen. What was mounted stays: the system would mount it next. */
static bool mount_variables(void)
{
	struct statfs there;

	if (statfs(NOTE_FILE_FOLDER, &there) == 0 && there.f_type == EFIVARFS_MAGIC)
		return true;
	return mount("efivarfs", NOTE_FILE_FOLDER, "efivarfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		     NULL) == 0;
}

static bool is_initramfs(void)
{
	struct statfs root;

	return statfs("/", &root) == 0 &&
	       (root.f_type == RAMFS_MAGIC || root.f_type == TMPFS_MAGIC);
}

static bool is_safe(const struct daruma_note *note)
{
	return note->rung == DARUMA_RUNG_SAFE || note->rung == DARUMA_RUNG_RESCUE;
}

static void hold_modules(const struct daruma_note *note)
{
	struct hold_list list = { .count = 0 };
	int error = hold_list_read(&list, HOLD_LIST_FILE);
	int held, removed = 0;

	if (error) {
		kernel_log_line(PROGRAM, "cannot read %s: %s", HOLD_LIST_FILE, strerror(-error));
		return;
	}
	held = module_hold_write(&list, MODULE_HOLD_FOLDER,
				 is_safe(note) ? MODULE_HOLD_SAFE : MODULE_HOLD_GUARD);
	if (is_initramfs())
		removed = module_hold_remove_copies(&list, MODULE_HOLD_MODULES);
	kernel_log_line(PROGRAM, "%s start: %d modules held, %d copies taken out",
			daruma_rung_name(note->rung), held < 0 ? 0 : held,
			removed < 0 ? 0 : removed);
	hold_list_free(&list);
}

int main(void)
{
	const struct panic_switch panic = { .sysctl = "/proc/sys/kernel", .run = "/run/daruma" };
	struct daruma_note note;
	int error;

	signal(SIGALRM, give_up);
	alarm(LIMIT_SECONDS);
	if (command_line_says_off(COMMAND_LINE_FILE)) {
		kernel_log_line(PROGRAM, "daruma=off: nothing is done");
		return EXIT_SUCCESS;
	}
	load_modules();
	error = mount_variables() ? note_file_read(NOTE_FILE_FOLDER, &note) : -ENODEV;
	if (error) {
		kernel_log_line(PROGRAM, "no boot note: %s", strerror(-error));
		return EXIT_SUCCESS;
	}
	if (note.rung == DARUMA_RUNG_ASIDE)
		return EXIT_SUCCESS;
	if (panic_switch_set(&panic) != 0)
		kernel_log_line(PROGRAM, "cannot set kernel.panic_on_oops");
	if (is_safe(&note) || daruma_note_has_open_failures(&note))
		hold_modules(&note);
	return EXIT_SUCCESS;
}
