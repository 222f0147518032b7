/* test_guard_budget.c: how much the guard may move in one start
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/guard_budget.h"
#include "tests/unit/suite.h"

static const struct {
	int64_t objects, bytes;
	bool fits;
} rows[] = {
	{ 0, 0, true },
	{ 64, INT64_C(64) << 20, true },
	{ 65, 0, false },
	{ 0, (INT64_C(64) << 20) + 1, false },
	{ INT64_MAX, INT64_MAX, false },
};

START_TEST(more_than_a_whole_budget_does_not_fit)
{
	struct guard_budget budget = guard_budget_whole();

	ck_assert_int_eq(guard_budget_spend(&budget, rows[_i].objects, rows[_i].bytes),
			 rows[_i].fits);
	ck_assert_int_eq(budget.objects,
			 GUARD_OBJECTS_MOST - (rows[_i].fits ? rows[_i].objects : 0));
	ck_assert_int_eq(budget.bytes, GUARD_BYTES_MOST - (rows[_i].fits ? rows[_i].bytes : 0));
	ck_assert(guard_budget_spend(NULL, rows[_i].objects, rows[_i].bytes));
}
END_TEST

/* All that the guard does in one start shares it. */
START_TEST(what_was_spent_is_gone)
{
	struct guard_budget budget = guard_budget_whole();

	ck_assert(guard_budget_spend(&budget, 60, 1));
	ck_assert(!guard_budget_spend(&budget, 5, 1));
	ck_assert(!guard_budget_spend(&budget, 1, GUARD_BYTES_MOST));
	ck_assert(guard_budget_spend(&budget, 4, GUARD_BYTES_MOST - 1));
	ck_assert(!guard_budget_spend(&budget, 1, 0));
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("guard_budget");
	TCase *tests = suite_case(whole, "budget", 5);

	tcase_add_loop_test(tests, more_than_a_whole_budget_does_not_fit, 0,
			    (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(tests, what_was_spent_is_gone);
	return whole;
}
