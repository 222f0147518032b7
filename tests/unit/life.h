/* life.h: a machine that lives through starts: the decision, fed with its own record and with what the system answers
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_TESTS_LIFE_H
#define DARUMA_TESTS_LIFE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/decision.h"

/* The stored record, the answer variable and the crash dumps that lie in the flash; and what was decided last. */
struct life {
	struct daruma_situation situation;
	struct daruma_decision decision;
	uint32_t serial; /* of the start: its boot id is made of it */
};

/* How one start ends. */
struct life_end {
	enum daruma_result result;
	bool answered;
	bool dump;     /* a new crash dump appears */
	bool watchdog; /* the hardware watchdog fired */
	bool changed;
	bool accused;
	enum daruma_ending previous;
	enum daruma_request request;
	uint32_t healthy_minutes; /* 0: what the record has */
};

extern const struct life_end life_good, life_clean, life_asleep, life_panic, life_watchdog,
	life_reset;
extern const struct life_end life_reset_changed; /* something had changed before it */
extern const struct life_end life_repaired;	 /* an orderly end of safe, and a trial next */
extern const struct life_end life_no_blame;	 /* an orderly end of safe, and aside next */

/* A machine after installation: two starts and a good answer, so that counting is on. The limits are the default. */
void life_begin(struct life *life);

/* One start of the stage. Returns what it decides. */
enum daruma_rung life_start(struct life *life);

/* The operating system runs and ends so, and the stage starts again. Returns what it decides then. */
enum daruma_rung life_go_on(struct life *life, struct life_end end);

/* Goes on `count` times with the same end, and fails the test where a start is not `rungs[i]`. */
void life_expect(struct life *life, struct life_end end, const enum daruma_rung *rungs,
		 size_t count);

/* By three panics. */
void life_reach_safe(struct life *life);

#define EXPECT(life, end, ...)                                                                     \
	do {                                                                                       \
		const enum daruma_rung rungs[] = { __VA_ARGS__ };                                  \
		life_expect(life, end, rungs, sizeof(rungs) / sizeof(rungs[0]));                   \
	} while (0)

#define NORMAL DARUMA_RUNG_NORMAL
#define HELD   DARUMA_RUNG_HELD
#define TRIAL  DARUMA_RUNG_TRIAL
#define SAFE   DARUMA_RUNG_SAFE
#define RESCUE DARUMA_RUNG_RESCUE
#define ASIDE  DARUMA_RUNG_ASIDE

#endif
