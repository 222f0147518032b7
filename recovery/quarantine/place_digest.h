/* place_digest.h: the digest of what is in place, read again only where it may be another
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Places of entries are looked at in each start and in each scan, and content may be large. The table `place_digest`
 * remembers what was read, with the file's device, inode, size and time of status change; nobody can set that time.
 * A file that changed within the last second is not remembered: it may change once more without another time.
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_PLACE_DIGEST_H
#define DARUMA_RECOVERY_QUARANTINE_PLACE_DIGEST_H

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/digest.h"
#include "recovery/quarantine/action.h"

/* Of what is in the place of `entry` now. Returns as move_look(), or an error of the state. */
int place_digest(const struct context *context, struct database *database,
		 const struct action *entry, char ret_sha256[DIGEST_TEXT_SIZE]);

/* Forgets the places of which no entry is open. */
int place_digest_clean(struct database *database);

#endif
