/* test_ladder.c: which endings of starts climb the ladder up to safe, and which never do
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/life.h"
#include "tests/unit/suite.h"

/* R3: tries are used up before hand-over and bounded. */
START_TEST(test_panics_climb_the_whole_ladder)
{
	struct life machine;

	life_begin(&machine);
	EXPECT(&machine, life_panic, NORMAL, HELD, SAFE, SAFE, RESCUE, RESCUE, ASIDE, ASIDE, ASIDE);
}
END_TEST

START_TEST(test_watchdog_resets_climb_as_panics_do)
{
	struct life machine;

	life_begin(&machine);
	EXPECT(&machine, life_watchdog, NORMAL, HELD, SAFE, SAFE, RESCUE, RESCUE, ASIDE);
}
END_TEST

START_TEST(test_named_product_skips_held)
{
	struct life machine;
	struct life_end named = life_panic;

	named.answered = true;
	named.accused = true;
	life_begin(&machine);
	EXPECT(&machine, named, NORMAL, SAFE);
}
END_TEST

START_TEST(test_higher_limit_is_kept)
{
	struct life machine;

	life_begin(&machine);
	machine.situation.thresholds.panic = 4;
	EXPECT(&machine, life_panic, NORMAL, NORMAL, NORMAL, HELD, SAFE);
}
END_TEST

/* R38: any number of resets without evidence and without a change keeps every product on. */
START_TEST(test_resets_without_change_never_select_safe)
{
	struct life machine;

	life_begin(&machine);
	for (int i = 0; i < 300; i++)
		ck_assert_int_eq(life_go_on(&machine, life_reset), NORMAL);
	ck_assert_uint_eq(machine.situation.record.counters.unexplained, 255);
}
END_TEST

START_TEST(test_four_resets_with_change_select_safe)
{
	struct life machine;

	life_begin(&machine);
	EXPECT(&machine, life_reset_changed, NORMAL, NORMAL, NORMAL, SAFE);
	ck_assert_int_eq(machine.decision.reason, DARUMA_REASON_RESETS_CHANGED);
}
END_TEST

/* A power cut gives the first try of safe and of rescue back, once: a kernel that ends so each time climbs on (R3). */
START_TEST(test_resets_give_the_first_try_back_once)
{
	struct life machine;

	life_begin(&machine);
	EXPECT(&machine, life_reset_changed, NORMAL, NORMAL, NORMAL, SAFE, SAFE, SAFE, RESCUE,
	       RESCUE, RESCUE, ASIDE, ASIDE);
	ck_assert_uint_eq(machine.situation.record.incident_starts, 6);
}
END_TEST

START_TEST(test_later_tries_are_used_up_by_resets)
{
	struct life machine;

	life_begin(&machine);
	life_reach_safe(&machine);
	EXPECT(&machine, life_panic, SAFE);
	EXPECT(&machine, life_reset, RESCUE, RESCUE, RESCUE, ASIDE);
}
END_TEST

/* A policy with one try has that one back too. */
START_TEST(test_the_only_try_is_given_back)
{
	struct life machine;

	life_begin(&machine);
	machine.situation.thresholds.safe_tries = 1;
	machine.situation.thresholds.rescue_tries = 1;
	life_reach_safe(&machine);
	EXPECT(&machine, life_reset, SAFE, RESCUE, RESCUE, ASIDE);
	life_begin(&machine);
	machine.situation.thresholds.safe_tries = 1;
	machine.situation.thresholds.rescue_tries = 1;
	life_reach_safe(&machine);
	EXPECT(&machine, life_panic, RESCUE, ASIDE);
}
END_TEST

START_TEST(test_strict_and_lenient_rules)
{
	struct life machine;

	life_begin(&machine);
	machine.situation.thresholds.unexplained_rule = DARUMA_UNEXPLAINED_NEVER;
	for (int i = 0; i < 50; i++)
		ck_assert_int_eq(life_go_on(&machine, life_reset_changed), NORMAL);
	life_begin(&machine);
	machine.situation.thresholds.unexplained_rule = DARUMA_UNEXPLAINED_ALWAYS;
	EXPECT(&machine, life_reset, NORMAL, NORMAL, NORMAL, SAFE);
}
END_TEST

/* R4, R38: panics by SysRq or NMI, told by the OS in the start after, never select safe. */
START_TEST(test_operator_panics_never_select_safe)
{
	struct life machine;
	struct life_end operator_again = life_panic;

	operator_again.answered = true;
	operator_again.previous = DARUMA_ENDING_OPERATOR;
	operator_again.changed = true;
	life_begin(&machine);
	ck_assert_int_eq(life_go_on(&machine, life_panic), NORMAL);
	for (int i = 0; i < 50; i++)
		ck_assert_int_eq(life_go_on(&machine, operator_again), NORMAL);
	ck_assert_uint_eq(machine.situation.record.counters.panic, 1);
}
END_TEST

