/* event.h: what happened, one JSON line each, chained
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * `daruma.event.v1`. Each line goes to the table `event` and, as far as possible, to the journal. `prev` is the
 * SHA-256 of the line before (R48).
 */
#ifndef DARUMA_RECOVERY_EVENT_H
#define DARUMA_RECOVERY_EVENT_H

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/json.h"

/* Writes one event; inside a transaction of the caller or in one of its own. `database` may be NULL where there is no
 * state: then only the journal hears of it. `name`: boot.succeeded, boot.failed, profile.safe_entered,
 * profile.safe_left, object.quarantined, object.restored, recovery.failed, stage.bypassed, policy.applied ...
 * `severity`: info, notice, warning, error, critical, alert. `details` (may be NULL) is an object whose members are
 * added; it is taken over and freed. It may say `boot_id`, `rung` and `incident` where those of the boot note are not
 * meant. Returns 0 or a negative errno; a caller that has better things to do may go on. */
int event_write(const struct context *context, struct database *database, const char *name,
		const char *severity, struct json *details);

#endif
