/* known_good.h: a start that the stage knows to be good, and the tables do not
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_BOOT_KNOWN_GOOD_H
#define DARUMA_RECOVERY_BOOT_KNOWN_GOOD_H

#include "recovery/boot/this_boot.h"
#include "recovery/database.h"

/* Between the good answer and its row lies the reading of all that is watched, and the machine may stop in it. If the note
 * says that the start before this one was good (a late crash is one of a good start), enters that into its row, at the time
 * of its beginning since no later one is known, and closes what incident is still open. To be called before this start has
 * a row: what is open later is about the end of that start itself. Returns 0 or an error of database_run(). */
int known_good_enter(struct database *database, const struct this_boot *boot);

#endif
