/* reduced_mode.h: products in the reduced mode of their own, until they are told to leave it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For a product whose file names one (R19): less protection than usual, and more than none. A row of the table
 * `reduced_mode` for each time, with the way back of that moment, since the product file may be unreadable later. `step`:
 *
 *   entering  the command to enter was started; nobody knows how far it came
 *   reduced   it ended well: from the next start on the product runs so
 *   leaving   the way back is due, or its command was started
 *   left      that ended well, or the product is gone
 *
 * What was released has left on trial: `released` of the row says in which start (the kernel's boot id), until
 * another start is good. If a start crashes before that it is `due`: then no good start ends the trial any more. In
 * the next safe start the product enters again.
 *
 * The row comes before each command. After a power cut in `entering` the product leaves, and is not tried again in this
 * incident: the command itself may have ended that start.
 */
#ifndef DARUMA_RECOVERY_REPAIR_REDUCED_MODE_H
#define DARUMA_RECOVERY_REPAIR_REDUCED_MODE_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/words.h"
#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/process.h"
#include "recovery/products/product.h"
#include "recovery/text_list.h"

#define REDUCED_MODE_REDUCED "reduced" /* the step */

/* Strings and lists are owned. */
struct reduced_mode {
	int64_t id, time;
	char *boot_id; /* or NULL */
	char *product, *step, *reason;
	char *folder;		/* the code path that the program of `leave` is or lies in */
	struct text_list leave; /* command and arguments */
	int64_t tries;		/* so many times it was started */
};

struct reduced_mode_list {
	struct reduced_mode *items;
	size_t count;
};

/* Adds those that have not left, oldest first. `database` NULL: none. Returns 0 or a negative errno. */
int reduced_mode_load(struct database *database, struct reduced_mode_list *ret);

/* NULL is accepted. */
void reduced_mode_list_free(struct reduced_mode_list *list);

/* Adds the ids of those that have not left, oldest first. Returns 0 or a negative errno. */
int reduced_mode_products(struct database *database, struct text_list *ret);

/* Whether `product` names one, in a file that may do so (vendor_command.h). */
bool reduced_mode_is_named(const struct context *context, const struct product *product);

/* Has `product` enter it; `reason` is one sentence for the admin. If its command fails, the way back is gone at once. Each
 * is an event. Returns 0; -EOPNOTSUPP: it names none; -EEXIST: it has not left; or an error of vendor_command_run(). With
 * context->dry_run nothing is done. */
int reduced_mode_enter(const struct context *context, struct database *database,
		       const struct process_port *processes, const struct product *product,
		       const char *boot_id, const char *reason);

/* Has `product` leave it; NULL: all. Returns how many have left, or the first negative errno: those stay in `leaving`, and
 * the rest is done all the same. With context->dry_run it counts only. */
int reduced_mode_leave(const struct context *context, struct database *database,
		       const struct process_port *processes, const char *product);

/* The same, on trial. */
int reduced_mode_release(const struct context *context, struct database *database,
			 const struct process_port *processes, const char *product);

/* This start was answered good: what was released in an earlier one has proved itself. */
int reduced_mode_prove(const struct context *context, struct database *database);

/* The start before this one ended with `ending`. If that is a panic or a watchdog's reset (not a reset that nobody
 * can explain, R38) what is on trial is due from now on. Returns 0 or a negative errno. */
int reduced_mode_fail(struct database *database, enum daruma_ending ending);

/* A trial failed: what is on trial enters again, if it is one of `products` and can; the trials end in any case, but for
 * those for which there was no time (`until`, see below). Returns how many have entered, or the first negative errno. With
 * context->dry_run nothing is done. */
int reduced_mode_end_trials(const struct context *context, struct database *database,
			    const struct process_port *processes,
			    const struct product_list *products, const char *boot_id,
			    int64_t until);

/* What a power cut or a failure left in `entering` or `leaving` leaves, unless that was tried twice: then only a
 * person has it done. For safe starts, and for the end of a good one. No command is begun from `until` on
 * (healthy_time_now(); 0: no limit): what is left is as it was. Returns as reduced_mode_leave(). */
int reduced_mode_mend(const struct context *context, struct database *database,
		      const struct process_port *processes, int64_t until);

#endif
