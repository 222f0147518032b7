/* panic_switch.h: turning an oops into a panic while a start is unanswered
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A half-dead system neither ends nor becomes healthy. `kernel.panic` makes the machine restart by itself and stays;
 * `kernel.panic_on_oops` is set until the good answer, or until a start that is up is overdue, and then given back.
 * The value before is kept in a file in /run, so that the early program and the guard may both ask.
 */
#ifndef DARUMA_RECOVERY_EARLY_PANIC_SWITCH_H
#define DARUMA_RECOVERY_EARLY_PANIC_SWITCH_H

/* Until the restart after a panic, where the machine has no value of its own */
#define PANIC_SWITCH_SECONDS 10

struct panic_switch {
	const char *sysctl; /* folder: /proc/sys/kernel */
	const char *run;    /* folder for the value before: /run/daruma; made if it is missing */
};

/* Sets `panic` to PANIC_SWITCH_SECONDS if it is 0, and `panic_on_oops` to 1. Returns 0 or the first negative errno; the
 * second step is tried in any case. */
int panic_switch_set(const struct panic_switch *where);

/* Gives `panic_on_oops` back its value from before. Returns 1 if there was one, 0 if nothing was set, or a negative
 * errno. */
int panic_switch_give_back(const struct panic_switch *where);

#endif
