/* this_boot.h: whether this start is Daruma's to act in, and which one it is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_BOOT_THIS_BOOT_H
#define DARUMA_RECOVERY_BOOT_THIS_BOOT_H

#include <stdbool.h>

#include "recovery/boot/firmware.h"
#include "recovery/context.h"
#include "recovery/database.h"

/* SQL: the row of `boot` of the last good start, 0 without one. The open incident is what came after it; times would
 * not tell, since clocks are set back. */
#define BOOT_LAST_GOOD "(SELECT COALESCE(MAX(id),0) FROM boot WHERE outcome='good')"

struct this_boot {
	struct daruma_note note;
	char id[FIRMWARE_ID_SIZE]; /* of the installation */
	char boot_id[33];	   /* the note's, as text */
	char kernel_boot_id[33];
};

/* Reads the note and judges it. Returns 0; -ECANCELED: daruma=off; -ESTALE: a kdump kernel, or another kernel already
 * took this boot id (kexec), so the note is not about this start; -ESHUTDOWN: Daruma was removed and the stage has
 * forgotten this machine; or an error of firmware_read_note(). `database` may be NULL: then a kexec is
 * not noticed. */
int this_boot_read(const struct context *context, struct database *database, struct this_boot *ret);

/* Whether daruma=off is on the kernel command line: what the system calls then says so and does nothing. */
bool this_boot_is_off(const struct context *context);

/* A sentence for what this_boot_read() returned. */
const char *this_boot_problem(int error);

/* Enters this start into the table `boot`; repeating it changes nothing. Returns 0 or an error of database_run(). */
int this_boot_register(const struct context *context, struct database *database,
		       const struct this_boot *boot);

/* How the row's outcome reads now: "" unanswered, "good", "clean" ...; the text is the caller's to free, NULL without a
 * row. */
int this_boot_outcome(struct database *database, const char *boot_id, char **ret_outcome);

/* Whether the row says that this start was answered good. */
bool this_boot_is_good(struct database *database, const char *boot_id);

/* Sets outcome and its time. */
int this_boot_end(struct database *database, const char *boot_id, const char *outcome);

/* Whether the rung is one in which the machine runs as its owner set it up. */
bool this_boot_is_ordinary_rung(const struct this_boot *boot);

#endif
