/* test_incident.c: what an incident leads to once safe is reached: trials, throttle, aside
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <string.h>

#include "tests/unit/life.h"
#include "tests/unit/suite.h"

START_TEST(test_repair_trial_and_health_close_the_incident)
{
	struct life machine;

	life_begin(&machine);
	life_reach_safe(&machine);
	ck_assert(machine.situation.record.incident_open);
	ck_assert_uint_eq(machine.situation.record.incident, 1);
	ck_assert_int_eq(life_go_on(&machine, life_repaired), TRIAL);
	ck_assert_int_eq(life_go_on(&machine, life_good), NORMAL);
	ck_assert_int_eq(machine.decision.reason, DARUMA_REASON_ORDINARY);
	ck_assert(!machine.situation.record.incident_open);
	ck_assert_uint_eq(machine.situation.record.counters.panic, 0);
}
END_TEST

/* R2: the safe profile is not health; its "good" is an orderly end. */
START_TEST(test_good_from_safe_resets_nothing)
{
	struct life machine;

	life_begin(&machine);
	life_reach_safe(&machine);
	EXPECT(&machine, life_good, TRIAL);
	ck_assert(machine.situation.record.incident_open);
	ck_assert_uint_eq(machine.situation.record.counters.panic, 3);
}
END_TEST

START_TEST(test_trial_fails_by_the_same_kind_once)
{
	struct life machine;

	life_begin(&machine);
	life_reach_safe(&machine);
	EXPECT(&machine, life_repaired, TRIAL);
	EXPECT(&machine, life_panic, SAFE);
	ck_assert_int_eq(machine.decision.reason, DARUMA_REASON_TRIAL_FAILED);
}
END_TEST

START_TEST(test_trial_of_another_kind_is_repeated_once)
{
	struct life machine;

	life_begin(&machine);
	life_reach_safe(&machine);
	EXPECT(&machine, life_repaired, TRIAL);
	EXPECT(&machine, life_reset, TRIAL, SAFE);
}
END_TEST

/* R38: outside an incident a trial is one of something that a person released. The guard judges it, and a reset there
 * is a reset like any other. */
START_TEST(test_reset_in_a_trial_without_incident_leads_to_no_repair)
{
	struct life machine;
	struct life_end released = life_good;

	released.request = DARUMA_REQUEST_TRIAL;
	life_begin(&machine);
	EXPECT(&machine, released, TRIAL);
	for (int i = 0; i < 50; i++)
		ck_assert_int_eq(life_go_on(&machine, life_reset), NORMAL);
	EXPECT(&machine, life_good, NORMAL);
	EXPECT(&machine, released, TRIAL);
	EXPECT(&machine, life_panic, NORMAL, HELD, SAFE);
}
END_TEST

/* A safe start that a person asked for is one start: what ends it badly makes no repair of it (R62). */
START_TEST(test_failure_in_a_requested_safe_start_leads_to_no_repair)
{
	struct life machine;
	struct life_end asked = life_good;

	asked.request = DARUMA_REQUEST_SAFE;
	life_begin(&machine);
	EXPECT(&machine, asked, SAFE);
	EXPECT(&machine, life_reset, NORMAL);
	EXPECT(&machine, life_good, NORMAL);
	EXPECT(&machine, asked, SAFE);
	EXPECT(&machine, life_panic, NORMAL);
	ck_assert(!machine.situation.record.incident_open);
	ck_assert_uint_eq(machine.situation.record.counters.panic, 1);
}
END_TEST

/* The stage cannot tell an operator's panic inside a trial from the crash that it waits for: one safe start follows,
 * in which the text is read, and then the same trial. */
START_TEST(test_operator_panic_in_a_trial_costs_one_safe_start)
{
	struct life machine;
	struct life_end read = life_repaired;

	read.previous = DARUMA_ENDING_OPERATOR;
	life_begin(&machine);
	life_reach_safe(&machine);
	EXPECT(&machine, life_repaired, TRIAL);
	EXPECT(&machine, life_panic, SAFE);
	EXPECT(&machine, read, TRIAL);
	ck_assert_uint_eq(machine.situation.record.counters.panic, 3);
	EXPECT(&machine, life_good, NORMAL);
}
END_TEST

/* R62: safe with nothing to blame ends with every product on. */
START_TEST(test_nothing_to_blame_stands_aside)
{
	struct life machine;

	life_begin(&machine);
	life_reach_safe(&machine);
	EXPECT(&machine, life_no_blame, ASIDE);
	EXPECT(&machine, life_panic, ASIDE, ASIDE, ASIDE);
	EXPECT(&machine, life_good, NORMAL);
}
END_TEST

START_TEST(test_power_cut_in_safe_does_not_use_the_first_try)
{
	struct life machine;

	life_begin(&machine);
	life_reach_safe(&machine);
	EXPECT(&machine, life_reset, SAFE);
	EXPECT(&machine, life_panic, SAFE, RESCUE);
}
END_TEST

