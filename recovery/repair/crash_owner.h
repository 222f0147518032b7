/* crash_owner.h: whose module or eBPF program the report of a crash names
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A module is a product's by its name (watch_set.h). A program is a product's if, at the last good generation and
 * since, all who had a program with its tag, or with a function of that tag, open were processes of that product: in
 * one of its units, or of an executable of it. By the name of a program nobody is found (R12): whoever loads it
 * chooses that. So programs that nobody had open (pinned in /sys/fs/bpf, or kept by what they are attached to) have
 * no owner, and those of an update that was not yet seen running.
 */
#ifndef DARUMA_RECOVERY_REPAIR_CRASH_OWNER_H
#define DARUMA_RECOVERY_REPAIR_CRASH_OWNER_H

#include <stdbool.h>

#include "recovery/crash/crash.h"
#include "recovery/database.h"
#include "recovery/inventory/program_holder.h"
#include "recovery/products/product.h"

struct crash_owner {
	/* one of the list; NULL: of nobody, of several, or not known */
	const struct product *product;
	bool stranger; /* known to belong to no product: that speaks against every product */
	/* who had the program open; "" nobody is known, or it names none */
	char holders[PROGRAM_HOLDERS_SIZE];
};

/* `database` may be NULL: then nobody is known to have had programs open. Returns 0 or a negative errno. */
int crash_owner_find(struct database *database, const struct product_list *products,
		     const struct crash *crash, struct crash_owner *ret);

#endif
