/* life.c: a machine that lives through starts
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/life.h"

#include <check.h>
#include <string.h>

const struct life_end life_good = { .answered = true, .result = DARUMA_RESULT_GOOD };
const struct life_end life_clean = { .answered = true, .result = DARUMA_RESULT_CLEAN };
const struct life_end life_asleep = { .answered = true, .result = DARUMA_RESULT_HIBERNATED };
const struct life_end life_panic = { .dump = true };
const struct life_end life_watchdog = { .watchdog = true };
const struct life_end life_reset = { 0 };
const struct life_end life_reset_changed = { .answered = true, .changed = true };
const struct life_end life_repaired = { .answered = true,
					.result = DARUMA_RESULT_CLEAN,
					.request = DARUMA_REQUEST_TRIAL };
const struct life_end life_no_blame = { .answered = true,
					.result = DARUMA_RESULT_CLEAN,
					.request = DARUMA_REQUEST_ASIDE };

enum daruma_rung life_start(struct life *life)
{
	life->serial++;
	memcpy(life->situation.boot_id, &life->serial, sizeof(life->serial));
	daruma_decide(&life->situation, &life->decision);
	life->situation.record = life->decision.next;
	life->situation.record_state = DARUMA_STATE_VALID;
	life->situation.watchdog_fired = false;
	return life->decision.rung;
}

static void answer(struct life *life, const struct life_end *end)
{
	const struct daruma_record *record = &life->situation.record;
	struct daruma_answer *answer = &life->situation.answer;

	memset(answer, 0, sizeof(*answer));
	memcpy(answer->boot_id, record->boot_id, sizeof(answer->boot_id));
	answer->result = end->result;
	answer->changed = end->changed;
	answer->accused = end->accused;
	answer->previous = end->previous;
	answer->request = end->request;
	answer->healthy_minutes =
		end->healthy_minutes ? end->healthy_minutes : record->healthy_minutes;
	life->situation.answer_state = DARUMA_STATE_VALID;
}

enum daruma_rung life_go_on(struct life *life, struct life_end end)
{
	if (end.answered)
		answer(life, &end);
	if (end.dump) {
		life->situation.dumps.count = 1;
		life->situation.dumps.newest += 60;
		life->situation.dumps.sum += 77;
	}
	life->situation.watchdog_fired = end.watchdog;
	return life_start(life);
}

void life_begin(struct life *life)
{
	struct daruma_limits limits;

	memset(life, 0, sizeof(*life));
	daruma_limits_default(&limits);
	life->situation.thresholds = limits.thresholds;
	life->situation.record_state = DARUMA_STATE_ABSENT;
	life->situation.answer_state = DARUMA_STATE_ABSENT;
	ck_assert_int_eq(life_start(life), NORMAL);
	ck_assert_int_eq(life_go_on(life, life_good), NORMAL);
	ck_assert(life->situation.record.armed);
}

void life_expect(struct life *life, struct life_end end, const enum daruma_rung *rungs,
		 size_t count)
{
	for (size_t i = 0; i < count; i++) {
		enum daruma_rung rung = life_go_on(life, end);

		ck_assert_msg(rung == rungs[i], "failure %zu gave %s, not %s", i + 1,
			      daruma_rung_name(rung), daruma_rung_name(rungs[i]));
	}
}

void life_reach_safe(struct life *life)
{
	EXPECT(life, life_panic, NORMAL, HELD, SAFE);
}