/* R37: at most 12 starts in one incident, whatever happens in it. */
START_TEST(test_incident_starts_are_bounded)
{
	struct life machine;
	int safe = 1;

	life_begin(&machine);
	life_reach_safe(&machine);
	for (int i = 0; i < 40; i++) {
		ck_assert_int_eq(life_go_on(&machine, life_repaired), i < 12 ? TRIAL : ASIDE);
		if (life_go_on(&machine, life_panic) == SAFE)
			safe++;
		if (machine.decision.rung == ASIDE)
			break;
	}
	ck_assert_int_eq(safe, 12);
	ck_assert_int_eq(machine.decision.reason, DARUMA_REASON_THROTTLED);
}
END_TEST

static void recover_once(struct life *machine, uint32_t healthy)
{
	struct life_end healthy_good = life_good;

	healthy_good.healthy_minutes = healthy;
	life_reach_safe(machine);
	EXPECT(machine, life_repaired, TRIAL);
	EXPECT(machine, healthy_good, NORMAL);
}

static void be_healthy(struct life *machine, uint32_t minutes)
{
	struct life_end healthy_good = life_good;

	healthy_good.healthy_minutes = minutes;
	EXPECT(machine, healthy_good, NORMAL);
}

/* R26: what fails again within an hour of health is the same incident: no token is taken, and its starts go on. */
START_TEST(test_failure_within_an_hour_of_health_is_the_same_incident)
{
	struct life machine;

	life_begin(&machine);
	recover_once(&machine, 10);
	ck_assert_uint_eq(machine.situation.record.proof_minutes, 50);
	be_healthy(&machine, 59);
	ck_assert_uint_eq(machine.situation.record.proof_minutes, 1);
	life_reach_safe(&machine);
	ck_assert_int_eq(machine.decision.reason, DARUMA_REASON_CRASHES_SAFE);
	ck_assert_uint_eq(machine.situation.record.incident, 1);
	ck_assert_uint_eq(machine.situation.record.incident_starts, 2);
	ck_assert(machine.situation.record.incident_open);
	ck_assert_uint_eq(machine.situation.record.cooldown[1], 0);
	/* The hour begins anew with the next good start. */
	EXPECT(&machine, life_repaired, TRIAL);
	EXPECT(&machine, life_good, NORMAL);
	ck_assert_uint_eq(machine.situation.record.proof_minutes, 60);
}
END_TEST

START_TEST(test_hour_of_health_proves_an_incident_over)
{
	struct life machine;

	life_begin(&machine);
	recover_once(&machine, 10);
	be_healthy(&machine, 60);
	ck_assert_uint_eq(machine.situation.record.proof_minutes, 0);
	ck_assert_uint_eq(machine.situation.record.incident_starts, 0);
	EXPECT(&machine, life_panic, NORMAL, HELD, ASIDE);
	ck_assert_int_eq(machine.decision.reason, DARUMA_REASON_THROTTLED);
}
END_TEST

/* R26: the health of the trial itself is part of the hour. */
START_TEST(test_trial_that_is_long_healthy_proves_it_alone)
{
	struct life machine;

	life_begin(&machine);
	recover_once(&machine, 5 * 1440);
	ck_assert_uint_eq(machine.situation.record.proof_minutes, 0);
	ck_assert_uint_eq(machine.situation.record.incident_starts, 0);
	life_reach_safe(&machine);
	ck_assert_uint_eq(machine.situation.record.incident, 2);
	ck_assert_uint_eq(machine.situation.record.incident_starts, 1);
}
END_TEST

/* R26: health adds up over good starts, and not over such as crash within the hour. */
START_TEST(test_late_crash_within_the_hour_begins_it_anew)
{
	struct life machine;
	struct life_end late = life_good;

	late.dump = true;
	life_begin(&machine);
	recover_once(&machine, 1);
	for (uint32_t minutes = 41; minutes <= 5 * 40 + 1; minutes += 40) {
		late.healthy_minutes = minutes;
		EXPECT(&machine, late, NORMAL);
		ck_assert_uint_eq(machine.situation.record.proof_minutes, 60);
	}
	late.healthy_minutes += 60;
	EXPECT(&machine, late, NORMAL);
	ck_assert_uint_eq(machine.situation.record.proof_minutes, 0);
}
END_TEST

/* R26, R37: crashes behind each good start are no way round the starts that one incident may have. */
START_TEST(test_incident_on_proof_has_its_starts_only)
{
	struct life machine;

	life_begin(&machine);
	for (unsigned start = 1; start <= 12; start++) {
		life_reach_safe(&machine);
		ck_assert_uint_eq(machine.situation.record.incident_starts, start);
		EXPECT(&machine, life_repaired, TRIAL);
		EXPECT(&machine, life_good, NORMAL);
	}
	EXPECT(&machine, life_panic, NORMAL, HELD, ASIDE);
	ck_assert_int_eq(machine.decision.reason, DARUMA_REASON_THROTTLED);
	ck_assert_uint_eq(machine.situation.record.incident, 1);
}
END_TEST

