/* quarantine.h: setting changed objects aside and putting the last good ones back
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Objects are moved, never deleted (R23). Paths are walked descriptor by descriptor: links, magic links, leaving the
 * product's folder and mount crossings are refused (R24). Every step is journaled in the table `action` before it is
 * taken, so that quarantine_resume() finishes or undoes it after a power cut (R28, R57).
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_H
#define DARUMA_RECOVERY_QUARANTINE_H

#include <stdint.h>

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/generation.h"
#include "recovery/product.h"

/* Sets all changes of `product` in `changes` aside: modified and added files go to the quarantine, modified and removed
 * ones are replaced by the copy of the last good generation. A content set is treated as a whole. `reason` is one
 * sentence for the admin. With context->dry_run nothing changes. Returns the number of objects set aside or put
 * back, or a negative errno: -ELOOP (a link), -EXDEV (a mount crossing or outside the product's folder),
 * -ENODATA (the last good copy is not in the store: the object is set aside and not replaced) ... */
int quarantine_changes(const struct context *context, struct database *database,
		       const struct product *product, const struct change_list *changes,
		       const char *boot_id, const char *reason);

/* One path by hand. It must belong to a watched product (R14): -EPERM otherwise. Returns 0 and the entry's id. */
int quarantine_path(const struct context *context, struct database *database,
		    const struct product_list *products, const char *path, const char *reason,
		    int64_t *ret_id);

/* Puts an entry back bit-identical, with owner, mode, times, extended attributes (R23, R27). What is in its place goes to
 * the quarantine as an entry of its own. Repeating it does nothing. Returns 0, -ENXIO (no such entry), ... */
int quarantine_restore(const struct context *context, struct database *database, int64_t id);

/* Finishes or undoes what a power cut interrupted. Returns the number of actions mended or a negative errno. */
int quarantine_resume(const struct context *context, struct database *database);

/* Number of entries that are set aside now, or a negative errno. */
int quarantine_open_count(struct database *database);

#endif
