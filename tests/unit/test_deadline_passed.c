/* test_deadline_passed.c: is a hanging start to be given up
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/deadline.h"
#include "tests/unit/suite.h"

static struct daruma_note failing(void)
{
	return (struct daruma_note){ .rung = DARUMA_RUNG_NORMAL,
				     .changed = true,
				     .counters = { .unexplained = 1 } };
}

START_TEST(a_hang_is_ended_after_its_time)
{
	struct daruma_note note = failing();
	struct policy_file policy;
	struct deadline_facts facts = { .waited_seconds = 599 };

	policy_file_default(&policy);
	ck_assert(!deadline_passed(&note, &policy, &facts));
	facts.waited_seconds = 600;
	ck_assert(deadline_passed(&note, &policy, &facts));
	facts.answered = true;
	ck_assert(!deadline_passed(&note, &policy, &facts));
	facts.answered = false;
	facts.password = true;
	ck_assert(!deadline_passed(&note, &policy, &facts));
}
END_TEST

/* A machine with a /var that cannot be written is not worse off than without Daruma; emergency mode and the safe profile
 * are ended all the same. */
START_TEST(a_read_only_var_is_no_hang)
{
	struct daruma_note note = failing();
	struct policy_file policy;
	struct deadline_facts facts = { .read_only = true, .waited_seconds = 9999 };

	policy_file_default(&policy);
	ck_assert(!deadline_passed(&note, &policy, &facts));
	facts.emergency = true;
	facts.emergency_seconds = 300;
	ck_assert(deadline_passed(&note, &policy, &facts));
	facts.emergency = false;
	note.rung = DARUMA_RUNG_SAFE;
	ck_assert(deadline_passed(&note, &policy, &facts));
}
END_TEST

/* A machine that serves is not worse off than without Daruma, whatever failed in it; nor one that Daruma itself holds up. */
START_TEST(a_start_that_is_up_is_no_hang)
{
	const struct deadline_facts up[] = { { .up = true, .waited_seconds = 9999 },
					     { .held = true, .waited_seconds = 9999 } };
	struct daruma_note note = failing();
	struct policy_file policy;
	struct deadline_facts facts = up[_i];

	policy_file_default(&policy);
	ck_assert(!deadline_passed(&note, &policy, &facts));
	note.rung = DARUMA_RUNG_HELD;
	ck_assert(!deadline_passed(&note, &policy, &facts));
	note.rung = DARUMA_RUNG_SAFE;
	ck_assert(deadline_passed(&note, &policy, &facts));
	note.rung = DARUMA_RUNG_NORMAL;
	facts.emergency = true;
	facts.emergency_seconds = 300;
	ck_assert(deadline_passed(&note, &policy, &facts));
}
END_TEST

START_TEST(emergency_mode_waits_for_a_person)
{
	struct daruma_note note = failing();
	struct policy_file policy;
	struct deadline_facts facts = { .emergency = true, .waited_seconds = 9999 };

	policy_file_default(&policy);
	ck_assert(!deadline_passed(&note, &policy, &facts));
	facts.emergency_seconds = 299;
	ck_assert(!deadline_passed(&note, &policy, &facts));
	facts.emergency_seconds = 300;
	ck_assert(deadline_passed(&note, &policy, &facts));
}
END_TEST

START_TEST(without_open_failures_or_aside_nothing_is_ended)
{
	struct daruma_note note = failing();
	struct policy_file policy;
	struct deadline_facts facts = { .waited_seconds = 9999 };

	policy_file_default(&policy);
	note.rung = DARUMA_RUNG_ASIDE;
	ck_assert(!deadline_passed(&note, &policy, &facts));
	note = (struct daruma_note){ .rung = DARUMA_RUNG_NORMAL };
	ck_assert(!deadline_passed(&note, &policy, &facts));
}
END_TEST

/* R38, R62: nothing changed, so restarting again and again leads nowhere. */
START_TEST(restarts_without_a_change_end)
{
	struct daruma_note note = failing();
	struct policy_file policy;
	struct deadline_facts facts = { .waited_seconds = 9999 };

	policy_file_default(&policy);
	note.changed = false;
	note.counters.unexplained = 3;
	ck_assert(deadline_passed(&note, &policy, &facts));
	note.counters.unexplained = 4;
	ck_assert(!deadline_passed(&note, &policy, &facts));
}
END_TEST

START_TEST(restarts_that_the_policy_lets_lead_nowhere_end)
{
	struct daruma_note note = failing();
	struct policy_file policy;
	struct deadline_facts facts = { .waited_seconds = 9999 };

	policy_file_default(&policy);
	note.counters.unexplained = 4;
	ck_assert(deadline_passed(&note, &policy, &facts));
	policy.limits.thresholds.unexplained_rule = DARUMA_UNEXPLAINED_NEVER;
	ck_assert(!deadline_passed(&note, &policy, &facts));
	policy.limits.thresholds.unexplained_rule = DARUMA_UNEXPLAINED_ALWAYS;
	note.changed = false;
	ck_assert(deadline_passed(&note, &policy, &facts));
}
END_TEST

/* R20: a safe start that is to stay stays; one that repairs has the time its repair may take. */
START_TEST(the_safe_profile_is_ended_only_while_it_repairs)
{
	struct daruma_note note = failing();
	struct policy_file policy;
	struct deadline_facts facts = { .waited_seconds = 1199 };

	policy_file_default(&policy);
	note.rung = DARUMA_RUNG_SAFE;
	ck_assert(!deadline_passed(&note, &policy, &facts));
	facts.waited_seconds = 1200;
	ck_assert(deadline_passed(&note, &policy, &facts));
	policy.automatic = false;
	ck_assert(!deadline_passed(&note, &policy, &facts));
	policy.automatic = true;
	note.reason = DARUMA_REASON_REQUESTED;
	ck_assert(!deadline_passed(&note, &policy, &facts));
	note.reason = DARUMA_REASON_MENU;
	ck_assert(!deadline_passed(&note, &policy, &facts));
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("deadline passed");
	TCase *deadline = suite_case(all, "deadline passed", 5);

	tcase_add_test(deadline, a_hang_is_ended_after_its_time);
	tcase_add_test(deadline, a_read_only_var_is_no_hang);
	tcase_add_loop_test(deadline, a_start_that_is_up_is_no_hang, 0, 2);
	tcase_add_test(deadline, emergency_mode_waits_for_a_person);
	tcase_add_test(deadline, without_open_failures_or_aside_nothing_is_ended);
	tcase_add_test(deadline, restarts_without_a_change_end);
	tcase_add_test(deadline, restarts_that_the_policy_lets_lead_nowhere_end);
	tcase_add_test(deadline, the_safe_profile_is_ended_only_while_it_repairs);
	return all;
}