/* R37: one incident in 24 healthy hours, three in 7 healthy days. No clock is involved. */
START_TEST(test_throttle_counts_incidents_by_healthy_time)
{
	struct life machine;

	life_begin(&machine);
	recover_once(&machine, 10);
	be_healthy(&machine, 70);
	EXPECT(&machine, life_panic, NORMAL, HELD, ASIDE);
	ck_assert_int_eq(machine.decision.reason, DARUMA_REASON_THROTTLED);
	struct life_end day = life_good;
	day.healthy_minutes = 1440;
	EXPECT(&machine, day, NORMAL);
	recover_once(&machine, 1441);
	day.healthy_minutes = 2 * 1440;
	EXPECT(&machine, day, NORMAL);
	recover_once(&machine, 2 * 1440 + 1);
	day.healthy_minutes = 3 * 1440 + 10;
	EXPECT(&machine, day, NORMAL);
	EXPECT(&machine, life_panic, NORMAL, HELD, ASIDE); /* three are gone */
	day.healthy_minutes = 7 * 1440 + 10;
	EXPECT(&machine, day, NORMAL);
	life_reach_safe(&machine);
}
END_TEST

START_TEST(test_aside_ends_in_one_more_safe_if_a_token_is_there)
{
	struct life machine;
	struct life_end day = life_panic;

	life_begin(&machine);
	EXPECT(&machine, life_panic, NORMAL, HELD, SAFE, SAFE, RESCUE, RESCUE, ASIDE);
	for (int i = 0; i < 30; i++) /* no token: aside for ever */
		ck_assert_int_eq(life_go_on(&machine, life_panic), ASIDE);
	day.answered = true; /* the OS ran for a day and then crashed */
	day.healthy_minutes = 1440;
	EXPECT(&machine, day, SAFE);
	ck_assert_int_eq(machine.decision.reason, DARUMA_REASON_LAST_RESORT);
	EXPECT(&machine, life_panic, SAFE, RESCUE, RESCUE, ASIDE, ASIDE);
}
END_TEST

START_TEST(test_aside_lasts_eight_failed_starts)
{
	struct life machine;

	life_begin(&machine);
	life_reach_safe(&machine);
	EXPECT(&machine, life_no_blame, ASIDE);
	memset(machine.situation.record.cooldown, 0, sizeof(machine.situation.record.cooldown));
	EXPECT(&machine, life_panic, ASIDE, ASIDE, ASIDE, ASIDE, ASIDE, ASIDE, ASIDE, SAFE);
}
END_TEST

START_TEST(test_requests_of_the_operator)
{
	struct life machine;
	struct life_end ask = life_good;

	life_begin(&machine);
	ask.request = DARUMA_REQUEST_SAFE;
	EXPECT(&machine, ask, SAFE);
	ck_assert_int_eq(machine.decision.reason, DARUMA_REASON_REQUESTED);
	ck_assert(!machine.situation.record.incident_open);
	EXPECT(&machine, life_clean, TRIAL);
	EXPECT(&machine, life_good, NORMAL);
	ask.request = DARUMA_REQUEST_FORGET;
	EXPECT(&machine, ask, NORMAL);
	ck_assert(machine.decision.forget);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("incident");
	TCase *lives = suite_case(all, "lives", 60);

	tcase_add_test(lives, test_repair_trial_and_health_close_the_incident);
	tcase_add_test(lives, test_good_from_safe_resets_nothing);
	tcase_add_test(lives, test_trial_fails_by_the_same_kind_once);
	tcase_add_test(lives, test_trial_of_another_kind_is_repeated_once);
	tcase_add_test(lives, test_reset_in_a_trial_without_incident_leads_to_no_repair);
	tcase_add_test(lives, test_failure_in_a_requested_safe_start_leads_to_no_repair);
	tcase_add_test(lives, test_operator_panic_in_a_trial_costs_one_safe_start);
	tcase_add_test(lives, test_nothing_to_blame_stands_aside);
	tcase_add_test(lives, test_power_cut_in_safe_does_not_use_the_first_try);
	tcase_add_test(lives, test_incident_starts_are_bounded);
	tcase_add_test(lives, test_failure_within_an_hour_of_health_is_the_same_incident);
	tcase_add_test(lives, test_hour_of_health_proves_an_incident_over);
	tcase_add_test(lives, test_trial_that_is_long_healthy_proves_it_alone);
	tcase_add_test(lives, test_late_crash_within_the_hour_begins_it_anew);
	tcase_add_test(lives, test_incident_on_proof_has_its_starts_only);
	tcase_add_test(lives, test_throttle_counts_incidents_by_healthy_time);
	tcase_add_test(lives, test_aside_ends_in_one_more_safe_if_a_token_is_there);
	tcase_add_test(lives, test_aside_lasts_eight_failed_starts);
	tcase_add_test(lives, test_requests_of_the_operator);
	return all;
}
