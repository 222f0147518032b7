/* test_ladder.c: sequences of starts, as a machine would live them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "policy/decision.h"
#include "policy/throttle.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/suite.h"

/* A machine: the stored record, the answer variable and the crash dumps that lie in the flash. */
struct machine {
	struct daruma_situation situation;
	struct daruma_decision decision;
	uint32_t serial;
};

/* How one start ends. */
struct end {
	enum daruma_result result;
	bool answered;
	bool dump;     /* a new crash dump appears */
	bool watchdog; /* the hardware watchdog fired */
	bool changed;
	bool accused;
	enum daruma_ending previous;
	enum daruma_request request;
	uint32_t healthy_minutes;
};

static const struct end good = { .answered = true, .result = DARUMA_RESULT_GOOD };
static const struct end clean = { .answered = true, .result = DARUMA_RESULT_CLEAN };
static const struct end asleep = { .answered = true, .result = DARUMA_RESULT_HIBERNATED };
static const struct end panic = { .dump = true };
static const struct end watchdog = { .watchdog = true };
static const struct end reset = { 0 };
static const struct end reset_changed = { .answered = true, .changed = true };
static const struct end repaired = { .answered = true,
				     .result = DARUMA_RESULT_CLEAN,
				     .request = DARUMA_REQUEST_TRIAL };
static const struct end no_blame = { .answered = true,
				     .result = DARUMA_RESULT_CLEAN,
				     .request = DARUMA_REQUEST_ASIDE };

/* One start of the stage. */
static enum daruma_rung start(struct machine *machine)
{
	machine->serial++;
	memcpy(machine->situation.boot_id, &machine->serial, sizeof(machine->serial));
	daruma_decide(&machine->situation, &machine->decision);
	machine->situation.record = machine->decision.next;
	machine->situation.record_state = DARUMA_STATE_VALID;
	machine->situation.watchdog_fired = false;
	return machine->decision.rung;
}

/* The operating system runs and ends. */
static void finish(struct machine *machine, struct end end)
{
	struct daruma_answer *answer = &machine->situation.answer;

	if (end.answered) {
		memset(answer, 0, sizeof(*answer));
		memcpy(answer->boot_id, machine->situation.record.boot_id, 16);
		answer->result = end.result;
		answer->changed = end.changed;
		answer->accused = end.accused;
		answer->previous = end.previous;
		answer->request = end.request;
		answer->healthy_minutes = end.healthy_minutes ?
						  end.healthy_minutes :
						  machine->situation.record.healthy_minutes;
		machine->situation.answer_state = DARUMA_STATE_VALID;
	}
	if (end.dump) {
		machine->situation.dumps.count = 1;
		machine->situation.dumps.newest += 60;
		machine->situation.dumps.sum += 77;
	}
	machine->situation.watchdog_fired = end.watchdog;
}

static enum daruma_rung live(struct machine *machine, struct end end)
{
	finish(machine, end);
	return start(machine);
}

/* A machine after installation: two starts and good answers, so that counting is on. */
static void install(struct machine *machine)
{
	struct daruma_limits limits;

	memset(machine, 0, sizeof(*machine));
	daruma_limits_default(&limits);
	machine->situation.thresholds = limits.thresholds;
	machine->situation.record_state = DARUMA_STATE_ABSENT;
	machine->situation.answer_state = DARUMA_STATE_ABSENT;
	ck_assert_int_eq(start(machine), DARUMA_RUNG_NORMAL);
	ck_assert_int_eq(live(machine, good), DARUMA_RUNG_NORMAL);
	ck_assert(machine->situation.record.armed);
}

static void expect(struct machine *machine, struct end end, const enum daruma_rung *rungs,
		   size_t count)
{
	for (size_t i = 0; i < count; i++) {
		enum daruma_rung rung = live(machine, end);

		ck_assert_msg(rung == rungs[i], "failure %zu gave %s, not %s", i + 1,
			      daruma_rung_name(rung), daruma_rung_name(rungs[i]));
	}
}

