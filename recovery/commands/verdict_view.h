/* verdict_view.h: kept verdicts, as JSON
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_COMMANDS_VERDICT_VIEW_H
#define DARUMA_RECOVERY_COMMANDS_VERDICT_VIEW_H

#include <stdint.h>

#include "recovery/database.h"
#include "recovery/json.h"

/* The verdict about the failed start `boot_id`, or with NULL the newest one judged from `since` to `until`: an object with
 * boot_id, time, certainty, product, partner (both may be null) and suspects, a list with product, score and reasons;
 * and where the crash named an eBPF program that processes had open, program_holders: a list with tag, unit and executable.
 * Returns 0, also with *ret = NULL where there is none, or a negative errno. The object is the caller's to free. */
int verdict_view_load(struct database *database, const char *boot_id, int64_t since, int64_t until,
		      struct json **ret);

#endif
