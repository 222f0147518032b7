/* test_decision.c: every state times every input, as properties of one decision
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Each decision is made twice, by the objects built for the host and by those built for firmware (the same
 * symbols with the prefix firmware_), and both must agree in every field.
 */
#include "policy/decision.h"

#include <string.h>

#include "policy/throttle.h"
#include "tests/unit/suite.h"

void firmware_daruma_decide(const struct daruma_situation *situation, struct daruma_decision *ret);

static const uint8_t install[16] = { 1, 2, 3 };
static const uint8_t last_boot[16] = { 9, 9, 9 };
static const uint8_t this_boot[16] = { 7, 7, 7 };
static const uint8_t other_boot[16] = { 8, 8, 8 };

static const uint8_t panics[] = { 0, 1, 2, 3 };
static const uint8_t unexplained[] = { 0, 3, 4 };
static const uint8_t starts[] = { 0, 12 };
static const uint8_t aside[] = { 0, 7 };
static const uint16_t cooldowns[] = { 0, 10080 };
static const enum daruma_ending classes[] = { DARUMA_ENDING_NONE, DARUMA_ENDING_PANIC,
					      DARUMA_ENDING_UNEXPLAINED };
static const enum daruma_ending endings[] = { DARUMA_ENDING_NONE, DARUMA_ENDING_PANIC };
static const enum daruma_ending previous[] = { DARUMA_ENDING_NONE, DARUMA_ENDING_OPERATOR };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* One digit of a mixed-radix number: the odometer that walks the product of all values. */
static unsigned take(uint64_t *number, unsigned radix)
{
	unsigned digit = (unsigned)(*number % radix);

	*number /= radix;
	return digit;
}

/* Fills the record for state `number`; false when all states have been seen. */
static bool state_at(uint64_t number, struct daruma_record *record)
{
	memset(record, 0, sizeof(*record));
	memcpy(record->install, install, 16);
	memcpy(record->boot_id, last_boot, 16);
	record->rung = take(&number, DARUMA_RUNG_COUNT);
	record->armed = take(&number, 2);
	record->changed = take(&number, 2);
	record->accused = take(&number, 2);
	record->incident_open = take(&number, 2);
	record->trial_repeated = take(&number, 2);
	record->tries_left = (uint8_t)take(&number, 3);
	record->counters.panic = panics[take(&number, COUNT(panics))];
	record->counters.unexplained = unexplained[take(&number, COUNT(unexplained))];
	record->incident_class = classes[take(&number, COUNT(classes))];
	record->last_ending = endings[take(&number, COUNT(endings))];
	record->incident_starts = starts[take(&number, COUNT(starts))];
	record->aside_starts = aside[take(&number, COUNT(aside))];
	record->cooldown[0] = cooldowns[take(&number, COUNT(cooldowns))];
	return number == 0;
}

/* Fills everything but the record for input `number`; false when all inputs have been seen. */
static bool input_at(uint64_t number, struct daruma_situation *situation)
{
	unsigned evidence = take(&number, 3);

	memset(&situation->dumps, 0, sizeof(situation->dumps));
	if (evidence == 1)
		situation->dumps = (struct daruma_dumps){ .count = 1, .sum = 5, .newest = 1000 };
	situation->watchdog_fired = evidence == 2;
	memset(&situation->answer, 0, sizeof(situation->answer));
	situation->answer_state = number == 0 ? DARUMA_STATE_ABSENT : DARUMA_STATE_VALID;
	if (number == 0)
		return true;
	number--;
	memcpy(situation->answer.boot_id, last_boot, 16);
	situation->answer.result = take(&number, DARUMA_RESULT_COUNT);
	situation->answer.changed = take(&number, 2);
	situation->answer.previous = previous[take(&number, COUNT(previous))];
	situation->answer.request = take(&number, DARUMA_REQUEST_COUNT);
	return number == 0;
}

static void frame(struct daruma_situation *situation)
{
	struct daruma_limits limits;

	memset(situation, 0, sizeof(*situation));
	daruma_limits_default(&limits);
	situation->thresholds = limits.thresholds;
	memcpy(situation->install, install, 16);
	memcpy(situation->boot_id, this_boot, 16);
}

