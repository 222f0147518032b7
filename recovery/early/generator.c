/* generator.c: daruma-generator, called by systemd before any unit
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * systemd.generator(7): no logging daemon, no bus, root perhaps read-only, /var perhaps absent; called again at every
 * daemon-reload, when it must say the same. It always exits 0 and has a time limit: never worse than without it.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recovery/early/boot_units.h"
#include "recovery/early/command_line.h"
#include "recovery/early/hold_list.h"
#include "recovery/early/kernel_log.h"
#include "recovery/early/note_file.h"

#define PROGRAM	      "daruma-generator"
#define LIMIT_SECONDS 5

static const char *const unit_folders[] = {
	"/etc/systemd/system",	   "/run/systemd/system", "/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system", "/lib/systemd/system", NULL
};

static const char *const wants_folders[] = { "/etc/systemd/system/multi-user.target.wants",
					     "/etc/systemd/system/sysinit.target.wants",
					     "/etc/systemd/system/sockets.target.wants",
					     "/etc/systemd/system/network-online.target.wants",
					     "/etc/systemd/system/graphical.target.wants",
					     NULL };

static const char *const script_folders[] = { "/etc/rc2.d", "/etc/rc3.d", "/etc/rc4.d",
					      "/etc/rc5.d", NULL };

static const char *const netplan_folders[] = { "/etc/netplan", "/run/netplan", "/usr/lib/netplan",
					       "/lib/netplan", NULL };

static void give_up(int number)
{
	(void)number;
	_exit(EXIT_SUCCESS);
}

static void report(const struct daruma_note *note, const struct boot_units_count *count)
{
	kernel_log_line(PROGRAM,
			"%s start (%s): safe profile %s, %u units masked, %u kept, %u held, %u "
			"wait for the guard, %u start before it, %u could not be written",
			daruma_rung_name(note->rung), daruma_reason_name(note->reason),
			count->safe ? "on" : "off", count->masked, count->allowed, count->held,
			count->ordered, count->too_early, count->failed);
}

static void generate(const char *normal, const char *early)
{
	struct boot_units where = { .normal = normal,
				    .early = early,
				    .ours = BOOT_UNITS_OURS,
				    .unit_folders = unit_folders,
				    .wants_folders = wants_folders,
				    .script_folders = script_folders,
				    .netplan_folders = netplan_folders,
				    .accounts = "/etc" };
	struct hold_list list = { .count = 0 };
	struct boot_units_count count;
	struct daruma_note note;
	int error = note_file_read(NOTE_FILE_FOLDER, &note);

	if (error == -ENOENT)
		return;
	if (error) {
		kernel_log_line(PROGRAM, "cannot read the boot note: %s", strerror(-error));
		return;
	}
	error = hold_list_read(&list, HOLD_LIST_FILE);
	if (error && error != -ENOENT)
		kernel_log_line(PROGRAM, "cannot read %s: %s", HOLD_LIST_FILE, strerror(-error));
	boot_units_write(&where, &note, &list, &count);
	if (note.rung != DARUMA_RUNG_NORMAL || count.failed || count.too_early || list.refused)
		report(&note, &count);
	hold_list_free(&list);
}

int main(int argc, char *argv[])
{
	const char *in_initrd = getenv("SYSTEMD_IN_INITRD");

	signal(SIGALRM, give_up);
	alarm(LIMIT_SECONDS);
	if (argc != 4 || (in_initrd && strcmp(in_initrd, "1") == 0))
		return EXIT_SUCCESS;
	if (command_line_says_off(COMMAND_LINE_FILE)) {
		kernel_log_line(PROGRAM, "daruma=off: nothing is done");
		return EXIT_SUCCESS;
	}
	generate(argv[1], argv[2]);
	return EXIT_SUCCESS;
}
