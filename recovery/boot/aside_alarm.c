/* aside_alarm.c: says that the ladder has ended without a remedy
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/aside_alarm.h"

#include <stddef.h>

#include "recovery/event.h"
#include "recovery/json.h"

static const struct alarm {
	enum daruma_reason reason;
	const char *event;
	const char *why;
} alarms[] = {
	{ DARUMA_REASON_THROTTLED, "throttle.exhausted",
	  "boots still fail, and the throttle forbids another safe one; every product stays on" },
	{ DARUMA_REASON_RESCUE_FAILED, "recovery.failed",
	  "the last resort, the rescue start, did not come up; every product stays on" },
};

static const struct alarm *find(const struct daruma_note *note)
{
	for (size_t i = 0; i < sizeof(alarms) / sizeof(alarms[0]); i++)
		if (note->rung == DARUMA_RUNG_ASIDE && note->reason == alarms[i].reason)
			return &alarms[i];
	return NULL;
}

int aside_alarm(const struct context *context, struct database *database,
		const struct this_boot *boot)
{
	const struct alarm *alarm = find(&boot->note);
	struct json *details;

	if (!alarm)
		return 0;
	details = json_new_object();
	json_add_text(details, "why", alarm->why);
	json_add_integer(details, "throttle_minutes", boot->note.cooldown);
	return event_write(context, database, alarm->event, "alert", details);
}
