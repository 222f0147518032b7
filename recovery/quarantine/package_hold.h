/* package_hold.h: the package manager leaves a package alone while an object of it is in quarantine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * And while the hold of its product has not ended (hold_end.h). Else the next run of it lays the same file down
 * again (R25). apt-mark(8) hold, or versionlock of dnf(8). Remembered in the table package_hold, `state`:
 *
 *   wanted  about to be set; a power cut may have come between, so it is set again
 *   set     by us: it goes with the last object of the package
 *   found   somebody had set it before: it stays
 *   failed  it could not be set; there may be one all the same
 *   unasked what is held could not be told; nothing was set
 *   stuck   set by us, and it could not be lifted
 *
 * The last three are tried again after a day.
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_PACKAGE_HOLD_H
#define DARUMA_RECOVERY_QUARANTINE_PACKAGE_HOLD_H

#include <stdbool.h>

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/process.h"
#include "recovery/text_list.h"

/* Records where the entries come from (package_origin.h) and brings the holds in line with them; below another root
 * only the first. What cannot be done now is done by a call after a day. Packages of the deny list are left alone
 * (R14). The names of those held and lifted are added to the lists. Nothing with context->dry_run. Returns 0 or the
 * first negative errno; a machine without the package manager's program is none. */
int package_hold_update(const struct context *context, const struct process_port *processes,
			struct database *database, struct text_list *ret_held,
			struct text_list *ret_lifted);

/* Whether there are rows of packages of which nothing is set aside any more, and to which something can be done now. */
bool package_hold_is_due(struct database *database);

#endif
