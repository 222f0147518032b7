/* words.h: the vocabulary that firmware and operating system share
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The numbers are stored in the record, the answer and the boot note. They are never renumbered; new
 * words go at the end. A stored number that is out of range makes its object damaged.
 */
#ifndef DARUMA_POLICY_WORDS_H
#define DARUMA_POLICY_WORDS_H

#include <stdbool.h>
#include <stdint.h>

/* What a start is to be; decision.h says which comes when. */
enum daruma_rung {
	DARUMA_RUNG_NORMAL, /* the machine as its owner set it up */
	DARUMA_RUNG_HELD,   /* every product on; starters that users control wait for health */
	DARUMA_RUNG_TRIAL,  /* normal, but one failure of the incident's class is enough */
	DARUMA_RUNG_SAFE,   /* same system, safe profile, watched products off */
	DARUMA_RUNG_RESCUE, /* safe failed: the same profile, by a target of its own if it has one */
	DARUMA_RUNG_ASIDE,  /* normal target, Daruma only watches and counts */
	DARUMA_RUNG_COUNT,
};

/* How the start before this one ended (R4). */
enum daruma_ending {
	DARUMA_ENDING_NONE,	   /* there was none, or it was not counted */
	DARUMA_ENDING_GOOD,	   /* the health gate held */
	DARUMA_ENDING_CLEAN,	   /* stopped in order before health */
	DARUMA_ENDING_HIBERNATED,  /* a hibernation image waits */
	DARUMA_ENDING_PANIC,	   /* no answer, and a new crash dump */
	DARUMA_ENDING_WATCHDOG,	   /* no answer, and the hardware watchdog fired */
	DARUMA_ENDING_UNEXPLAINED, /* no answer and no evidence */
	DARUMA_ENDING_OPERATOR,	   /* a panic that a person asked for: SysRq or NMI */
	DARUMA_ENDING_LATE,	   /* crashed after the good answer (R6) */
	DARUMA_ENDING_COUNT,
};

/* What the operating system says of the start it runs in. */
enum daruma_result {
	DARUMA_RESULT_NONE, /* only a message: the start is still unanswered */
	DARUMA_RESULT_GOOD,
	DARUMA_RESULT_CLEAN,
	DARUMA_RESULT_HIBERNATED,
	DARUMA_RESULT_COUNT,
};

/* What the operating system asks of the next start, once. */
enum daruma_request {
	DARUMA_REQUEST_NONE,
	DARUMA_REQUEST_TRIAL,  /* something was repaired or released: try it */
	DARUMA_REQUEST_SAFE,   /* the operator wants the safe profile */
	DARUMA_REQUEST_ASIDE,  /* nothing to blame: stand aside */
	DARUMA_REQUEST_HOLD,   /* every product on, user-controlled starters held */
	DARUMA_REQUEST_NORMAL, /* the operator wants a normal start, whatever is counted */
	DARUMA_REQUEST_FORGET, /* Daruma is being removed: delete record, answer and boot entry */
	DARUMA_REQUEST_REPAIR, /* crashes long after good answers go on: a safe start behind the next one of them */
	DARUMA_REQUEST_COUNT,
};

/* Why the rung was chosen. */
enum daruma_reason {
	DARUMA_REASON_ORDINARY,	      /* nothing is counted */
	DARUMA_REASON_RECORD_ABSENT,  /* first start, or the variable was lost (R7) */
	DARUMA_REASON_RECORD_DAMAGED, /* checksum, size, attributes or a value is wrong (R7, R33) */
	DARUMA_REASON_RECORD_NEWER,   /* written by a later Daruma (R7) */
	DARUMA_REASON_RECORD_FOREIGN, /* belongs to another installation (R60) */
	DARUMA_REASON_NOT_ARMED,      /* no valid answer was seen yet: nothing is counted */
	DARUMA_REASON_HIBERNATED,     /* an image waits; the system must resume from it */
	DARUMA_REASON_RETRY,	      /* a failure was counted; below the limit */
	DARUMA_REASON_REQUESTED,      /* the operator asked for it */
	DARUMA_REASON_REMOVED,	      /* Daruma was told to forget this machine */
	DARUMA_REASON_CRASHES_HELD,   /* crashes reached the limit, no product named */
	DARUMA_REASON_CRASHES_SAFE,   /* crashes above the limit, or a changed product was named */
	DARUMA_REASON_RESETS_CHANGED, /* unexplained resets, and the watch set changed (R38) */
	DARUMA_REASON_REPAIRED,	      /* recovery set something aside: on trial */
	DARUMA_REASON_LEFT_SAFE,      /* safe or rescue was left in order, without a repair */
	DARUMA_REASON_TRIAL_AGAIN,    /* the trial ended by another kind of failure: once more */
	DARUMA_REASON_TRIAL_OPEN,     /* the trial was stopped in order: it goes on */
	DARUMA_REASON_TRIAL_FAILED,   /* the trial ended by the incident's kind of failure */
	DARUMA_REASON_SAFE_AGAIN,     /* the safe start failed: second try */
	DARUMA_REASON_SAFE_FAILED,    /* safe has no try left */
	DARUMA_REASON_RESCUE_AGAIN,   /* the rescue start failed: second try */
	DARUMA_REASON_RESCUE_FAILED,  /* rescue has no try left */
	DARUMA_REASON_NOTHING_TO_BLAME, /* safe found no change: no change, no blame (R62) */
	DARUMA_REASON_THROTTLED,	/* safe is due, but the throttle forbids it (R37) */
	DARUMA_REASON_STILL_ASIDE,	/* aside until a good answer */
	DARUMA_REASON_LAST_RESORT,	/* aside failed long enough for one more safe */
	DARUMA_REASON_MENU,		/* a person at the keyboard chose it (R34) */
	DARUMA_REASON_LATE_CRASHES, /* the system asked for a repair, and crashed late once more */
	DARUMA_REASON_COUNT,
};

/* The hardware watchdog that a start was handed over with. */
enum daruma_watchdog {
	DARUMA_WATCHDOG_NONE,
	DARUMA_WATCHDOG_WDAT,	  /* as the firmware's ACPI table WDAT describes it */
	DARUMA_WATCHDOG_TCO,	  /* Intel TCO, version 2 */
	DARUMA_WATCHDOG_I6300ESB, /* Intel 6300ESB, as virtual machines have it */
	DARUMA_WATCHDOG_FCH,	  /* AMD's chipsets since the first Zen */
	DARUMA_WATCHDOG_SBSA, /* the generic watchdog of ARM servers, as the ACPI table GTDT has it */
	DARUMA_WATCHDOG_COUNT,
};

/* What decoding found. Anything but VALID leaves the output zeroed. */
enum daruma_state {
	DARUMA_STATE_VALID,
	DARUMA_STATE_ABSENT,
	DARUMA_STATE_DAMAGED,
	DARUMA_STATE_NEWER,
	DARUMA_STATE_FOREIGN,
	DARUMA_STATE_COUNT,
};

/* The word as lower-case ASCII, static storage; "unknown" for a number out of range. */
const char *daruma_rung_name(unsigned rung);
const char *daruma_ending_name(unsigned ending);
const char *daruma_result_name(unsigned result);
const char *daruma_request_name(unsigned request);
const char *daruma_reason_name(unsigned reason);
const char *daruma_watchdog_name(unsigned watchdog);
const char *daruma_state_name(unsigned state);

/* Whether a person asked for the rung, by a request or in the stage's menu: such a start opens no incident, and nothing
 * is repaired in it by itself (R34). */
bool daruma_reason_is_asked(enum daruma_reason reason);

#endif
