/* test_held.c: when the starters that users control are let go in a held start
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdio.h>
#include <string.h>

#include "recovery/held.h"
#include "recovery/state.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"
#include "tests/unit/systemctl_port.h"

#define SETTLE 120

/* --- one look after the other ------------------------------------------------------------------------------------ */

static struct health_streak waiting;

static enum held_end judge(enum health health, long now)
{
	return held_judge(&waiting, false, health, now, SETTLE);
}

START_TEST(the_answer_lets_go_whatever_health_says)
{
	for (int health = HEALTH_HOLDS; health <= HEALTH_FAILS; health++)
		ck_assert_int_eq(held_judge(&waiting, true, (enum health)health, 10, SETTLE),
				 HELD_ANSWERED);
}
END_TEST

/* A crash of what was held has to come after the good answer, and the gate is about to give it. */
START_TEST(health_alone_lets_nothing_go)
{
	for (long now = 0; now < 20 * SETTLE; now += 5)
		ck_assert_int_eq(judge(HEALTH_HOLDS, now), HELD_ON);
}
END_TEST

START_TEST(a_fault_lets_nothing_go)
{
	for (long now = 0; now < 20 * SETTLE; now += 5)
		ck_assert_int_eq(judge(HEALTH_FAILS, now), HELD_ON);
}
END_TEST

START_TEST(waiting_units_let_go_after_the_settle_time)
{
	ck_assert_int_eq(judge(HEALTH_FAILS, 5), HELD_ON);
	for (long now = 10; now < 10 + SETTLE; now += 5)
		ck_assert_int_eq(judge(HEALTH_WAITS, now), HELD_ON);
	ck_assert_int_eq(judge(HEALTH_WAITS, 10 + SETTLE), HELD_CIRCLE);
}
END_TEST

/* A fault, or health, and the time begins anew. */
START_TEST(a_break_begins_anew)
{
	enum health breaks = _i ? HEALTH_FAILS : HEALTH_HOLDS;

	ck_assert_int_eq(judge(HEALTH_WAITS, 10), HELD_ON);
	ck_assert_int_eq(judge(HEALTH_WAITS, 9 + SETTLE), HELD_ON);
	ck_assert_int_eq(judge(breaks, 10 + SETTLE), HELD_ON);
	ck_assert_int_eq(judge(HEALTH_WAITS, 11 + SETTLE), HELD_ON);
	ck_assert_int_eq(judge(HEALTH_WAITS, 10 + 2 * SETTLE), HELD_ON);
	ck_assert_int_eq(judge(HEALTH_WAITS, 11 + 2 * SETTLE), HELD_CIRCLE);
}
END_TEST

/* --- a machine --------------------------------------------------------------------------------------------------- */

#define BOOT_ID "11112222333344445555666677778888"

static struct context context;
static struct systemctl_machine machine;
static struct this_boot boot = { .id = "2e8f19a4", .boot_id = BOOT_ID };
static struct policy_file policy;
static char acme[] = "acme", acme_unit[] = "acme.service";
static char *acme_units[] = { acme_unit };
static struct product product = { .id = acme, .units = { .items = acme_units, .count = 1 } };
static const struct product_list products = { .items = &product, .count = 1 };

static void set_up(void)
{
	context = (struct context){ .root = scratch_make(), .no_variables = true };
	scratch_write("var/lib/x", "", 0);
	scratch_write("proc/sys/kernel/tainted", "0\n", 2);
	policy_file_default(&policy);
	policy.settle_seconds = 1;
	machine = (struct systemctl_machine){ .units = { UNIT_WAITS("acme.service") } };
}

static enum held_end wait_for(char why[HEALTH_WHY_SIZE])
{
	const struct held held = { .context = &context,
				   .processes = systemctl_port(&machine),
				   .products = &products,
				   .policy = &policy,
				   .boot = &boot };

	why[0] = '\0';
	return held_wait(&held, why);
}

static void enter_outcome(const char *outcome)
{
	struct database *database = NULL;

	ck_assert_int_eq(state_open(&context, true, &database), 0);
	ck_assert_int_eq(database_run(database,
				      "INSERT INTO boot(boot_id,kernel_boot_id,time,rung,reason,"
				      "previous_ending,kernel,panics,resets,incident,outcome)"
				      " VALUES(?1,'k',1,'held','crashes-held','panic','6.1',2,0,1,"
				      "?2) ON CONFLICT(boot_id) DO UPDATE SET outcome=?2",
				      "tt", BOOT_ID, outcome),
			 0);
	database_close(database);
}

START_TEST(a_good_start_is_known_from_the_state)
{
	char why[HEALTH_WHY_SIZE];

	ck_assert(!held_is_answered(&context, &boot));
	enter_outcome("");
	ck_assert(!held_is_answered(&context, &boot));
	enter_outcome("clean");
	ck_assert(!held_is_answered(&context, &boot));
	enter_outcome("good");
	ck_assert(held_is_answered(&context, &boot));
	ck_assert_int_eq(wait_for(why), HELD_ANSWERED);
	ck_assert_str_eq(machine.asked, "");
}
END_TEST

START_TEST(a_circle_is_cut_and_named)
{
	char why[HEALTH_WHY_SIZE];

	enter_outcome("");
	ck_assert_int_eq(wait_for(why), HELD_CIRCLE);
	ck_assert_str_eq(why, "acme.service waits for other units");
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("held");
	TCase *pure = suite_case(all, "pure", 5);
	TCase *whole = suite_case(all, "machine", 20);

	tcase_add_test(pure, the_answer_lets_go_whatever_health_says);
	tcase_add_test(pure, health_alone_lets_nothing_go);
	tcase_add_test(pure, a_fault_lets_nothing_go);
	tcase_add_test(pure, waiting_units_let_go_after_the_settle_time);
	tcase_add_loop_test(pure, a_break_begins_anew, 0, 2);
	tcase_add_checked_fixture(whole, set_up, scratch_remove);
	tcase_add_test(whole, a_good_start_is_known_from_the_state);
	tcase_add_test(whole, a_circle_is_cut_and_named);
	return all;
}