#define EXPECT(machine, end, ...)                                                                  \
	do {                                                                                       \
		const enum daruma_rung rungs[] = { __VA_ARGS__ };                                  \
		expect(machine, end, rungs, sizeof(rungs) / sizeof(rungs[0]));                     \
	} while (0)

#define NORMAL DARUMA_RUNG_NORMAL
#define HELD   DARUMA_RUNG_HELD
#define TRIAL  DARUMA_RUNG_TRIAL
#define SAFE   DARUMA_RUNG_SAFE
#define RESCUE DARUMA_RUNG_RESCUE
#define ASIDE  DARUMA_RUNG_ASIDE

/* R3: tries are used up before hand-over and bounded. */
START_TEST(test_panics_climb_the_whole_ladder)
{
	struct machine machine;

	install(&machine);
	EXPECT(&machine, panic, NORMAL, HELD, SAFE, SAFE, RESCUE, RESCUE, ASIDE, ASIDE, ASIDE);
}
END_TEST

START_TEST(test_watchdog_resets_climb_as_panics_do)
{
	struct machine machine;

	install(&machine);
	EXPECT(&machine, watchdog, NORMAL, HELD, SAFE, SAFE, RESCUE, RESCUE, ASIDE);
}
END_TEST

START_TEST(test_named_product_skips_held)
{
	struct machine machine;
	struct end named = panic;

	named.answered = true;
	named.accused = true;
	install(&machine);
	EXPECT(&machine, named, NORMAL, SAFE);
}
END_TEST

START_TEST(test_higher_limit_is_kept)
{
	struct machine machine;

	install(&machine);
	machine.situation.thresholds.panic = 4;
	EXPECT(&machine, panic, NORMAL, NORMAL, NORMAL, HELD, SAFE);
}
END_TEST

/* R38: any number of resets without evidence and without a change keeps every product on. */
START_TEST(test_resets_without_change_never_select_safe)
{
	struct machine machine;

	install(&machine);
	for (int i = 0; i < 300; i++)
		ck_assert_int_eq(live(&machine, reset), NORMAL);
	ck_assert_uint_eq(machine.situation.record.counters.unexplained, 255);
}
END_TEST

START_TEST(test_four_resets_with_change_select_safe)
{
	struct machine machine;

	install(&machine);
	EXPECT(&machine, reset_changed, NORMAL, NORMAL, NORMAL, SAFE);
	ck_assert_int_eq(machine.decision.reason, DARUMA_REASON_RESETS_CHANGED);
}
END_TEST

START_TEST(test_strict_and_lenient_rules)
{
	struct machine machine;

	install(&machine);
	machine.situation.thresholds.unexplained_rule = DARUMA_UNEXPLAINED_NEVER;
	for (int i = 0; i < 50; i++)
		ck_assert_int_eq(live(&machine, reset_changed), NORMAL);
	install(&machine);
	machine.situation.thresholds.unexplained_rule = DARUMA_UNEXPLAINED_ALWAYS;
	EXPECT(&machine, reset, NORMAL, NORMAL, NORMAL, SAFE);
}
END_TEST

/* R4, R38: panics by SysRq or NMI, told by the OS in the start after, never select safe. */
START_TEST(test_operator_panics_never_select_safe)
{
	struct machine machine;
	struct end operator_again = panic;

	operator_again.answered = true;
	operator_again.previous = DARUMA_ENDING_OPERATOR;
	operator_again.changed = true;
	install(&machine);
	ck_assert_int_eq(live(&machine, panic), NORMAL);
	for (int i = 0; i < 50; i++)
		ck_assert_int_eq(live(&machine, operator_again), NORMAL);
	ck_assert_uint_eq(machine.situation.record.counters.panic, 1);
}
END_TEST

START_TEST(test_resets_that_were_panics_are_corrected)
{
	struct machine machine;
	struct end found = { .answered = true, .previous = DARUMA_ENDING_PANIC };

	install(&machine);
	ck_assert_int_eq(live(&machine, reset), NORMAL);
	ck_assert_int_eq(live(&machine, found), NORMAL); /* one panic, one reset */
	ck_assert_int_eq(live(&machine, found), HELD);	 /* two panics */
	ck_assert_uint_eq(machine.situation.record.counters.panic, 2);
	ck_assert_uint_eq(machine.situation.record.counters.unexplained, 1);
}
END_TEST