static bool same_record(const struct daruma_record *one, const struct daruma_record *two)
{
	return memcmp(one->install, two->install, 16) == 0 &&
	       memcmp(one->boot_id, two->boot_id, 16) == 0 && one->armed == two->armed &&
	       one->changed == two->changed && one->accused == two->accused &&
	       one->incident_open == two->incident_open &&
	       one->trial_repeated == two->trial_repeated && one->rung == two->rung &&
	       one->tries_left == two->tries_left && one->last_ending == two->last_ending &&
	       memcmp(&one->counters, &two->counters, sizeof(one->counters)) == 0 &&
	       one->incident_class == two->incident_class && one->incident == two->incident &&
	       one->incident_starts == two->incident_starts &&
	       one->aside_starts == two->aside_starts &&
	       memcmp(one->cooldown, two->cooldown, sizeof(one->cooldown)) == 0 &&
	       one->healthy_minutes == two->healthy_minutes &&
	       one->dumps.count == two->dumps.count && one->dumps.sum == two->dumps.sum &&
	       one->dumps.newest == two->dumps.newest &&
	       memcmp(one->argument, two->argument, sizeof(one->argument)) == 0 &&
	       one->watchdog == two->watchdog && one->reason == two->reason &&
	       one->starts == two->starts;
}

static bool same_decision(const struct daruma_decision *one, const struct daruma_decision *two)
{
	return one->rung == two->rung && one->reason == two->reason && one->forget == two->forget &&
	       same_record(&one->next, &two->next);
}

/* Not an assertion of its own: Check writes a line for each that holds, and there are millions. */
static void expect_same(const struct daruma_decision *one, const struct daruma_decision *two,
			uint64_t state, uint64_t input)
{
	if (!same_decision(one, two))
		ck_abort_msg("state %llu input %llu", (unsigned long long)state,
			     (unsigned long long)input);
}

/* An independent reading of how the start before ended. */
static bool ended_in_failure(const struct daruma_situation *situation)
{
	enum daruma_result result = situation->answer.result;
	bool safe = situation->record.rung == DARUMA_RUNG_SAFE ||
		    situation->record.rung == DARUMA_RUNG_RESCUE;
	bool dump = situation->dumps.count > 0;

	if (situation->answer_state != DARUMA_STATE_VALID || result == DARUMA_RESULT_NONE)
		return true;
	if (result == DARUMA_RESULT_HIBERNATED)
		return false;
	return dump && !(result == DARUMA_RESULT_GOOD && !safe);
}

static bool is_repair(enum daruma_rung rung)
{
	return rung == DARUMA_RUNG_SAFE || rung == DARUMA_RUNG_RESCUE;
}

static unsigned failures(const struct daruma_record *record)
{
	return record->counters.panic + record->counters.watchdog + record->counters.unexplained;
}

/* What must hold of any decision on a sound record; the name of the broken property, or NULL. */
static const char *broken_property(const struct daruma_situation *situation,
				   const struct daruma_decision *decision)
{
	const struct daruma_record *before = &situation->record;
	const struct daruma_record *next = &decision->next;
	bool answered = situation->answer_state == DARUMA_STATE_VALID;
	enum daruma_request request = situation->answer.request;
	enum daruma_result result = situation->answer.result;
	bool failed = ended_in_failure(situation);
	bool automatic = is_repair(decision->rung) && request != DARUMA_REQUEST_SAFE;
	bool on_ladder = before->rung != DARUMA_RUNG_NORMAL && before->rung != DARUMA_RUNG_HELD;

	if (memcmp(next->boot_id, this_boot, 16) != 0 || memcmp(next->install, install, 16) != 0)
		return "the next record is signed by this start";
	if (!next->armed &&
	    (decision->rung != DARUMA_RUNG_NORMAL || failures(next) > failures(before)))
		return "nothing is counted and nothing chosen before the record is armed";
	if (!failed && automatic)
		return "clean stops, hibernations and good answers lead to no repair";
	if (!failed && failures(next) > failures(before))
		return "clean stops and hibernations are no failures";
	if (answered && result == DARUMA_RESULT_HIBERNATED && decision->rung != DARUMA_RUNG_NORMAL)
		return "a hibernated system resumes from its normal target";
	if (answered && result != DARUMA_RESULT_GOOD && failures(next) + 1 < failures(before))
		return "only a good answer resets counters; a correction moves one";
	if (automatic && !on_ladder && situation->dumps.count == 0 && !situation->watchdog_fired &&
	    !next->changed && next->counters.panic < 2)
		return "unexplained resets without a change never select safe (R38)";
	if (automatic && next->incident_starts > 12)
		return "at most 12 starts in one incident (R37)";
	if (automatic && !next->incident_open && !is_repair(before->rung))
		return "an automatic repair is an incident";
	if (automatic && next->incident != before->incident && before->cooldown[0] > 0)
		return "a new incident needs a token (R37)";
	if (automatic && !decision->next.tries_left && before->rung != decision->rung &&
	    situation->thresholds.safe_tries > 1)
		return "entering a repair rung leaves a second try";
	if (decision->forget != (answered && request == DARUMA_REQUEST_FORGET))
		return "Daruma is forgotten when, and only when, the owner asks";
	return NULL;
}

