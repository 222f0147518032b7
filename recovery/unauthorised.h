/* unauthorised.h: a safe profile that the firmware stage did not order (R34)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * With the sensor off, a safe start looks like a recovery. So one has to show its reason: the boot note that names the
 * rung safe or rescue. Whoever starts daruma-safe.target past the stage (by hand on the kernel command line, by an entry
 * of the boot loader, from a running system) gets the allow-list of that target without what the generator adds to it in
 * an ordered one, remote login first of all. Nothing is masked and nothing repaired, and it is said aloud.
 */
#ifndef DARUMA_RECOVERY_UNAUTHORISED_H
#define DARUMA_RECOVERY_UNAUTHORISED_H

#include <stdbool.h>

#include "recovery/boot/this_boot.h"
#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/process.h"

/* Whether the safe profile is up or on its way up though nobody ordered it. `error` is what this_boot_read() returned;
 * `boot` counts only where that is 0. With daruma=off nothing is unauthorised: Daruma then keeps out of everything. False,
 * too, where the service manager does not answer in time. */
bool unauthorised_entry(const struct process_port *processes, int error,
			const struct this_boot *boot);

/* Says so: the banner on the consoles and at logins, and once in a start the event profile.unauthorised and the mark that
 * `daruma status` reads. `why`: what the stage said of this start, a sentence. `database` may be NULL: then only the
 * journal hears of it. Returns 0, or a negative errno of the event; the mark and the banner are made in any case. */
int unauthorised_tell(const struct context *context, struct database *database, const char *why);

#endif
