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
static int asked; /* the service manager, so often */

static void set_up(void)
{
	context = (struct context){ .root = scratch_make() };
	scratch_write("var/lib/here", "", 0);
	scratch_write("run/daruma/panic_on_oops", "0\n", 2);
	scratch_write("proc/sys/kernel/panic_on_oops", "1\n", 2);
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

static char panic_on_oops(void)
{
	char path[PATH_MAX];
	FILE *file;
	int value;

	snprintf(path, sizeof(path), "%s/proc/sys/kernel/panic_on_oops", context.root);
	file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	value = fgetc(file);
	fclose(file);
	return (char)value;
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

/* What serves is not ended by an oops that it would survive; the first one during the start is a crash. */
START_TEST(what_is_up_for_long_survives_an_oops)
{
	machine.units[0] = TARGET("activating");
	ck_assert_int_eq(overdue_look(&gate, 9999, WHY), 0);
	ck_assert_int_eq(panic_on_oops(), '1');
	machine.units[0] = TARGET("active");
	ck_assert_int_eq(overdue_look(&gate, 599, WHY), 0);
	ck_assert_int_eq(panic_on_oops(), '1');
	ck_assert_int_eq(overdue_look(&gate, 600, WHY), 1);
	ck_assert_int_eq(panic_on_oops(), '0');
}
END_TEST

/* The whole wait: it is overdue after two seconds, and healthy after four. */
static int run_later(const char *const argv[], unsigned seconds, char *output, size_t size,
		     int *ret_status)
{
	if (++asked > 4)
		machine.units[1] = UNIT_RUNS("ssh.service");
	return systemctl_port(&machine)->run(argv, seconds, output, size, ret_status);
}

START_TEST(the_gate_looks_whether_it_is_overdue)
{
	static const struct process_port later = { .run = run_later };

	machine.units[0] = TARGET("active");
	machine.units[1] = UNIT_FAILED("ssh.service");
	policy.settle_seconds = 1;
	policy.deadline_seconds = 1;
	gate.processes = &later;
	gate_wait(&gate, NULL);
	ck_assert_int_eq(panic_on_oops(), '0');
	ck_assert_int_eq(events(), 1);
}
END_TEST

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
	tcase_add_test(waiting, what_is_up_for_long_survives_an_oops);
	tcase_add_test(waiting, the_gate_looks_whether_it_is_overdue);
	tcase_add_test(waiting, what_is_not_up_is_not_overdue);
	return all;
}