START_TEST(test_resets_that_were_panics_are_corrected)
{
	struct life machine;
	struct life_end found = { .answered = true, .previous = DARUMA_ENDING_PANIC };

	life_begin(&machine);
	ck_assert_int_eq(life_go_on(&machine, life_reset), NORMAL);
	ck_assert_int_eq(life_go_on(&machine, found), NORMAL); /* one panic, one reset */
	ck_assert_int_eq(life_go_on(&machine, found), HELD);   /* two panics */
	ck_assert_uint_eq(machine.situation.record.counters.panic, 2);
	ck_assert_uint_eq(machine.situation.record.counters.unexplained, 1);
}
END_TEST

START_TEST(test_clean_stops_and_hibernations_are_no_failures)
{
	struct life machine;

	life_begin(&machine);
	ck_assert_int_eq(life_go_on(&machine, life_panic), NORMAL);
	for (int i = 0; i < 20; i++) {
		ck_assert_int_eq(life_go_on(&machine, life_clean), NORMAL);
		ck_assert_int_eq(life_go_on(&machine, life_asleep), NORMAL);
		ck_assert_int_eq(machine.decision.reason, DARUMA_REASON_HIBERNATED);
	}
	ck_assert_uint_eq(machine.situation.record.counters.panic, 1);
	ck_assert_int_eq(life_go_on(&machine, life_panic), HELD);
	ck_assert_int_eq(life_go_on(&machine, life_clean), HELD);
}
END_TEST

/* R6: a crash after the good answer is not a failure to start. */
START_TEST(test_late_crashes_do_not_count)
{
	struct life machine;
	struct life_end late = life_good;

	late.dump = true;
	life_begin(&machine);
	for (int i = 0; i < 20; i++)
		ck_assert_int_eq(life_go_on(&machine, late), NORMAL);
	ck_assert_uint_eq(machine.situation.record.counters.panic, 0);
	ck_assert_uint_eq(machine.situation.record.counters.late, 20);
	ck_assert_int_eq(machine.situation.record.last_ending, DARUMA_ENDING_LATE);
}
END_TEST

/* A late crash that names a watched product that changed is the first of that change: the next one is the second. */
START_TEST(test_late_crash_that_names_a_change_counts)
{
	struct life machine;
	struct life_end late = life_good;
	struct life_end named = life_panic;

	late.dump = true;
	named.answered = true;
	named.changed = true;
	named.accused = true;
	named.previous = DARUMA_ENDING_PANIC;
	life_begin(&machine);
	ck_assert_int_eq(life_go_on(&machine, late), NORMAL);
	ck_assert_int_eq(life_go_on(&machine, named), SAFE);
	ck_assert_uint_eq(machine.situation.record.counters.panic, 2);
	ck_assert_uint_eq(machine.situation.record.counters.late, 1);
}
END_TEST

/* R4, R6: one that an operator made, or that names no changed product, does not. */
START_TEST(test_late_crash_that_names_nothing_does_not_count)
{
	struct life machine;
	struct life_end late = life_good;
	struct life_end unnamed = life_panic;
	struct life_end operator_first = life_panic;

	late.dump = true;
	unnamed.answered = true;
	unnamed.changed = true;
	unnamed.previous = DARUMA_ENDING_PANIC;
	operator_first.answered = true;
	operator_first.accused = true;
	operator_first.previous = DARUMA_ENDING_OPERATOR;
	life_begin(&machine);
	ck_assert_int_eq(life_go_on(&machine, late), NORMAL);
	ck_assert_int_eq(life_go_on(&machine, unnamed), NORMAL);
	ck_assert_uint_eq(machine.situation.record.counters.panic, 1);
	life_begin(&machine);
	ck_assert_int_eq(life_go_on(&machine, late), NORMAL);
	ck_assert_int_eq(life_go_on(&machine, operator_first), NORMAL);
	ck_assert_uint_eq(machine.situation.record.counters.panic, 1);
}
END_TEST

/* However often the machine crashes after health by what changed, health leaves no failure open. */
START_TEST(test_late_crashes_that_name_a_change_end_with_health)
{
	struct life machine;
	struct life_end late = life_good;

	late.dump = true;
	late.changed = true;
	late.accused = true;
	late.previous = DARUMA_ENDING_PANIC;
	life_begin(&machine);
	for (int i = 0; i < 20; i++)
		ck_assert_int_eq(life_go_on(&machine, late), NORMAL);
	ck_assert_uint_eq(machine.situation.record.counters.panic, 0);
}
END_TEST

