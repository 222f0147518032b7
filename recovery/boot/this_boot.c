/* this_boot.c: whether this start is Daruma's to act in, and which one it is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/this_boot.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/early/command_line.h"
#include "recovery/machine.h"
#include "recovery/system_file.h"

#define LINE_MAX_BYTES 65536 /* architectures allow up to 4096 */

static bool exists(const struct context *context, const char *name)
{
	char path[PATH_MAX];

	return system_path(context, name, path) == 0 && access(path, F_OK) == 0;
}

bool this_boot_is_off(const struct context *context)
{
	char path[PATH_MAX];

	return system_path(context, COMMAND_LINE_FILE, path) == 0 && command_line_says_off(path);
}

static int copy_text(const struct database_row *row, void *user)
{
	char **text = user;
	const char *value = database_text(row, 0);

	*text = strdup(value ? value : "");
	return *text ? 1 : -ENOMEM;
}

static int look_up(struct database *database, const char *statement, const char *boot_id,
		   char **ret_text)
{
	char *text = NULL;
	int error = database_query(database, copy_text, &text, statement, "t", boot_id);

	if (error < 0)
		return error;
	*ret_text = text;
	return 0;
}

/* Whether a row of this boot id belongs to another kernel. */
static bool is_taken(struct database *database, const struct this_boot *boot)
{
	owned char *owner = NULL;

	if (look_up(database, "SELECT kernel_boot_id FROM boot WHERE boot_id=?1", boot->boot_id,
		    &owner) != 0)
		return false;
	return owner && strcmp(owner, boot->kernel_boot_id) != 0;
}

int this_boot_read(const struct context *context, struct database *database, struct this_boot *ret)
{
	struct this_boot boot;
	int error;

	if (this_boot_is_off(context))
		return -ECANCELED;
	if (exists(context, "/proc/vmcore"))
		return -ESTALE;
	error = firmware_read_note(context, &boot.note, boot.id);
	if (error)
		return error;
	if (boot.note.reason == DARUMA_REASON_REMOVED)
		return -ESHUTDOWN;
	firmware_boot_id_text(boot.note.boot_id, boot.boot_id);
	machine_kernel_boot_id(context, boot.kernel_boot_id);
	if (database && is_taken(database, &boot))
		return -ESTALE;
	*ret = boot;
	return 0;
}

const char *this_boot_problem(int error)
{
	switch (error) {
	case -ECANCELED:
		return "daruma=off is on the kernel command line";
	case -ESTALE:
		return "the boot note is not about this kernel (kdump or kexec)";
	case -ESHUTDOWN:
		return "the stage has forgotten this machine: Daruma was removed";
	case -ENODEV:
		return "EFI variables cannot be reached here";
	case -ENOENT:
		return "this start did not go through Daruma's stage";
	case -EBADMSG:
		return "the boot note is damaged or has wrong attributes";
	case -EEXIST:
		return "there is more than one boot note";
	default:
		return strerror(-error);
	}
}

/* NULL where it cannot be read. */
static char *read_command_line(const struct context *context)
{
	char *text = NULL;
	size_t length;

	if (system_read(context, COMMAND_LINE_FILE, LINE_MAX_BYTES, &text, &length) != 0)
		return NULL;
	text[strcspn(text, "\n")] = '\0';
	return text;
}

int this_boot_register(const struct context *context, struct database *database,
		       const struct this_boot *boot)
{
	const struct daruma_note *note = &boot->note;
	owned char *command_line = read_command_line(context);
	struct machine machine;

	machine_describe(context, &machine);
	return database_run(
		database,
		"INSERT INTO boot(boot_id,kernel_boot_id,time,rung,reason,previous_ending,"
		"kernel,panics,resets,incident,command_line)"
		" VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11) ON CONFLICT(boot_id) DO NOTHING",
		"ttitttt"
		"iiit",
		boot->boot_id, boot->kernel_boot_id, (int64_t)time(NULL),
		daruma_rung_name(note->rung), daruma_reason_name(note->reason),
		daruma_ending_name(note->last_ending), machine.kernel,
		(int64_t)note->counters.panic,
		(int64_t)(note->counters.watchdog + note->counters.unexplained),
		(int64_t)note->incident, command_line);
}

int this_boot_outcome(struct database *database, const char *boot_id, char **ret_outcome)
{
	return look_up(database, "SELECT outcome FROM boot WHERE boot_id=?1", boot_id, ret_outcome);
}

bool this_boot_is_good(struct database *database, const char *boot_id)
{
	owned char *outcome = NULL;

	return this_boot_outcome(database, boot_id, &outcome) == 0 && outcome &&
	       strcmp(outcome, "good") == 0;
}

int this_boot_end(struct database *database, const char *boot_id, const char *outcome)
{
	return database_run(database,
			    "UPDATE boot SET outcome=?2, outcome_time=?3 WHERE boot_id=?1", "tti",
			    boot_id, outcome, (int64_t)time(NULL));
}

bool this_boot_is_ordinary_rung(const struct this_boot *boot)
{
	return boot->note.rung != DARUMA_RUNG_SAFE && boot->note.rung != DARUMA_RUNG_RESCUE;
}