/* R3: the try is in the record that is written before hand-over; R7 and R2 have their own tests below. */
START_TEST(test_every_state_times_every_input)
{
	struct daruma_situation situation;
	uint64_t decisions = 0;

	frame(&situation);
	for (uint64_t state = 0; state_at(state, &situation.record); state++) {
		for (uint64_t input = 0; input_at(input, &situation); input++) {
			struct daruma_decision host, firmware;
			const char *broken;

			daruma_decide(&situation, &host);
			firmware_daruma_decide(&situation, &firmware);
			broken = same_decision(&host, &firmware) ?
					 broken_property(&situation, &host) :
					 "firmware and host objects agree";
			if (broken)
				ck_abort_msg("state %llu input %llu: %s (rung %s)",
					     (unsigned long long)state, (unsigned long long)input,
					     broken, daruma_rung_name(host.rung));
			decisions++;
		}
	}
	/* 331,776 states times 339 inputs: the loops ended where the odometer did. */
	ck_assert_uint_eq(decisions, 331776ull * 339);
}
END_TEST

/* R2: an answer to another start is no answer. */
START_TEST(test_answer_to_another_start_changes_nothing)
{
	struct daruma_situation with, without;

	frame(&with);
	for (uint64_t state = 0; state_at(state, &with.record); state += 7) {
		for (uint64_t input = 3; input_at(input, &with); input += 5) {
			struct daruma_decision one, two;

			without = with;
			without.answer_state = DARUMA_STATE_ABSENT;
			memset(&without.answer, 0, sizeof(without.answer));
			memcpy(with.answer.boot_id, other_boot, 16);
			daruma_decide(&with, &one);
			daruma_decide(&without, &two);
			expect_same(&one, &two, state, input);
		}
	}
}
END_TEST

/* A damaged or newer answer is no answer either. */
START_TEST(test_unreadable_answer_changes_nothing)
{
	static const enum daruma_state unreadable[] = { DARUMA_STATE_DAMAGED, DARUMA_STATE_NEWER };
	struct daruma_situation situation;

	frame(&situation);
	for (uint64_t state = 0; state_at(state, &situation.record); state += 11) {
		struct daruma_decision one, two;

		situation.answer_state = DARUMA_STATE_ABSENT;
		daruma_decide(&situation, &one);
		for (size_t i = 0; i < COUNT(unreadable); i++) {
			situation.answer_state = unreadable[i];
			daruma_decide(&situation, &two);
			expect_same(&one, &two, state, i);
		}
	}
}
END_TEST

/* R7: a record that is lost, damaged, newer or foreign gives the normal rung, with the reason. */
START_TEST(test_untrusted_record_is_normal)
{
	static const enum daruma_reason reasons[DARUMA_STATE_COUNT] = {
		[DARUMA_STATE_ABSENT] = DARUMA_REASON_RECORD_ABSENT,
		[DARUMA_STATE_DAMAGED] = DARUMA_REASON_RECORD_DAMAGED,
		[DARUMA_STATE_NEWER] = DARUMA_REASON_RECORD_NEWER,
		[DARUMA_STATE_FOREIGN] = DARUMA_REASON_RECORD_FOREIGN,
	};
	struct daruma_situation situation;

	frame(&situation);
	for (int state = DARUMA_STATE_ABSENT; state < DARUMA_STATE_COUNT; state++) {
		for (uint64_t input = 0; input_at(input, &situation); input++) {
			struct daruma_decision decision;

			situation.record_state = (enum daruma_state)state;
			daruma_decide(&situation, &decision);
			ck_assert_int_eq(decision.rung, DARUMA_RUNG_NORMAL);
			ck_assert_int_eq(decision.reason, reasons[state]);
			ck_assert(!decision.next.armed);
			ck_assert(!decision.forget);
			ck_assert_uint_eq(failures(&decision.next), 0);
		}
	}
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("decision");

	tcase_add_test(suite_case(all, "exhaustive", 300), test_every_state_times_every_input);
	TCase *answers = suite_case(all, "answers", 60);
	tcase_add_test(answers, test_answer_to_another_start_changes_nothing);
	tcase_add_test(answers, test_unreadable_answer_changes_nothing);
	tcase_add_test(suite_case(all, "record", 60), test_untrusted_record_is_normal);
	return all;
}
