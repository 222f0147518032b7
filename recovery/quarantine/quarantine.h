/* quarantine.h: setting changed objects aside and putting the last good ones back
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Objects are moved, never deleted (R23). Paths are walked descriptor by descriptor: links, magic links, leaving the
 * product's folder and mount crossings are refused (R24). Every step is journaled in the table `action`, as action.h
 * says, so that quarantine_resume() finishes or undoes it after a power cut (R28, R57). All objects of one call
 * reach the new state, or all stay in the old one. -EBUSY: another process works in the quarantine.
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_QUARANTINE_H
#define DARUMA_RECOVERY_QUARANTINE_QUARANTINE_H

#include <stdbool.h>
#include <stdint.h>

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/inventory/generation.h"
#include "recovery/products/product.h"
#include "recovery/quarantine/action.h"
#include "recovery/quarantine/file_port.h"
#include "recovery/text_list.h"

/* Sets all changes of `product` in `changes` aside: modified and added files go to the quarantine, modified and removed
 * ones are replaced by the copy of the last good generation. A content set is treated as a whole. `reason` is one
 * sentence for the admin. Where a last good copy is not in the store the object is set aside and not replaced; its row
 * says so. Images of kernels whose modules are among them are due then (module_image.h); a caller that makes them at
 * once need not mind that: they are made once more. With context->dry_run nothing changes. Returns the number of
 * objects set aside or put back, or a negative errno: -ELOOP (a link), -EXDEV (a mount crossing or outside the
 * product's folder), -EAGAIN (a file changed again meanwhile: compare anew) ... Nothing has changed then. */
int quarantine_changes(const struct context *context, struct database *database,
		       const struct product *product, const struct change_list *changes,
		       const char *boot_id, const char *reason);

/* One path by hand. It must belong to a watched product (R14): -EPERM otherwise; -ENOENT: no such file. If it differs from
 * the last good generation, its last good copy takes its place; with it go the other changes of its content set.
 * Returns 0 and the entry's id (0 with context->dry_run); -ENODATA with the id too (a last good copy is not in the store:
 * the file is set aside and not replaced); or as above. */
int quarantine_path(const struct context *context, struct database *database,
		    const struct product_list *products, const char *path, const char *reason,
		    int64_t *ret_id);

/* Puts an entry back bit-identical, with owner, mode, times, extended attributes (R23, R27), and with it the entries of its
 * content set that were set aside at the same time. What is in its place goes to the quarantine as an entry of its own,
 * which restoring all leaves there. Repeating it does nothing. Returns 0; -ENXIO (no such entry); -EBADMSG (what
 * the quarantine holds is damaged); -ENODATA (it was purged); or as above. */
int quarantine_restore(const struct context *context, struct database *database, int64_t id);

/* Puts an entry back as above, on trial (on_trial.h), and with it those of its content set. `boot_id`: this start, or
 * NULL. Where something is in place that is neither what was set aside nor what was put there instead, a newer version
 * came meanwhile: then -ESTALE, and nothing has changed, unless context->force. Returns 0 or as above. */
int quarantine_release(const struct context *context, struct database *database, int64_t id,
		       const char *boot_id);

/* Deletes for good what the quarantine holds of an entry, and of those of its content set; they stay in the list as
 * purged. Repeating it does nothing. Returns 0; -ENXIO; -EBUSY (it is unfinished). */
int quarantine_purge(const struct context *context, struct database *database, int64_t id);

/* The objects of `entries` are in their places again: sets them aside once more, all or none, and the same good copies
 * back. An entry whose place holds the good copy is passed over; so is one of which quarantine_has_another() is true.
 * Images of kernels whose modules are among them are due then (module_image.h). Returns the number set aside, or a
 * negative errno. */
int quarantine_again(const struct context *context, struct database *database,
		     const struct action_list *entries, const char *boot_id, const char *reason);

/* Whether another update is in place of entry `id` and of what was set aside of its product at the same time: at the
 * place of one of them is neither its object nor its good copy. Setting the rest aside would tear that update apart.
 * Returns 1, 0 or a negative errno. */
int quarantine_has_another(const struct context *context, struct database *database, int64_t id);

/* Entry `id` and those of its content set that were set aside at the same time, if it is done; else none. */
int quarantine_with_set(struct database *database, int64_t id, struct action_list *ret);

/* Finishes or undoes what a power cut interrupted. Returns the number of actions mended or a negative errno. */
int quarantine_resume(const struct context *context, struct database *database);

/* Adds the id of each product of which something is neither finished nor undone, once. Returns 0 or a negative errno. */
int quarantine_interrupted_products(struct database *database, struct text_list *ret);

/* Number of entries that are set aside now, or a negative errno. What a restored object was put in the place of does not
 * count. */
int quarantine_open_count(struct database *database);

/* Adds the id of each product to which such an entry belongs, once. Returns 0 or a negative errno. */
int quarantine_open_products(struct database *database, struct text_list *ret);

/* The same as above through other file calls than the system's: for tests, which let each of them fail. */
int quarantine_changes_through(const struct file_port *port, const struct context *context,
			       struct database *database, const struct product *product,
			       const struct change_list *changes, const char *boot_id,
			       const char *reason);
int quarantine_restore_through(const struct file_port *port, const struct context *context,
			       struct database *database, int64_t id);
int quarantine_purge_through(const struct file_port *port, const struct context *context,
			     struct database *database, int64_t id);
int quarantine_resume_through(const struct file_port *port, const struct context *context,
			      struct database *database);

#endif
