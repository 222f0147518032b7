/* test_decision.c: every state times every input, as properties of one decision
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Each decision is made twice, by the objects built for the host and by those built for firmware (the same
 * symbols with the prefix firmware_), and both must agree in every field.
 */
#include "policy/decision.h"

#include <string.h>

#include "tests/unit/decision_space.h"
#include "tests/unit/suite.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void firmware_daruma_decide(const struct daruma_situation *situation, struct daruma_decision *ret);

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
	       one->proof_minutes == two->proof_minutes && one->aside_starts == two->aside_starts &&
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
	       one->watched == two->watched && same_record(&one->next, &two->next);
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

/* The start before crashed after health, and the OS found that a product that changed did it: counted late. */
static bool late_named(const struct daruma_situation *situation)
{
	return situation->record.last_ending == DARUMA_ENDING_LATE &&
	       situation->answer_state == DARUMA_STATE_VALID && situation->answer.accused &&
	       situation->answer.previous == DARUMA_ENDING_PANIC;
}

/* The OS asked for a repair should the machine crash once more after health, and so it did. */
static bool late_again(const struct daruma_situation *situation)
{
	return situation->answer_state == DARUMA_STATE_VALID &&
	       situation->answer.request == DARUMA_REQUEST_REPAIR &&
	       situation->answer.result == DARUMA_RESULT_GOOD && situation->dumps.count > 0;
}

static bool is_watched(const struct daruma_situation *situation,
		       const struct daruma_decision *decision)
{
	bool resumes = situation->answer_state == DARUMA_STATE_VALID &&
		       situation->answer.result == DARUMA_RESULT_HIBERNATED;

	return !resumes && !decision->forget && !is_repair(decision->rung) &&
	       decision->rung != DARUMA_RUNG_ASIDE;
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
	bool crashed = situation->dumps.count > 0 || situation->watchdog_fired;
	bool on_ladder = before->incident_open || before->rung == DARUMA_RUNG_ASIDE;

	if (memcmp(next->boot_id, space_this_boot, 16) != 0 ||
	    memcmp(next->install, space_install, 16) != 0)
		return "the next record is signed by this start";
	if (!next->armed &&
	    (decision->rung != DARUMA_RUNG_NORMAL || failures(next) > failures(before)))
		return "nothing is counted and nothing chosen before the record is armed";
	if (!failed && automatic && !late_again(situation))
		return "clean stops, hibernations and good answers lead to no repair";
	if (!failed && failures(next) > failures(before) + (late_named(situation) ? 1 : 0))
		return "clean stops and hibernations are no failures";
	if (answered && result == DARUMA_RESULT_HIBERNATED && decision->rung != DARUMA_RUNG_NORMAL)
		return "a hibernated system resumes from its normal target";
	if (answered && result != DARUMA_RESULT_GOOD && failures(next) + 1 < failures(before))
		return "only a good answer resets counters; a correction moves one";
	if (automatic && !on_ladder && !crashed && !next->changed &&
	    next->counters.panic + next->counters.watchdog < 2)
		return "unexplained resets without a change never select safe (R38)";
	if (automatic && next->incident_starts > 12)
		return "at most 12 starts in one incident (R37)";
	if (decision->reason == DARUMA_REASON_LATE_CRASHES && !late_again(situation))
		return "a repair is asked for a crash after health, and comes for nothing else "
		       "(R6)";
	if (automatic && !next->incident_open)
		return "an automatic repair is an incident";
	if (automatic && next->incident != before->incident && before->cooldown[0] > 0)
		return "a new incident needs a token (R37)";
	if (automatic && before->proof_minutes && before->incident_starts < 12 &&
	    decision->reason != DARUMA_REASON_LAST_RESORT && next->incident != before->incident)
		return "before an hour of health it is the same incident (R26)";
	if (decision->reason == DARUMA_REASON_LAST_RESORT && next->incident == before->incident)
		return "the last resort is an incident of its own (R37)";
	if (automatic && !decision->next.tries_left && before->rung != decision->rung &&
	    situation->thresholds.safe_tries > 1)
		return "entering a repair rung leaves a second try";
	if (decision->watched != is_watched(situation, decision))
		return "a start with products on that counts is watched, and no other (R5)";
	if (decision->forget != (answered && request == DARUMA_REQUEST_FORGET))
		return "Daruma is forgotten when, and only when, the owner asks";
	return NULL;
}

