/* decision.h: which rung the next start is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One pure call: (record, answer, limits, evidence) -> (rung, reason, next record). Total: every input has an
 * answer, and damage is an input. The rules are a table in decision.c; the first row that fits wins.
 *
 * A choice at the keyboard goes before all that is counted, also where the record is of no use. It opens no incident and
 * takes no token (R34); in an open one, or one on proof, a safe start that was chosen begins the count of its starts anew,
 * as one that was requested does. Two things go before it: a hibernation image that waits, and leaving.
 * Whether it was granted, the reason says.
 */
#ifndef DARUMA_POLICY_DECISION_H
#define DARUMA_POLICY_DECISION_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/answer.h"
#include "policy/evidence.h"
#include "policy/limits.h"
#include "policy/record.h"
#include "policy/words.h"

/* What a person at the keyboard wants of this start, once. */
enum daruma_choice {
	DARUMA_CHOICE_NONE, /* nobody chose */
	DARUMA_CHOICE_NORMAL,
	DARUMA_CHOICE_SAFE,
	DARUMA_CHOICE_RESCUE,
	DARUMA_CHOICE_COUNT,
};

/* Everything the decision may know. */
struct daruma_situation {
	enum daruma_state record_state;
	struct daruma_record record; /* as decoded */
	enum daruma_state answer_state;
	struct daruma_answer answer; /* as decoded */
	struct daruma_thresholds thresholds;
	struct daruma_dumps dumps;
	bool watchdog_fired;
	enum daruma_choice choice;
	uint8_t install[DARUMA_GUID_SIZE]; /* this installation */
	uint8_t boot_id[DARUMA_GUID_SIZE]; /* random, made for this start */
};

/* Watched is where products run and where the ending is counted (R5). The safe and the rescue profile must come up on a
 * machine whose system has lost the driver, aside changes nothing, and a system that resumes knows of no watchdog. */
struct daruma_decision {
	enum daruma_rung rung;
	enum daruma_reason reason;
	bool forget;  /* delete record, answer and our boot entry */
	bool watched; /* hand over with a watchdog that runs, where the limits want one */
	struct daruma_record next; /* to be written before hand-over (R3) */
};

void daruma_decide(const struct daruma_situation *situation, struct daruma_decision *ret);

#endif
