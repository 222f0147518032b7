/* state.h: opens /var/lib/daruma/state.db, and its named settings
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The tables are drawn in state_tables.c. Each module reads and writes its own tables through database.h.
 * Times are UTC seconds since 1970; boot ids are 32 lower-case hex digits; digests are 64.
 */
#ifndef DARUMA_RECOVERY_STATE_H
#define DARUMA_RECOVERY_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "recovery/context.h"
#include "recovery/database.h"

#define STATE_FOLDER	 "/var/lib/daruma"
#define STATE_FILE	 STATE_FOLDER "/state.db"
#define STATE_STORE	 STATE_FOLDER "/store"
#define STATE_RUN_FOLDER "/run/daruma"

/* Opens the state of the system below context->root. With `writable` the folder and the tables are made where they
 * are missing; with context->dry_run too, that is done to a copy in memory, and the disk stays as it is. Returns
 * 0; -ENOENT: no state yet, -ESTALE: written by an older Daruma (both read-only); -EROFS, -EACCES; -EBADMSG: not a
 * database; -EPROTO: written by a newer Daruma (user_version); -EBUSY; -EIO. */
int state_open(const struct context *context, bool writable, struct database **ret);

/* The same with `writable` for what may run without the mount of the state: nothing is made. Returns -ENOENT where there is
 * no state: one that is made below the mount point of a /var that never came knows nothing, and fills another disk. */
int state_open_existing(const struct context *context, struct database **ret);

/* Whether the file system on which the state lies, or would lie, is mounted read-only; false where there is none. */
bool state_is_read_only(const struct context *context);

/* A named number or text that outlives boots (table `setting`). Absent: 0 and `absent`; NULL and *ret_text = NULL
 * (-ENOMEM otherwise). The text is the caller's to free. */
int64_t state_get_number(struct database *database, const char *key, int64_t absent);
/* The same, where one that cannot be read must not be taken for one that is absent. Returns 0, with *ret set, or an error
 * of database_query(). */
int state_find_number(struct database *database, const char *key, int64_t absent, int64_t *ret);
int state_set_number(struct database *database, const char *key, int64_t value);
int state_get_text(struct database *database, const char *key, char **ret_text);
int state_set_text(struct database *database, const char *key, const char *value);

#endif
