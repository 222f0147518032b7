/* planning.h: what is to be moved for a change, for a path, or for a restore
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Looks only: what is planned is a list of actions (action.h), which quarantine.c has carried out.
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_PLANNING_H
#define DARUMA_RECOVERY_QUARANTINE_PLANNING_H

#include <stdbool.h>

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/inventory/generation.h"
#include "recovery/inventory/store.h"
#include "recovery/inventory/watched_path.h"
#include "recovery/products/product.h"
#include "recovery/quarantine/action.h"
#include "recovery/quarantine/file_port.h"

/* The caller sets the first part, and store.folder to -1. Strings stay his; boot_id may be NULL. */
struct planning {
	const struct context *context;
	struct database *database;
	const struct file_port *port;
	const char *boot_id, *reason;

	struct watched_paths paths;
	struct store store;
	struct action_list actions;
	bool missing; /* a last good copy is not in the store */
};

/* Opens what planning_changes() and planning_path() look at: the watched paths of `products` and the store, which may be
 * missing. Returns 0 or a negative errno; planning_end() is due either way. */
int planning_begin(struct planning *planning, const struct product_list *products);

/* One that was not begun is accepted. */
void planning_end(struct planning *planning);

/* Plans each of `changes` that is of the product with the id `product`. Sets planning->missing if a last good copy is not in
 * the store: that object is taken and not replaced. Returns 0, -EXDEV (outside the product's folder) or an errno. */
int planning_changes(struct planning *planning, const struct change_list *changes,
		     const char *product);

/* Plans the change of one file of `product`, and with it the other changes of its content set; a file that is as it was is
 * taken and not replaced. `path` is canonical (safe_path.h). Returns 0, -ENOENT (no such file), or as move_look() and
 * planning_changes(). */
int planning_path(struct planning *planning, const struct product *product, const char *path);

/* Plans an action that puts the object of `entry` back. It has neither sha256 nor replaced_by if nothing is to be moved for
 * that. Needs no planning_begin(). Returns 0 or as move_look(), but for -ENOENT. */
int planning_restore(struct planning *planning, const struct action *entry);

/* Plans to set the object of `entry`, which came back to its place, aside once more, with the same good copy instead.
 * Nothing is planned where something else is in place. Returns 0, 1 (something else is), or as move_look(), but for
 * -ENOENT. */
int planning_again(struct planning *planning, const struct action *entry);

#endif
