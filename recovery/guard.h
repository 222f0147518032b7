/* guard.h: looks at the start before the watched products do anything
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The third of the guard's places: daruma-guard.service. It enters a row for this start. While failures are open it reads
 * the text of the crash, compares the watch set with the last good generation, and tells the stage what it found. Then, but
 * in a safe start, where `recover` does it, and aside, where nothing is done, it finishes what a power cut interrupted in
 * the quarantine, sets aside what changed of a product whose guilt is certain (fast_path.h), what was released on trial and
 * failed, and what came back by itself, and brings the drop-ins of held updaters and of products that are switched off up
 * to date. It changes nothing else of any product. Whatever fails in it leaves the start as it would be without it.
 */
#ifndef DARUMA_RECOVERY_GUARD_H
#define DARUMA_RECOVERY_GUARD_H

#include <stdbool.h>

#include "policy/words.h"
#include "recovery/boot/this_boot.h"
#include "recovery/context.h"
#include "recovery/crash/crash.h"
#include "recovery/crash_text.h"
#include "recovery/process.h"
#include "recovery/repair/fast_path.h"
#include "recovery/repair/verdict.h"

struct guard_findings {
	/* how the start before ended: as the stage says, but for a crash that it cannot know of (late_crash.h) */
	enum daruma_ending ending;
	bool hidden;	    /* it is such a crash: the stage takes that start for a good one */
	bool looked;	    /* failures are open, or it ended in a crash: the rest was looked at */
	struct crash crash; /* class NONE: no new text */
	enum crash_source source; /* where that text is from; only with another class than NONE */
	/* kind of the error that the machine's own firmware recorded of that start (hardware_error.h); NULL: none. Then
	 * nothing of software is to blame, and nothing is compared */
	const char *hardware;
	bool changed; /* the watch set differs from the last good generation */
	/* the text, other than one from the journal, names a module or eBPF program of a watched product that changed */
	bool accused;
	char product[CRASH_NAME_SIZE]; /* that owns what the text names; "" none */
	/* what the stage may correct the ending to; NONE: nothing better known */
	enum daruma_ending previous;
	bool answered;
	struct verdict verdict; /* count 0: not judged, or nobody is suspected */
	int late_crashes;	/* of a loop of late crashes (late_loop.h); 0: there is none */
	bool asked;		/* that goes on: the next of them leads to a safe start */
	bool unheard; /* that goes on, and no safe start comes: the stage does not know of them */
	struct fast_path_result repair; /* what was done about it in this very start */
	int again;			/* objects on trial that were set aside again */
	int returned;			/* objects that had come back and were set aside again */
	bool released;			/* modules that the initramfs held may load again */
};

/* The class of the ending before this start, from the text of the crash and how the tables say that start ended
 * ("" unknown). `fresh`: the crash is not older than that start. Pure. */
enum daruma_ending guard_previous(const struct crash *crash, enum daruma_ending stage, bool fresh,
				  const char *outcome);

/* When it crashed, from the time that the text bears: 0, not known, if that is before `good`, when the last good
 * start was answered, or later than `now`. Clocks start anywhere where a battery is dead, and one that is before
 * `good` itself tells of no future. All in seconds since 1970. Pure. */
int64_t guard_crash_time(int64_t text, int64_t good, int64_t now);

/* Does all of it. Returns 0, or the errno of the first thing that could not be done; the rest is done in any case. */
int guard_run(const struct context *context, const struct process_port *processes,
	      const struct this_boot *boot, struct database *database, struct guard_findings *ret);

/* Lets modules that the initramfs held load again. To be called in every rung but safe, whatever else fails. Returns
 * whether something was held. */
bool guard_release(const struct context *context, const struct process_port *processes);

#endif