START_TEST(test_clean_stops_and_hibernations_are_no_failures)
{
	struct machine machine;

	install(&machine);
	ck_assert_int_eq(live(&machine, panic), NORMAL);
	for (int i = 0; i < 20; i++) {
		ck_assert_int_eq(live(&machine, clean), NORMAL);
		ck_assert_int_eq(live(&machine, asleep), NORMAL);
		ck_assert_int_eq(machine.decision.reason, DARUMA_REASON_HIBERNATED);
	}
	ck_assert_uint_eq(machine.situation.record.counters.panic, 1);
	ck_assert_int_eq(live(&machine, panic), HELD);
	ck_assert_int_eq(live(&machine, clean), HELD);
}
END_TEST

/* R6: a crash after the good answer is not a failure to start. */
START_TEST(test_late_crashes_do_not_count)
{
	struct machine machine;
	struct end late = good;

	late.dump = true;
	install(&machine);
	for (int i = 0; i < 20; i++)
		ck_assert_int_eq(live(&machine, late), NORMAL);
	ck_assert_uint_eq(machine.situation.record.counters.panic, 0);
	ck_assert_uint_eq(machine.situation.record.counters.late, 20);
	ck_assert_int_eq(machine.situation.record.last_ending, DARUMA_ENDING_LATE);
}
END_TEST

/* A late crash that names a watched product that changed is the first of that change: the next one is the second. */
START_TEST(test_late_crash_that_names_a_change_counts)
{
	struct machine machine;
	struct end late = good;
	struct end named = panic;

	late.dump = true;
	named.answered = true;
	named.changed = true;
	named.accused = true;
	named.previous = DARUMA_ENDING_PANIC;
	install(&machine);
	ck_assert_int_eq(live(&machine, late), NORMAL);
	ck_assert_int_eq(live(&machine, named), SAFE);
	ck_assert_uint_eq(machine.situation.record.counters.panic, 2);
	ck_assert_uint_eq(machine.situation.record.counters.late, 1);
}
END_TEST

/* R4, R6: one that an operator made, or that names no changed product, does not. */
START_TEST(test_late_crash_that_names_nothing_does_not_count)
{
	struct machine machine;
	struct end late = good;
	struct end unnamed = panic;
	struct end operator_first = panic;

	late.dump = true;
	unnamed.answered = true;
	unnamed.changed = true;
	unnamed.previous = DARUMA_ENDING_PANIC;
	operator_first.answered = true;
	operator_first.accused = true;
	operator_first.previous = DARUMA_ENDING_OPERATOR;
	install(&machine);
	ck_assert_int_eq(live(&machine, late), NORMAL);
	ck_assert_int_eq(live(&machine, unnamed), NORMAL);
	ck_assert_uint_eq(machine.situation.record.counters.panic, 1);
	install(&machine);
	ck_assert_int_eq(live(&machine, late), NORMAL);
	ck_assert_int_eq(live(&machine, operator_first), NORMAL);
	ck_assert_uint_eq(machine.situation.record.counters.panic, 1);
}
END_TEST

/* However often the machine crashes after health by what changed, health leaves no failure open. */
START_TEST(test_late_crashes_that_name_a_change_end_with_health)
{
	struct machine machine;
	struct end late = good;

	late.dump = true;
	late.changed = true;
	late.accused = true;
	late.previous = DARUMA_ENDING_PANIC;
	install(&machine);
	for (int i = 0; i < 20; i++)
		ck_assert_int_eq(live(&machine, late), NORMAL);
	ck_assert_uint_eq(machine.situation.record.counters.panic, 0);
}
END_TEST

static void reach_safe(struct machine *machine)
{
	EXPECT(machine, panic, NORMAL, HELD, SAFE);
}

