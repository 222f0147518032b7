/* ending.h: how the last start ended, and what that adds to the record
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_POLICY_ENDING_H
#define DARUMA_POLICY_ENDING_H

#include <stdbool.h>

#include "policy/answer.h"
#include "policy/record.h"
#include "policy/words.h"

/* What is known of the start that `record` tells of. */
struct daruma_traces {
	const struct daruma_answer *answer; /* NULL where none answers this very start (R2) */
	struct daruma_dumps dumps;	    /* crash dumps present now */
	bool watchdog_fired;		    /* reset status of a hardware watchdog */
};

/* The class of the ending (R4). A good answer counts only for starts that ran the machine as its owner set
 * it up: "good" from safe or rescue is an orderly end and no more. */
enum daruma_ending daruma_ending_classify(const struct daruma_record *record,
					  const struct daruma_traces *traces);

/* Whether the class is a failure to start: panic, watchdog or unexplained. */
bool daruma_ending_is_failure(enum daruma_ending ending);

/* Changes `record` by what the answer and the ending say: correction of the ending before (SysRq, NMI; a late
 * crash that names a watched product that changed counts as a panic after all), counters, changed, accused, healthy
 * time, dumps seen. Only a good answer resets counters. The rung and what belongs to it are left to the decision. */
void daruma_ending_account(struct daruma_record *record, const struct daruma_traces *traces,
			   enum daruma_ending ending);

#endif