/* R3: the try is in the record that is written before hand-over; R7 and R2 have their own tests below. */
START_TEST(test_every_state_times_every_input)
{
	struct daruma_situation situation;
	uint64_t decisions = 0;
	uint64_t stride = space_stride(503), states = 0;

	space_frame(&situation);
	for (uint64_t state = 0; space_state(state, &situation.record); state += stride) {
		states++;
		for (uint64_t input = 0; space_input(input, &situation); input++) {
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
	/* The loops ended where the space does. */
	ck_assert_uint_eq(states, (SPACE_STATES + stride - 1) / stride);
	ck_assert_uint_eq(decisions, states * SPACE_INPUTS);
}
END_TEST

/* R2: an answer to another start is no answer. */
START_TEST(test_answer_to_another_start_changes_nothing)
{
	struct daruma_situation with, without;

	space_frame(&with);
	for (uint64_t state = 0; space_state(state, &with.record); state += space_stride(7 * 31)) {
		for (uint64_t input = 3; space_input(input, &with); input += space_stride(5)) {
			struct daruma_decision one, two, firmware;

			without = with;
			without.answer_state = DARUMA_STATE_ABSENT;
			memset(&without.answer, 0, sizeof(without.answer));
			memcpy(with.answer.boot_id, space_other_boot, 16);
			daruma_decide(&with, &one);
			daruma_decide(&without, &two);
			firmware_daruma_decide(&with, &firmware);
			expect_same(&one, &two, state, input);
			expect_same(&one, &firmware, state, input);
		}
	}
}
END_TEST

/* A damaged or newer answer is no answer either. */
START_TEST(test_unreadable_answer_changes_nothing)
{
	static const enum daruma_state unreadable[] = { DARUMA_STATE_DAMAGED, DARUMA_STATE_NEWER };
	struct daruma_situation situation;

	space_frame(&situation);
	for (uint64_t state = 0; space_state(state, &situation.record); state += space_stride(11)) {
		struct daruma_decision one, two, firmware;

		situation.answer_state = DARUMA_STATE_ABSENT;
		daruma_decide(&situation, &one);
		for (size_t i = 0; i < COUNT(unreadable); i++) {
			situation.answer_state = unreadable[i];
			daruma_decide(&situation, &two);
			firmware_daruma_decide(&situation, &firmware);
			expect_same(&one, &two, state, i);
			expect_same(&one, &firmware, state, i);
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

	space_frame(&situation);
	for (int state = DARUMA_STATE_ABSENT; state < DARUMA_STATE_COUNT; state++) {
		for (uint64_t input = 0; space_input(input, &situation); input++) {
			struct daruma_decision decision, firmware;

			situation.record_state = (enum daruma_state)state;
			daruma_decide(&situation, &decision);
			firmware_daruma_decide(&situation, &firmware);
			expect_same(&decision, &firmware, (uint64_t)state, input);
			ck_assert_int_eq(decision.rung, DARUMA_RUNG_NORMAL);
			ck_assert_int_eq(decision.reason, reasons[state]);
			ck_assert(!decision.next.armed);
			ck_assert(!decision.forget);
			ck_assert_uint_eq(failures(&decision.next), 0);
		}
	}
}
END_TEST

/* What must hold of a decision with a choice, against the one without; the name of the broken property, or NULL. */
static const char *broken_choice(const struct daruma_situation *situation,
				 const struct daruma_decision *with,
				 const struct daruma_decision *without)
{
	static const enum daruma_rung rungs[DARUMA_CHOICE_COUNT] = {
		[DARUMA_CHOICE_NORMAL] = DARUMA_RUNG_NORMAL,
		[DARUMA_CHOICE_SAFE] = DARUMA_RUNG_SAFE,
		[DARUMA_CHOICE_RESCUE] = DARUMA_RUNG_RESCUE,
	};
	const struct daruma_record *before = &situation->record;
	const struct daruma_record *next = &with->next;
	const struct daruma_record *other = &without->next;

	if (without->forget || without->reason == DARUMA_REASON_HIBERNATED)
		return same_decision(with, without) ?
			       NULL :
			       "leaving and a hibernation image go before a choice";
	if (with->rung != rungs[situation->choice] || next->rung != with->rung)
		return "what was chosen is started";
	if (with->reason != DARUMA_REASON_MENU || next->reason != DARUMA_REASON_MENU)
		return "a choice is its own reason (R34)";
	if (memcmp(&next->counters, &other->counters, sizeof(next->counters)) != 0 ||
	    next->last_ending != other->last_ending || next->armed != other->armed ||
	    next->changed != other->changed || next->accused != other->accused)
		return "a choice changes nothing of what is counted";
	if (next->incident != before->incident || next->incident_open > before->incident_open)
		return "a choice opens no incident (R34)";
	if (next->cooldown[0] > before->cooldown[0] || next->cooldown[1] > before->cooldown[1])
		return "a choice takes no token";
	if (with->rung != DARUMA_RUNG_NORMAL && next->incident_starts == 0)
		return "tries are used up before hand-over (R3)";
	return NULL;
}

/* R34: a person at the keyboard, at every state and input. */
START_TEST(test_every_choice_of_a_person)
{
	struct daruma_situation situation;

	space_frame(&situation);
	for (uint64_t state = 0; space_state(state, &situation.record);
	     state += space_stride(11 * 13)) {
		for (uint64_t input = state % 7; space_input(input, &situation); input += 7) {
			struct daruma_decision with, without, firmware;
			const char *broken;

			situation.choice = DARUMA_CHOICE_NONE;
			daruma_decide(&situation, &without);
			situation.choice = 1 + (enum daruma_choice)(input / 7 % 3);
			daruma_decide(&situation, &with);
			firmware_daruma_decide(&situation, &firmware);
			expect_same(&with, &firmware, state, input);
			broken = broken_choice(&situation, &with, &without);
			if (broken)
				ck_abort_msg("state %llu input %llu: %s", (unsigned long long)state,
					     (unsigned long long)input, broken);
		}
	}
}
END_TEST

/* R7, R34: a choice needs no record, and what cannot be trusted is begun afresh all the same. */
START_TEST(test_choice_needs_no_record)
{
	struct daruma_situation situation;

	space_frame(&situation);
	situation.record.counters.panic = 3; /* of a record that is no use */
	situation.record.incident_open = true;
	for (int state = DARUMA_STATE_ABSENT; state < DARUMA_STATE_COUNT; state++) {
		struct daruma_decision decision;

		situation.record_state = (enum daruma_state)state;
		situation.choice = DARUMA_CHOICE_SAFE;
		daruma_decide(&situation, &decision);
		ck_assert_int_eq(decision.rung, DARUMA_RUNG_SAFE);
		ck_assert_int_eq(decision.reason, DARUMA_REASON_MENU);
		ck_assert(!decision.next.armed && !decision.next.incident_open);
		ck_assert_uint_eq(failures(&decision.next), 0);
		ck_assert_uint_eq(decision.next.starts, 1);
	}
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("decision");

	tcase_add_test(suite_case(all, "exhaustive", 3600), test_every_state_times_every_input);
	TCase *answers = suite_case(all, "answers", 3600);
	tcase_add_test(answers, test_answer_to_another_start_changes_nothing);
	tcase_add_test(answers, test_unreadable_answer_changes_nothing);
	tcase_add_test(suite_case(all, "record", 60), test_untrusted_record_is_normal);
	TCase *choices = suite_case(all, "choices", 600);
	tcase_add_test(choices, test_every_choice_of_a_person);
	tcase_add_test(choices, test_choice_needs_no_record);
	return all;
}
