/* test_decision_reach.c: what a row of starts leads to, from whatever state it begins
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * test_decision.c says what one decision may do, test_ladder.c tells lives of a machine that was just installed. Here
 * the same ending comes again and again, from each state that a record can be in.
 */
#include "policy/decision.h"

#include <string.h>

#include "tests/unit/decision_space.h"
#include "tests/unit/suite.h"

#define QUICK 37

/* One way for a start to end. */
struct end {
	bool dump;
	bool watchdog;
	bool answered;
	struct daruma_answer answer; /* but for the start that it answers */
};

static const struct end panic = { .dump = true };
static const struct end watchdog = { .watchdog = true };
static const struct end reset = { .dump = false };
static const struct end reset_changed = { .answered = true, .answer.changed = true };
static const struct end operator_again = { .dump = true,
					   .answered = true,
					   .answer.previous = DARUMA_ENDING_OPERATOR };
static const struct end good = { .answered = true, .answer.result = DARUMA_RESULT_GOOD };

/* What an owner may set, at its edges. */
static const struct daruma_thresholds limits_strict = { .panic = 3,
							.unexplained = 5,
							.safe_tries = 1,
							.rescue_tries = 1,
							.incident_starts = 1,
							.aside_starts = 4,
							.incidents = 1,
							.incident_gap = 60,
							.token_return = 60 };

/* Each state with the default limits and with others, one after the other; false when all have been seen. */
static bool machine_at(uint64_t number, struct daruma_situation *ret)
{
	space_frame(ret);
	ret->record_state = DARUMA_STATE_VALID;
	if (number % 2)
		ret->thresholds = limits_strict;
	return space_state(number / 2, &ret->record);
}

/* The start that the record tells of ends so; the rung of the one after it. */
static enum daruma_rung live(struct daruma_situation *machine, const struct end *end)
{
	struct daruma_decision decision;

	machine->watchdog_fired = end->watchdog;
	if (end->dump)
		machine->dumps =
			(struct daruma_dumps){ .count = 1, .newest = machine->dumps.newest + 60 };
	machine->answer_state = end->answered ? DARUMA_STATE_VALID : DARUMA_STATE_ABSENT;
	machine->answer = end->answer;
	memcpy(machine->answer.boot_id, machine->record.boot_id, 16);
	machine->boot_id[15]++;
	daruma_decide(machine, &decision);
	machine->record = decision.next;
	return decision.rung;
}

static bool is_repair(enum daruma_rung rung)
{
	return rung == DARUMA_RUNG_SAFE || rung == DARUMA_RUNG_RESCUE;
}

static bool leaves_normal(enum daruma_rung rung)
{
	return is_repair(rung) || rung == DARUMA_RUNG_ASIDE;
}

/* How many ends of this kind it takes until a rung fits; `most` and one more when it never does. */
static int ends_until(struct daruma_situation machine, const struct end *end,
		      bool (*fits)(enum daruma_rung), int most)
{
	int count = 1;

	while (count <= most && !fits(live(&machine, end)))
		count++;
	return count;
}

/* Not an assertion for each: Check writes a line for every one that holds, and there are hundreds of thousands. */
static void expect_at_most(const struct daruma_situation *machine, uint64_t state,
			   const struct end *end, bool (*fits)(enum daruma_rung), int most)
{
	if (ends_until(*machine, end, fits, most) > most)
		ck_abort_msg("state %llu: not reached after %d", (unsigned long long)state, most);
}

static bool is_no_plain_start(enum daruma_rung rung)
{
	return rung != DARUMA_RUNG_NORMAL && rung != DARUMA_RUNG_TRIAL;
}

/* The limits promise that `panic` crashes are enough for another start than a plain one. */
START_TEST(crashes_lead_to_held_or_safe_from_any_state)
{
	struct daruma_situation machine;

	for (uint64_t state = 0; machine_at(state, &machine); state += space_stride(QUICK)) {
		if (!machine.record.armed)
			continue;
		expect_at_most(&machine, state, &panic, is_no_plain_start,
			       machine.thresholds.panic);
		expect_at_most(&machine, state, &watchdog, is_no_plain_start,
			       machine.thresholds.panic);
	}
}
END_TEST

/* R37: with a token there is a repair before the machine stands aside. */
START_TEST(crashes_lead_to_a_repair_where_a_token_is_there)
{
	struct daruma_situation machine;

	for (uint64_t state = 0; machine_at(state, &machine); state += space_stride(QUICK)) {
		const struct daruma_record *record = &machine.record;
		bool spent = record->incident_open || record->cooldown[0] || record->cooldown[1];

		if (record->armed && !spent && record->rung != DARUMA_RUNG_ASIDE)
			expect_at_most(&machine, state, &panic, is_repair,
				       machine.thresholds.panic + 1);
	}
}
END_TEST

/* The limits promise that one crash more than `panic` leads away from the normal target. A trial that ended by
 * another kind before is repeated once, within that. */
