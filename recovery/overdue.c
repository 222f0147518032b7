/* overdue.c: a start that is up, and did not become healthy within the deadline
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/overdue.h"

#include <errno.h>

#include "recovery/event.h"
#include "recovery/first_error.h"
#include "recovery/message.h"
#include "recovery/panic_setting.h"
#include "recovery/run_mark.h"
#include "recovery/service_manager.h"

static int tell(const struct gate *gate, int64_t waited, const char *why)
{
	struct json *details = json_new_object();

	message_notice(gate->context, "this start is up and goes on, though it is not healthy: %s",
		       why);
	json_add_text(details, "why", why);
	json_add_integer(details, "waited_seconds", waited);
	return event_write(gate->context, gate->records ? gate->database : NULL, "boot.unhealthy",
			   "error", details);
}

int overdue_look(const struct gate *gate, int64_t waited, const char *why)
{
	int given_back, error;

	if (waited < (int64_t)gate->policy->deadline_seconds ||
	    !service_manager_is_up(gate->processes))
		return 0;
	/* It serves: an oops that it would survive must not end it any more. */
	given_back = panic_setting_give_back(gate->context, gate->processes);
	error = run_mark_set(gate->context, RUN_MARK_OVERDUE);
	if (!error)
		error = tell(gate, waited, why);
	/* The gate was started again. */
	if (error == -EALREADY)
		error = 0;
	first_error_keep(&error, given_back);
	return error ? error : 1;
}