START_TEST(test_repair_trial_and_health_close_the_incident)
{
	struct machine machine;

	install(&machine);
	reach_safe(&machine);
	ck_assert(machine.situation.record.incident_open);
	ck_assert_uint_eq(machine.situation.record.incident, 1);
	ck_assert_int_eq(live(&machine, repaired), TRIAL);
	ck_assert_int_eq(live(&machine, good), NORMAL);
	ck_assert_int_eq(machine.decision.reason, DARUMA_REASON_ORDINARY);
	ck_assert(!machine.situation.record.incident_open);
	ck_assert_uint_eq(machine.situation.record.counters.panic, 0);
}
END_TEST

/* R2: the safe profile is not health; its "good" is an orderly end. */
START_TEST(test_good_from_safe_resets_nothing)
{
	struct machine machine;

	install(&machine);
	reach_safe(&machine);
	EXPECT(&machine, good, TRIAL);
	ck_assert(machine.situation.record.incident_open);
	ck_assert_uint_eq(machine.situation.record.counters.panic, 3);
}
END_TEST

START_TEST(test_trial_fails_by_the_same_kind_once)
{
	struct machine machine;

	install(&machine);
	reach_safe(&machine);
	EXPECT(&machine, repaired, TRIAL);
	EXPECT(&machine, panic, SAFE);
	ck_assert_int_eq(machine.decision.reason, DARUMA_REASON_TRIAL_FAILED);
}
END_TEST

START_TEST(test_trial_of_another_kind_is_repeated_once)
{
	struct machine machine;

	install(&machine);
	reach_safe(&machine);
	EXPECT(&machine, repaired, TRIAL);
	EXPECT(&machine, reset, TRIAL, SAFE);
}
END_TEST

/* R38: outside an incident a trial is one of something that a person released. The guard judges it, and a reset there
 * is a reset like any other. */
START_TEST(test_reset_in_a_trial_without_incident_leads_to_no_repair)
{
	struct machine machine;
	struct end released = good;

	released.request = DARUMA_REQUEST_TRIAL;
	install(&machine);
	EXPECT(&machine, released, TRIAL);
	for (int i = 0; i < 50; i++)
		ck_assert_int_eq(live(&machine, reset), NORMAL);
	EXPECT(&machine, good, NORMAL);
	EXPECT(&machine, released, TRIAL);
	EXPECT(&machine, panic, NORMAL, HELD, SAFE);
}
END_TEST

/* A safe start that a person asked for is one start: what ends it badly makes no repair of it (R62). */
START_TEST(test_failure_in_a_requested_safe_start_leads_to_no_repair)
{
	struct machine machine;
	struct end asked = good;

	asked.request = DARUMA_REQUEST_SAFE;
	install(&machine);
	EXPECT(&machine, asked, SAFE);
	EXPECT(&machine, reset, NORMAL);
	EXPECT(&machine, good, NORMAL);
	EXPECT(&machine, asked, SAFE);
	EXPECT(&machine, panic, NORMAL);
	ck_assert(!machine.situation.record.incident_open);
	ck_assert_uint_eq(machine.situation.record.counters.panic, 1);
}
END_TEST

/* The stage cannot tell an operator's panic inside a trial from the crash that it waits for: one safe start follows,
 * in which the text is read, and then the same trial. */
START_TEST(test_operator_panic_in_a_trial_costs_one_safe_start)
{
	struct machine machine;
	struct end read = repaired;

	read.previous = DARUMA_ENDING_OPERATOR;
	install(&machine);
	reach_safe(&machine);
	EXPECT(&machine, repaired, TRIAL);
	EXPECT(&machine, panic, SAFE);
	EXPECT(&machine, read, TRIAL);
	ck_assert_uint_eq(machine.situation.record.counters.panic, 3);
	EXPECT(&machine, good, NORMAL);
}
END_TEST

/* R62: safe with nothing to blame ends with every product on. */
START_TEST(test_nothing_to_blame_stands_aside)
{
	struct machine machine;

	install(&machine);
	reach_safe(&machine);
	EXPECT(&machine, no_blame, ASIDE);
	EXPECT(&machine, panic, ASIDE, ASIDE, ASIDE);
	EXPECT(&machine, good, NORMAL);
}
END_TEST

