/* late_crash.c: a crash after the good answer that the stage cannot know of
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/late_crash.h"

#include "recovery/crash_search.h"
#include "recovery/kdump.h"

bool late_crash_is_hidden(const struct context *context, struct database *database,
			  const struct this_boot *boot)
{
	char previous[33];

	if (!database || boot->note.last_ending != DARUMA_ENDING_GOOD)
		return false;
	firmware_boot_id_text(boot->note.previous_boot_id, previous);
	return kdump_has_new(context, database,
			     crash_search_begin(database, previous, boot->boot_id));
}
