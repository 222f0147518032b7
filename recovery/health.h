/* health.h: is this system healthy right now?
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_HEALTH_H
#define DARUMA_RECOVERY_HEALTH_H

#include <stdbool.h>

#include "recovery/context.h"
#include "recovery/process.h"
#include "recovery/products/product.h"

#define HEALTH_WHY_SIZE 192

/* How the system fares; the larger, the worse. */
enum health {
	HEALTH_HOLDS, /* every check passes */
	HEALTH_WAITS, /* every check passes, but watched units have not started: their jobs wait for other units */
	HEALTH_FAILS, /* a check does not pass */
};

/* Where a unit stands, from `systemctl show`. */
enum health_unit {
	HEALTH_UNIT_FINE,    /* runs, did its work, or is not meant to run */
	HEALTH_UNIT_WAITING, /* not started yet: its job is queued behind other units */
	HEALTH_UNIT_PENDING, /* starting or stopping */
	HEALTH_UNIT_DOWN,    /* enabled and not running */
};

/* Judges one block of "Key=Value" lines of `systemctl show` for the properties HEALTH_PROPERTIES; `ret_id` gets the
 * unit's name. Pure. */
enum health_unit health_judge_unit(const char *block, char *ret_id, size_t id_size);

/* Judges the next `count` blocks together; a blank line parts one from the next. `*blocks` is cut apart and moved behind
 * them; NULL behind the last. The worst unit decides, and unless all are fine `ret_why` says in one sentence which it is.
 * Pure. */
enum health health_judge_units(char **blocks, size_t count, char ret_why[HEALTH_WHY_SIZE]);

#define HEALTH_PROPERTIES "Id,LoadState,UnitFileState,ActiveState,Result,ConditionResult,Job"

/* Whether the kernel has reported an oops since it started: bit 7 of the taint mask. Pure. */
bool health_tainted_by_oops(const char *tainted);

/* All checks once: the system is neither in emergency or rescue mode nor stopping, the root can be written unless it is meant
 * to be read-only, remote login runs if it is enabled,
 * watched units that are enabled run and none hangs in a job, the products' own health commands succeed within their
 * time, and the kernel saw no oops. The command of a product whose units wait is not asked: it could not say yes.
 * Unless the result is HEALTH_HOLDS one sentence is in `ret_why`. Only HEALTH_HOLDS is health (R6). */
enum health health_check(const struct context *context, const struct process_port *processes,
			 const struct product_list *products, char ret_why[HEALTH_WHY_SIZE]);

/* Why the health command of the product is not run, for people: its file may name none, or its program is not root's alone
 * (vendor_command.h). NULL: it is run, or there is none. What is not run says nothing against health. */
const char *health_command_refused(const struct context *context, const struct product *product);

/* How long health has held: fed with each check, pure. */
struct health_streak {
	bool running;
	long since; /* monotonic seconds */
};

/* Returns the whole seconds that health has held without a break at time `now`; 0 if it does not. */
long health_streak_feed(struct health_streak *streak, bool healthy, long now);

#endif
