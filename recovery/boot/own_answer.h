/* own_answer.h: the answer for this very start, built on what was answered before
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_BOOT_OWN_ANSWER_H
#define DARUMA_RECOVERY_BOOT_OWN_ANSWER_H

#include <stdbool.h>

#include "policy/answer.h"
#include "recovery/boot/this_boot.h"
#include "recovery/context.h"
#include "recovery/database.h"

/* The stored answer if it is for this start: what the guard found and a request that waits are kept by whoever
 * answers next (who changes it holds the lock: answer_lock.h). Else an empty one for this start. Healthy minutes are
 * brought up to date (`database` may be NULL: then they stay as stored). Returns whether this start was answered
 * before. */
bool own_answer_load(const struct context *context, struct database *database,
		     const struct this_boot *boot, struct daruma_answer *ret);

/* Whether the stored answer says that this start is good: known without a state too. */
bool own_answer_is_good(const struct context *context, const struct this_boot *boot);

/* Brings the healthy minutes up to date, and tells the stage of them once a day while its throttle waits for them: a server
 * that is never restarted must get its tokens back too. In the first good start behind a repair that is done once after an hour,
 * too, which proves the incident over (R26). No write otherwise (R54). Returns 1 if it wrote, 0 if not, or a
 * negative errno. To be called now and then in a healthy start. */
int own_answer_report_health(const struct context *context, struct database *database);

#endif