START_TEST(crashes_lead_to_safe_from_any_state)
{
	struct daruma_situation machine;

	for (uint64_t state = 0; machine_at(state, &machine); state += space_stride(QUICK)) {
		int most = machine.thresholds.panic + 1;

		if (!machine.record.armed)
			continue;
		expect_at_most(&machine, state, &panic, leaves_normal, most);
		expect_at_most(&machine, state, &watchdog, leaves_normal, most);
	}
}
END_TEST

START_TEST(resets_with_a_change_lead_to_safe_from_any_state)
{
	struct daruma_situation machine;

	for (uint64_t state = 0; machine_at(state, &machine); state += space_stride(QUICK))
		if (machine.record.armed)
			expect_at_most(&machine, state, &reset_changed, leaves_normal,
				       machine.thresholds.unexplained);
}
END_TEST

static bool is_aside(enum daruma_rung rung)
{
	return rung == DARUMA_RUNG_ASIDE;
}

/* Each rung has its tries; behind the last one the machine stands aside. */
START_TEST(crashes_lead_aside_from_any_state)
{
	struct daruma_situation machine;

	for (uint64_t state = 0; machine_at(state, &machine); state += space_stride(QUICK)) {
		const struct daruma_thresholds *limits = &machine.thresholds;

		if (machine.record.armed)
			expect_at_most(&machine, state, &panic, is_aside,
				       limits->panic + 1 + limits->safe_tries +
					       limits->rescue_tries);
	}
}
END_TEST

/* R3, R37: no way to circle for ever. Without healthy time no throttle token comes back, so what is left of an open
 * incident and one new incident are all that is spent, and then every start is aside. */
START_TEST(crashes_for_ever_end_aside)
{
	struct daruma_situation machine;

	static const struct end *const ends[] = { &panic, &watchdog };

	for (uint64_t state = 0; machine_at(state, &machine); state += space_stride(QUICK)) {
		int repairs = 0, late = 0;

		if (!machine.record.armed)
			continue;
		for (int i = 0; i < 60; i++) {
			enum daruma_rung rung = live(&machine, ends[state / 4 % 2]);

			repairs += is_repair(rung);
			late += i >= 30 && rung != DARUMA_RUNG_ASIDE;
		}
		if (repairs >
			    2 * (machine.thresholds.safe_tries + machine.thresholds.rescue_tries) ||
		    late)
			ck_abort_msg("state %llu: %d repairs, %d of the last 30 not aside",
				     (unsigned long long)state, repairs, late);
	}
}
END_TEST

/* R38: neither resets that nothing explains nor an operator's panics are evidence, however many there are. */
START_TEST(no_evidence_leads_to_no_repair_from_any_state)
{
	static const struct end *const ends[] = { &reset, &operator_again };
	struct daruma_situation machine, again;

	for (uint64_t state = 0; machine_at(state, &machine); state += space_stride(QUICK)) {
		const struct daruma_record *record = &machine.record;

		if (!record->armed || record->incident_open || record->changed ||
		    record->rung == DARUMA_RUNG_ASIDE ||
		    record->counters.panic + record->counters.watchdog > 0)
			continue;
		for (int i = 0; i < 2; i++) {
			again = machine;
			if (ends_until(again, ends[i], leaves_normal, 30) <= 30)
				ck_abort_msg("state %llu: ending %d led to a repair",
					     (unsigned long long)state, i);
		}
	}
}
END_TEST

/* Two good answers (the first may be that of a safe start, which is an orderly end and no more) close everything. */
START_TEST(health_ends_everything_from_any_state)
{
	struct daruma_situation machine;

	for (uint64_t state = 0; machine_at(state, &machine); state += space_stride(QUICK)) {
		const struct daruma_counters *counters = &machine.record.counters;
		enum daruma_rung rung;

		live(&machine, &good);
		rung = live(&machine, &good);
		if (rung != DARUMA_RUNG_NORMAL || machine.record.incident_open ||
		    counters->panic + counters->watchdog + counters->unexplained > 0)
			ck_abort_msg("state %llu: %s after two good answers",
				     (unsigned long long)state, daruma_rung_name(rung));
	}
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("decision_reach");
	TCase *tests = suite_case(all, "reach", 1200);

	tcase_add_test(tests, crashes_lead_to_held_or_safe_from_any_state);
	tcase_add_test(tests, crashes_lead_to_safe_from_any_state);
	tcase_add_test(tests, crashes_lead_to_a_repair_where_a_token_is_there);
	tcase_add_test(tests, resets_with_a_change_lead_to_safe_from_any_state);
	tcase_add_test(tests, crashes_lead_aside_from_any_state);
	tcase_add_test(tests, crashes_for_ever_end_aside);
	tcase_add_test(tests, no_evidence_leads_to_no_repair_from_any_state);
	tcase_add_test(tests, health_ends_everything_from_any_state);
	return all;
}
