/* known_good.c: a start that the stage knows to be good, and the tables do not
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/known_good.h"

#include "recovery/incident.h"

static bool was_good(const struct this_boot *boot)
{
	return boot->note.last_ending == DARUMA_ENDING_GOOD ||
	       boot->note.last_ending == DARUMA_ENDING_LATE;
}

static int see_row(const struct database_row *row, void *user)
{
	(void)row;
	(void)user;
	return 1;
}

static int enter(struct database *database, const char *boot_id)
{
	int error = database_run(database,
				 "UPDATE boot SET outcome='good',outcome_time=time"
				 " WHERE boot_id=?1 AND outcome=''",
				 "t", boot_id);
	int64_t last = 0;

	if (!error)
		error = database_number(database, &last,
					"SELECT time FROM boot ORDER BY id DESC LIMIT 1", "");
	return error ? error : incident_close(database, last);
}

int known_good_enter(struct database *database, const struct this_boot *boot)
{
	char previous[33];
	int entered = database_query(database, see_row, NULL, "SELECT 1 FROM boot WHERE boot_id=?1",
				     "t", boot->boot_id);

	if (entered != 0 || !was_good(boot))
		return entered < 0 ? entered : 0;
	firmware_boot_id_text(boot->note.previous_boot_id, previous);
	return enter(database, previous);
}
