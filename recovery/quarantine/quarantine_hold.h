/* quarantine_hold.h: while something of a product is set aside its updater waits, and its content is read-only for it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Else the updater puts back at once what was set aside (R25). A drop-in of systemd.unit(5) for each unit of the product:
 *
 *   # written by daruma while something is set aside: see daruma(8)
 *   # product acme
 *   [Unit]
 *   ConditionPathExists=!/etc/systemd/system/acme-update.timer.d/50-daruma-quarantine.conf
 *   [Service]
 *   ReadOnlyPaths="-/opt/acme/content"
 *
 * The condition is about the drop-in itself: the hold is one file, there from the first moment of the next start, shown by
 * `systemctl status`, and gone with the file even where nobody has the service manager read its files anew. A mask would
 * take the place of a unit file that an administrator has in the same folder.
 *
 * Read-only are the content sets and content paths in which something is set aside; of a path that has the product's code
 * too, where it may keep what it writes itself, only that something. What its file lists as state stays writable.
 *
 * Products whose content stays writable (see product_has_read_only_content()) have the first part only; the event says so. They
 * are not reduced or switched off for that: the updater waits, what comes back is seen and goes again
 * (quarantine_return.h), and where it crashes the machine before that the ladder leads there.
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_QUARANTINE_HOLD_H
#define DARUMA_RECOVERY_QUARANTINE_QUARANTINE_HOLD_H

#include <stdbool.h>

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/process.h"
#include "recovery/products/product.h"
#include "recovery/text_list.h"

#define QUARANTINE_HOLD_NAME "50-daruma-quarantine.conf"

/* What quarantine_hold_update() has done. */
struct quarantine_hold_result {
	bool changed;		 /* a drop-in was written or removed */
	struct text_list held;	 /* updaters that must not run from now on */
	struct text_list lifted; /* updaters that may run again */
};

/* NULL is accepted. */
void quarantine_hold_result_free(struct quarantine_hold_result *result);

/* The drop-in of `unit` while something of each of `open` is set aside, from `places`; NULL where it needs none, and for
 * units that no product can hold (R14). To be freed by the caller. Returns 0 or -ENOMEM. Pure. */
int quarantine_hold_text(const struct product_list *open, const struct text_list *places,
			 const char *unit, char **ret_text);

/* Brings the drop-ins below context->root in line with the tables: writes those that are missing, removes those of
 * products of which nothing is set aside any more, or whose holds have ended (hold_end.h); those of a product that is
 * not in `products` now stay while its entries do. May be repeated, and is after a power cut. Where Daruma is being
 * taken off the machine nothing is held any more. Writes an event for each product held or lifted, of what was really
 * written, and one product.hold_failed where not all of it could be. Nothing with context->dry_run. Returns 0, or the
 * first negative errno (-EEXIST: another's file has the name); the rest is done all the same. */
int quarantine_hold_update(const struct context *context, struct database *database,
			   const struct product_list *products, struct quarantine_hold_result *ret);

/* Whether there may be anything to do for quarantine_hold_update(): one look at two tables. */
bool quarantine_hold_is_due(struct database *database);

/* Has the service manager read what changed; stops what is held, and starts what is lifted and enabled. Does nothing below
 * another root. Returns 0 or an error of process_succeed(). */
int quarantine_hold_take_up(const struct context *context, const struct process_port *processes,
			    const struct quarantine_hold_result *result);

#endif
