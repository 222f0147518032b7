/* gate.h: waits until the system has been healthy long enough, and says so
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_GATE_H
#define DARUMA_RECOVERY_GATE_H

#include "recovery/boot/this_boot.h"
#include "recovery/boot/variables.h"
#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/policy_file.h"
#include "recovery/process.h"
#include "recovery/products/product.h"

struct gate {
	const struct context *context;
	const struct process_port *processes;
	const struct variables *variables;
	struct database *database;
	const struct product_list *products;
	const struct policy_file *policy;
	bool records; /* what follows from health is recorded: the database can be written */
};

/* Does what the guard left (left_work.h), so that health is that of the whole; `boot` is NULL where it is not known, or
 * nothing is recorded. Then waits until health_check() has said HEALTH_HOLDS for policy->settle_seconds in a row (R6);
 * products of which something was taken away do not count (taken_away.h), and where something is to be recorded a state
 * that became read-only is no health. Never gives up by itself; what is overdue is told (overdue.h). */
void gate_wait(const struct gate *gate, const struct this_boot *boot);

/* What follows from a good start: what the guard left is done, the good state is read, and then come the answer (the one
 * NV write of a good boot), outcome, end of the incident, event, generation, panic_on_oops given back, boot order, hold
 * list, reduced modes, images. Returns 0 or the errno of the first thing that failed; the rest is done in any case.
 * SIGTERM is put off from the answer until the generation is written and RUN_MARK_RECORDED is set. `cause` stands in the
 * event: "gate" or "mark-good". */
int gate_good(const struct gate *gate, const struct this_boot *boot, const char *cause);

/* The part of gate_good() that needs no state, or one that cannot be written: the answer, and panic_on_oops given back. */
int gate_answer_only(const struct gate *gate, const struct this_boot *boot);

/* What follows from a healthy start that did not go through the stage: event stage.bypassed and boot order. */
int gate_bypassed(const struct gate *gate);

/* Our boot entry first again, where that is wanted and it can be started without a person (own_trust.h); behind the others
 * where it cannot. Returns 1 if it was put first, 0 if not, or a negative errno. */
int gate_keep_order(const struct gate *gate);

#endif
