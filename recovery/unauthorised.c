/* unauthorised.c: a safe profile that the firmware stage did not order (R34)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/unauthorised.h"

#include <errno.h>
#include <stdio.h>

#include "recovery/banner.h"
#include "recovery/event.h"
#include "recovery/json.h"
#include "recovery/run_mark.h"
#include "recovery/service_manager.h"

#define SAFE_TARGET "daruma-safe.target"

bool unauthorised_entry(const struct process_port *processes, int error,
			const struct this_boot *boot)
{
	if (error == -ECANCELED || (error == 0 && !this_boot_is_ordinary_rung(boot)))
		return false;
	/* It waits for the very unit that asks this. */
	return service_manager_starts(processes, SAFE_TARGET) ||
	       service_manager_says(processes, SAFE_TARGET, "active");
}

int unauthorised_tell(const struct context *context, struct database *database, const char *why)
{
	char text[512];
	struct json *details;

	snprintf(text, sizeof(text),
		 "\n*** DARUMA: UNAUTHORISED SAFE PROFILE: %s. ***\n"
		 "*** Nothing is repaired. See 'daruma status'. ***\n\n",
		 why);
	banner_show(context, text);
	if (run_mark_set(context, RUN_MARK_UNAUTHORISED) == -EALREADY)
		return 0;
	details = json_new_object();
	json_add_text(details, "why", why);
	return event_write(context, database, "profile.unauthorised", "alert", details);
}