START_TEST(test_power_cut_in_safe_does_not_use_the_first_try)
{
	struct machine machine;

	install(&machine);
	reach_safe(&machine);
	EXPECT(&machine, reset, SAFE, SAFE, SAFE);
	EXPECT(&machine, panic, SAFE, RESCUE);
}
END_TEST

/* R37: at most 12 starts in one incident, whatever happens in it. */
START_TEST(test_incident_starts_are_bounded)
{
	struct machine machine;
	int safe = 1;

	install(&machine);
	reach_safe(&machine);
	for (int i = 0; i < 40; i++) {
		ck_assert_int_eq(live(&machine, repaired), i < 12 ? TRIAL : ASIDE);
		if (live(&machine, panic) == SAFE)
			safe++;
		if (machine.decision.rung == ASIDE)
			break;
	}
	ck_assert_int_eq(safe, 12);
	ck_assert_int_eq(machine.decision.reason, DARUMA_REASON_THROTTLED);
}
END_TEST

static void recover_once(struct machine *machine, uint32_t healthy)
{
	struct end healthy_good = good;

	healthy_good.healthy_minutes = healthy;
	reach_safe(machine);
	EXPECT(machine, repaired, TRIAL);
	EXPECT(machine, healthy_good, NORMAL);
}

/* R37: one incident in 24 healthy hours, three in 7 healthy days. No clock is involved. */
START_TEST(test_throttle_counts_incidents_by_healthy_time)
{
	struct machine machine;

	install(&machine);
	recover_once(&machine, 10);
	EXPECT(&machine, panic, NORMAL, HELD, ASIDE);
	ck_assert_int_eq(machine.decision.reason, DARUMA_REASON_THROTTLED);
	struct end day = good;
	day.healthy_minutes = 1440;
	EXPECT(&machine, day, NORMAL);
	recover_once(&machine, 1441);
	day.healthy_minutes = 2 * 1440;
	EXPECT(&machine, day, NORMAL);
	recover_once(&machine, 2 * 1440 + 1);
	day.healthy_minutes = 3 * 1440 + 10;
	EXPECT(&machine, day, NORMAL);
	EXPECT(&machine, panic, NORMAL, HELD, ASIDE); /* three are gone */
	day.healthy_minutes = 7 * 1440 + 10;
	EXPECT(&machine, day, NORMAL);
	reach_safe(&machine);
}
END_TEST

START_TEST(test_aside_ends_in_one_more_safe_if_a_token_is_there)
{
	struct machine machine;
	struct end day = panic;

	install(&machine);
	EXPECT(&machine, panic, NORMAL, HELD, SAFE, SAFE, RESCUE, RESCUE, ASIDE);
	for (int i = 0; i < 30; i++) /* no token: aside for ever */
		ck_assert_int_eq(live(&machine, panic), ASIDE);
	day.answered = true; /* the OS ran for a day and then crashed */
	day.healthy_minutes = 1440;
	EXPECT(&machine, day, SAFE);
	ck_assert_int_eq(machine.decision.reason, DARUMA_REASON_LAST_RESORT);
	EXPECT(&machine, panic, SAFE, RESCUE, RESCUE, ASIDE, ASIDE);
}
END_TEST

START_TEST(test_aside_lasts_eight_failed_starts)
{
	struct machine machine;

	install(&machine);
	reach_safe(&machine);
	EXPECT(&machine, no_blame, ASIDE);
	memset(machine.situation.record.cooldown, 0, sizeof(machine.situation.record.cooldown));
	EXPECT(&machine, panic, ASIDE, ASIDE, ASIDE, ASIDE, ASIDE, ASIDE, ASIDE, SAFE);
}
END_TEST

START_TEST(test_requests_of_the_operator)
{
	struct machine machine;
	struct end ask = good;

	install(&machine);
	ask.request = DARUMA_REQUEST_SAFE;
	EXPECT(&machine, ask, SAFE);
	ck_assert_int_eq(machine.decision.reason, DARUMA_REASON_REQUESTED);
	ck_assert(!machine.situation.record.incident_open);
	EXPECT(&machine, clean, TRIAL);
	EXPECT(&machine, good, NORMAL);
	ask.request = DARUMA_REQUEST_FORGET;
	EXPECT(&machine, ask, NORMAL);
	ck_assert(machine.decision.forget);
}
END_TEST

