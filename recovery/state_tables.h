/* state_tables.h: the tables of /var/lib/daruma/state.db, and how older ones are brought up to date
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Tables and columns are added, never renamed or removed; each addition is a version of its own (user_version).
 */
#ifndef DARUMA_RECOVERY_STATE_TABLES_H
#define DARUMA_RECOVERY_STATE_TABLES_H

#include <stdbool.h>
#include <stdint.h>

#include "recovery/database.h"

/* The version that this Daruma writes: one that knows fewer cannot read it. */
int64_t state_tables_version(void);

/* Looks at the version of the open database. With `writable` what is missing is added, all or nothing. Returns 0;
 * -ENOENT: no tables yet, -ESTALE: written by an older Daruma (both only without `writable`); -EPROTO: written by a
 * newer Daruma; -EROFS, -EIO. */
int state_tables_check(struct database *database, bool writable);

#endif