/* R6, R37, R38: crashes after health lead to safe where the OS asks for it, by one that comes after health too and by
 * nothing else, and never past the throttle. */
START_TEST(test_late_crashes_lead_to_safe_where_that_was_asked_for)
{
	struct life machine;
	struct life_end late = life_good, asks;

	late.dump = true;
	asks = late;
	asks.request = DARUMA_REQUEST_REPAIR;
	life_begin(&machine);
	EXPECT(&machine, late, NORMAL, NORMAL, NORMAL, NORMAL, NORMAL);
	ck_assert_int_eq(life_go_on(&machine, asks), SAFE);
	ck_assert_int_eq(machine.decision.reason, DARUMA_REASON_LATE_CRASHES);
	ck_assert(machine.situation.record.incident_open);
	ck_assert_int_eq(life_go_on(&machine, life_repaired), TRIAL);
	ck_assert_int_eq(life_go_on(&machine, life_good), NORMAL);
	ck_assert(!machine.situation.record.incident_open);
	/* Behind an hour of health, and within a healthy day, there is no second incident. */
	asks.healthy_minutes = DARUMA_PROOF_MINUTES;
	EXPECT(&machine, asks, NORMAL, NORMAL, NORMAL);
}
END_TEST

START_TEST(test_repair_is_not_made_without_a_late_crash)
{
	struct life_end ends[] = { life_good,  life_clean,    life_asleep,
				   life_panic, life_watchdog, life_reset_changed };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct life machine;

		life_begin(&machine);
		ends[i].answered = true;
		ends[i].request = DARUMA_REQUEST_REPAIR;
		ck_assert_int_eq(life_go_on(&machine, ends[i]), NORMAL);
	}
}
END_TEST

START_TEST(test_nothing_counts_before_the_first_answer)
{
	struct life machine;

	memset(&machine, 0, sizeof(machine));
	life_begin(&machine);
	machine.situation.record_state = DARUMA_STATE_ABSENT;
	machine.situation.answer_state = DARUMA_STATE_ABSENT;
	life_start(&machine);
	for (int i = 0; i < 20; i++)
		ck_assert_int_eq(life_go_on(&machine, life_panic), NORMAL);
	ck_assert_int_eq(machine.decision.reason, DARUMA_REASON_NOT_ARMED);
}
END_TEST

/* No way to circle for ever: whatever the endings, without a good answer (which alone brings healthy time) the
 * starts of safe and rescue are bounded. 2,000 random lives of 200 starts each. */
START_TEST(test_no_life_circles_for_ever)
{
	const struct life_end ends[] = { life_panic,	     life_watchdog, life_reset,
					 life_reset_changed, life_clean,    life_asleep,
					 life_repaired,	     life_no_blame };

	srandom(20240719);
	for (int life = 0; life < 2000; life++) {
		struct life machine;
		int repairs = 0;

		life_begin(&machine);
		for (int i = 0; i < 200; i++) {
			enum daruma_rung rung = life_go_on(
				&machine,
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
	TCase *lives = suite_case(all, "lives", 60);

	tcase_add_test(lives, test_panics_climb_the_whole_ladder);
	tcase_add_test(lives, test_watchdog_resets_climb_as_panics_do);
	tcase_add_test(lives, test_named_product_skips_held);
	tcase_add_test(lives, test_higher_limit_is_kept);
	tcase_add_test(lives, test_resets_without_change_never_select_safe);
	tcase_add_test(lives, test_four_resets_with_change_select_safe);
	tcase_add_test(lives, test_resets_give_the_first_try_back_once);
	tcase_add_test(lives, test_later_tries_are_used_up_by_resets);
	tcase_add_test(lives, test_the_only_try_is_given_back);
	tcase_add_test(lives, test_strict_and_lenient_rules);
	tcase_add_test(lives, test_operator_panics_never_select_safe);
	tcase_add_test(lives, test_resets_that_were_panics_are_corrected);
	tcase_add_test(lives, test_clean_stops_and_hibernations_are_no_failures);
	tcase_add_test(lives, test_late_crashes_do_not_count);
	tcase_add_test(lives, test_late_crash_that_names_a_change_counts);
	tcase_add_test(lives, test_late_crash_that_names_nothing_does_not_count);
	tcase_add_test(lives, test_late_crashes_that_name_a_change_end_with_health);
	tcase_add_test(lives, test_late_crashes_lead_to_safe_where_that_was_asked_for);
	tcase_add_test(lives, test_repair_is_not_made_without_a_late_crash);
	tcase_add_test(lives, test_nothing_counts_before_the_first_answer);
	tcase_add_test(lives, test_no_life_circles_for_ever);
	return all;
}
