/* overdue.h: a start that is up, and did not become healthy within the deadline
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * It serves, so the deadline does not restart it (deadline.h), and it is not answered good: somebody has to look.
 */
#ifndef DARUMA_RECOVERY_OVERDUE_H
#define DARUMA_RECOVERY_OVERDUE_H

#include <stdint.h>

#include "recovery/gate.h"

/* To be called while health does not hold, after `waited` seconds; `why` says in one sentence what is not healthy.
 * Before policy->deadline_seconds, and in a start that is not up, nothing is done. Then panic_on_oops is given back,
 * RUN_MARK_OVERDUE is set, and the event boot.unhealthy is written, once in a start. Returns 1 where the start is
 * overdue, 0 where it is not yet, or a negative errno. */
int overdue_look(const struct gate *gate, int64_t waited, const char *why);

#endif