START_TEST(test_nothing_counts_before_the_first_answer)
{
	struct machine machine;

	memset(&machine, 0, sizeof(machine));
	install(&machine);
	machine.situation.record_state = DARUMA_STATE_ABSENT;
	machine.situation.answer_state = DARUMA_STATE_ABSENT;
	start(&machine);
	for (int i = 0; i < 20; i++)
		ck_assert_int_eq(live(&machine, panic), NORMAL);
	ck_assert_int_eq(machine.decision.reason, DARUMA_REASON_NOT_ARMED);
}
END_TEST

/* No way to circle for ever: whatever the endings, without a good answer (which alone brings healthy time) the
 * starts of safe and rescue are bounded. 2,000 random lives of 200 starts each. */
START_TEST(test_no_life_circles_for_ever)
{
	const struct end ends[] = { panic, watchdog, reset,    reset_changed,
				    clean, asleep,   repaired, no_blame };

	srandom(20240719);
	for (int life = 0; life < 2000; life++) {
		struct machine machine;
		int repairs = 0;

		install(&machine);
		for (int i = 0; i < 200; i++) {
			enum daruma_rung rung =
				live(&machine,
				     ends[(size_t)random() % (sizeof(ends) / sizeof(ends[0]))]);

			repairs += rung == SAFE || rung == RESCUE;
		}
		ck_assert_int_le(repairs, 12);
	}
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("ladder");
	TCase *tests = suite_case(all, "lives", 60);

	tcase_add_test(tests, test_panics_climb_the_whole_ladder);
	tcase_add_test(tests, test_watchdog_resets_climb_as_panics_do);
	tcase_add_test(tests, test_named_product_skips_held);
	tcase_add_test(tests, test_higher_limit_is_kept);
	tcase_add_test(tests, test_resets_without_change_never_select_safe);
	tcase_add_test(tests, test_four_resets_with_change_select_safe);
	tcase_add_test(tests, test_strict_and_lenient_rules);
	tcase_add_test(tests, test_operator_panics_never_select_safe);
	tcase_add_test(tests, test_resets_that_were_panics_are_corrected);
	tcase_add_test(tests, test_clean_stops_and_hibernations_are_no_failures);
	tcase_add_test(tests, test_late_crashes_do_not_count);
	tcase_add_test(tests, test_late_crash_that_names_a_change_counts);
	tcase_add_test(tests, test_late_crash_that_names_nothing_does_not_count);
	tcase_add_test(tests, test_late_crashes_that_name_a_change_end_with_health);
	tcase_add_test(tests, test_repair_trial_and_health_close_the_incident);
	tcase_add_test(tests, test_good_from_safe_resets_nothing);
	tcase_add_test(tests, test_trial_fails_by_the_same_kind_once);
	tcase_add_test(tests, test_trial_of_another_kind_is_repeated_once);
	tcase_add_test(tests, test_reset_in_a_trial_without_incident_leads_to_no_repair);
	tcase_add_test(tests, test_failure_in_a_requested_safe_start_leads_to_no_repair);
	tcase_add_test(tests, test_operator_panic_in_a_trial_costs_one_safe_start);
	tcase_add_test(tests, test_nothing_to_blame_stands_aside);
	tcase_add_test(tests, test_power_cut_in_safe_does_not_use_the_first_try);
	tcase_add_test(tests, test_incident_starts_are_bounded);
	tcase_add_test(tests, test_throttle_counts_incidents_by_healthy_time);
	tcase_add_test(tests, test_aside_ends_in_one_more_safe_if_a_token_is_there);
	tcase_add_test(tests, test_aside_lasts_eight_failed_starts);
	tcase_add_test(tests, test_requests_of_the_operator);
	tcase_add_test(tests, test_nothing_counts_before_the_first_answer);
	tcase_add_test(tests, test_no_life_circles_for_ever);
	return all;
}
