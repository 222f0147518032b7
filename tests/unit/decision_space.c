/* decision_space.c: every state and every input of the decision, numbered
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/decision_space.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const uint8_t space_install[16] = { 1, 2, 3 };
const uint8_t space_last_boot[16] = { 9, 9, 9 };
const uint8_t space_this_boot[16] = { 7, 7, 7 };
const uint8_t space_other_boot[16] = { 8, 8, 8 };

static const uint8_t panics[] = { 0, 1, 2, 3 };
static const uint8_t watchdogs[] = { 0, 2 };
static const uint8_t unexplained[] = { 0, 3, 4 };
static const uint8_t starts[] = { 0, 12 };
static const uint8_t proof[] = { 0, 60 };
static const uint8_t aside[] = { 0, 7 };
static const uint16_t cooldowns[] = { 0, 10080 };
static const enum daruma_ending classes[] = { DARUMA_ENDING_NONE, DARUMA_ENDING_PANIC,
					      DARUMA_ENDING_WATCHDOG, DARUMA_ENDING_UNEXPLAINED };
static const enum daruma_ending endings[] = { DARUMA_ENDING_NONE, DARUMA_ENDING_PANIC,
					      DARUMA_ENDING_WATCHDOG, DARUMA_ENDING_UNEXPLAINED,
					      DARUMA_ENDING_LATE };
static const enum daruma_ending previous[] = { DARUMA_ENDING_NONE, DARUMA_ENDING_OPERATOR,
					       DARUMA_ENDING_PANIC, DARUMA_ENDING_WATCHDOG };

void space_frame(struct daruma_situation *ret)
{
	struct daruma_limits limits;

	memset(ret, 0, sizeof(*ret));
	daruma_limits_default(&limits);
	ret->thresholds = limits.thresholds;
	memcpy(ret->install, space_install, 16);
	memcpy(ret->boot_id, space_this_boot, 16);
}

/* One digit of a mixed-radix number. */
static unsigned take(uint64_t *number, unsigned radix)
{
	unsigned digit = (unsigned)(*number % radix);

	*number /= radix;
	return digit;
}

bool space_state(uint64_t number, struct daruma_record *ret)
{
	memset(ret, 0, sizeof(*ret));
	memcpy(ret->install, space_install, 16);
	memcpy(ret->boot_id, space_last_boot, 16);
	ret->rung = take(&number, DARUMA_RUNG_COUNT);
	ret->armed = take(&number, 2);
	ret->changed = take(&number, 2);
	ret->accused = take(&number, 2);
	ret->incident_open = take(&number, 2);
	ret->trial_repeated = take(&number, 2);
	ret->tries_left = (uint8_t)take(&number, 3);
	ret->counters.panic = panics[take(&number, COUNT(panics))];
	ret->counters.watchdog = watchdogs[take(&number, COUNT(watchdogs))];
	ret->counters.unexplained = unexplained[take(&number, COUNT(unexplained))];
	ret->incident_class = classes[take(&number, COUNT(classes))];
	ret->last_ending = endings[take(&number, COUNT(endings))];
	ret->incident_starts = starts[take(&number, COUNT(starts))];
	ret->proof_minutes = proof[take(&number, COUNT(proof))];
	ret->aside_starts = aside[take(&number, COUNT(aside))];
	ret->cooldown[0] = cooldowns[take(&number, COUNT(cooldowns))];
	ret->cooldown[1] = cooldowns[take(&number, COUNT(cooldowns))];
	return number == 0;
}

static bool answer_at(uint64_t number, struct daruma_answer *ret)
{
	memcpy(ret->boot_id, space_last_boot, 16);
	ret->result = take(&number, DARUMA_RESULT_COUNT);
	ret->changed = take(&number, 2);
	ret->accused = take(&number, 2);
	ret->previous = previous[take(&number, COUNT(previous))];
	ret->request = take(&number, DARUMA_REQUEST_COUNT);
	return number == 0;
}

bool space_input(uint64_t number, struct daruma_situation *situation)
{
	unsigned evidence = take(&number, 3);

	memset(&situation->dumps, 0, sizeof(situation->dumps));
	if (evidence == 1)
		situation->dumps = (struct daruma_dumps){ .count = 1, .sum = 5, .newest = 1000 };
	situation->watchdog_fired = evidence == 2;
	memset(&situation->answer, 0, sizeof(situation->answer));
	situation->answer_state = number == 0 ? DARUMA_STATE_ABSENT : DARUMA_STATE_VALID;
	return number == 0 || answer_at(number - 1, &situation->answer);
}

uint64_t space_stride(uint64_t quick)
{
	return getenv("EVERY_CASE") ? 1 : quick;
}
