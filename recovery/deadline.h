/* deadline.h: ending a start that hangs in user space
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_DEADLINE_H
#define DARUMA_RECOVERY_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/note.h"
#include "recovery/context.h"
#include "recovery/policy_file.h"
#include "recovery/process.h"

/* What is so now. */
struct deadline_facts {
	bool answered;		   /* this start was answered good */
	bool password;		   /* somebody is asked for a password */
	bool read_only;		   /* nothing can be written where the state lies */
	bool emergency;		   /* emergency or rescue mode waits at a console */
	bool up;		   /* the default target was reached */
	bool held;		   /* daruma-held.service waits for health, and others for it */
	int64_t emergency_seconds; /* since it was first seen there; 0 once somebody typed */
	/* since user space began, or since it was last seen busy: password, emergency, fsck, update */
	int64_t waited_seconds;
};

/* Whether the start is to be given up: failures are open, and neither health nor a password question is there after
 * policy->deadline_seconds, or emergency mode sits without a key for policy->emergency_seconds. Never when the limit of
 * unexplained resets is reached and the policy lets them lead nowhere: more restarts would help nobody. A safe or rescue
 * start is given the time its repair may take, and is left alone where it is to stay: asked for by a person, or no
 * automatic repair (R20). Any other start is left alone, but for emergency mode, once it is up: what fails in it is no hang,
 * and a machine that serves is not to be worse off than without Daruma. So it is while Daruma itself keeps it from being up,
 * which ends by itself, and while the state is read-only: health may fail for that alone, and nothing could be repaired.
 * Pure. */
bool deadline_passed(const struct daruma_note *note, const struct policy_file *policy,
		     const struct deadline_facts *facts);

/* Finds out all but `answered`, which is left alone. A service manager that does not answer is not up. */
void deadline_look(const struct context *context, const struct process_port *processes,
		   struct deadline_facts *facts);

#endif
