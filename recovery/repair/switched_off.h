/* switched_off.h: products that do not start, until somebody switches them on again
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A row of the table `switched_off` for each time, with the names of that moment: its product file may be unreadable later.
 * `step`:
 *
 *   planned  to be switched off; some of the files below may be there
 *   off      it is
 *   lifting  to be switched on again; some may be gone
 *   on       it is
 *
 * switched_off_update() finishes both after a power cut. Off means: each unit has a drop-in with a condition about
 * the drop-in itself (see quarantine_hold.h), and each module is in the file of module_off.h. Nothing of the product
 * is changed or moved.
 */
#ifndef DARUMA_RECOVERY_REPAIR_SWITCHED_OFF_H
#define DARUMA_RECOVERY_REPAIR_SWITCHED_OFF_H

#include <stdbool.h>
#include <stdint.h>

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/process.h"
#include "recovery/products/product.h"
#include "recovery/text_list.h"

#define SWITCHED_OFF_NAME "50-daruma-off.conf"

/* Strings and lists are owned. */
struct switched_off {
	int64_t id, time;
	char *boot_id; /* or NULL */
	char *product, *step, *reason;
	struct text_list units;	  /* updaters among them */
	struct text_list modules; /* kernel names */
	struct text_list files;	  /* of modules: their kernels' initramfs may hold a copy */
};

struct switched_off_list {
	struct switched_off *items;
	size_t count;
};

/* Adds those that are not on again, oldest first. `database` NULL: none. Returns 0 or a negative errno. */
int switched_off_load(struct database *database, struct switched_off_list *ret);

/* NULL is accepted. */
void switched_off_list_free(struct switched_off_list *list);

/* The same: the ids of the products only. */
int switched_off_products(struct database *database, struct text_list *ret);

/* Enters `product`, which is watched, as to be switched off. `reason` is one sentence for the admin. What no product
 * can hold (R14) is left out. Returns 0, -ENODATA (it has neither unit nor module), -EEXIST (it is off), or a negative
 * errno. */
int switched_off_plan(const struct context *context, struct database *database,
		      const struct product *product, const char *boot_id, const char *reason);

/* Enters it as to be switched on again; `product` NULL: all. Returns how many there are, or a negative errno. */
int switched_off_lift(struct database *database, const char *product);

/* Brings the files below context->root in line with the table, and the steps with the files; an event for each product
 * switched off or on. May be repeated. With context->dry_run nothing. Returns 1 if a file changed, 0 if none, or the
 * first negative errno (-EEXIST: another's file has the name): the steps stay as they are then, and the rest is done
 * all the same. */
int switched_off_update(const struct context *context, struct database *database);

/* Whether there is anything to do for it: one look at the table. */
bool switched_off_is_due(struct database *database);

/* Has the initramfs of every kernel made anew that one of `list` has a module for. Returns as module_image_update(). */
int switched_off_rebuild(const struct context *context, const struct process_port *processes,
			 const struct switched_off_list *list);

#endif
