/* own_trust.h: whether our boot entry can be started without a person
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The firmware passes over a stage that it refuses. Shim waits for a key, in each start: an entry that starts shim comes
 * first only where shim is known to start the stage that is on the ESP now (R53).
 */
#ifndef DARUMA_RECOVERY_BOOT_OWN_TRUST_H
#define DARUMA_RECOVERY_BOOT_OWN_TRUST_H

#include <stdbool.h>

#include "recovery/boot/boot_entry.h"
#include "recovery/boot/esp.h"
#include "recovery/boot/variables.h"

/* Whether the firmware checks signatures now. `variables` may be NULL. */
bool own_trust_secure_boot(const struct variables *variables);

/* Whether `ours` may be the first entry. Returns 1: it does not start shim, Secure Boot is off, the program is not there
 * (shim starts its own loader then), or shim shows a certificate of it (shim_trust.h); 0: it may not; or the negative errno
 * of reading the program. */
int own_trust_may_come_first(const struct variables *variables, const struct esp *esp,
			     const struct boot_entry *ours);

#endif
