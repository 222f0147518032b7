/* test_gate.c: what the gate does while a start does not become healthy
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recovery/gate.h"
#include "recovery/overdue.h"
#include "recovery/run_mark.h"
#include "recovery/state.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"
#include "tests/unit/systemctl_port.h"

#define TARGET(state) UNIT_BLOCK("default.target", "loaded", "static", state, "success", "yes", "")
#define WHY	      "ssh.service is enabled and does not run"

static struct context context;
static struct systemctl_machine machine;
static struct policy_file policy;
static struct product_list products;
static struct gate gate;

static void set_up(void)
{
	context = (struct context){ .root = scratch_make() };
	scratch_write("var/lib/here", "", 0);
	scratch_write("run/here", "", 0);
	policy_file_default(&policy);
	gate = (struct gate){ .context = &context,
			      .processes = systemctl_port(&machine),
			      .products = &products,
			      .policy = &policy,
			      .records = true };
	ck_assert_int_eq(state_open(&context, true, &gate.database), 0);
}

static void tear_down(void)
{
	database_close(gate.database);
	scratch_remove();
}

static int64_t events(void)
{
	int64_t count = -1;

	ck_assert_int_eq(database_number(gate.database, &count,
					 "SELECT COUNT(*) FROM event WHERE event='boot.unhealthy'",
					 ""),
			 0);
	return count;
}

START_TEST(what_is_up_and_not_healthy_in_time_is_told_once)
{
	machine.units[0] = TARGET("active");
	ck_assert_int_eq(overdue_look(&gate, 599, WHY), 0);
	ck_assert_int_eq(events(), 0);
	ck_assert_int_eq(overdue_look(&gate, 600, WHY), 1);
	ck_assert(run_mark_is_set(&context, RUN_MARK_OVERDUE));
	ck_assert_int_eq(events(), 1);
	ck_assert_int_eq(overdue_look(&gate, 700, WHY), 1);
	ck_assert_int_eq(events(), 1);
}
END_TEST

/* The deadline restarts it. */
START_TEST(what_is_not_up_is_not_overdue)
{
	machine.units[0] = TARGET("activating");
	ck_assert_int_eq(overdue_look(&gate, 9999, WHY), 0);
	machine.units[0] = TARGET("active");
	machine.error = -ETIMEDOUT;
	ck_assert_int_eq(overdue_look(&gate, 9999, WHY), 0);
	ck_assert(!run_mark_is_set(&context, RUN_MARK_OVERDUE));
	ck_assert_int_eq(events(), 0);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("gate");
	TCase *waiting = suite_case(all, "waiting", 20);

	tcase_add_checked_fixture(waiting, set_up, tear_down);
	tcase_add_test(waiting, what_is_up_and_not_healthy_in_time_is_told_once);
	tcase_add_test(waiting, what_is_not_up_is_not_overdue);
	return all;
}
