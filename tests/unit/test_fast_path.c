/* test_fast_path.c: when a normal start may act on a verdict
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/fast_path.h"

#include "tests/unit/suite.h"

#define NEVER (-1)

static const struct row {
	enum fast_path_why why;
	enum verdict_certainty certainty;
	enum daruma_rung rung;
	bool not_automatic, not_fast, late_loop, partner;
	unsigned reasons;
	size_t changes; /* 0 stands for one */
	int64_t minutes;
} rows[] = {
	{ FAST_PATH_TAKEN, VERDICT_CERTAIN, DARUMA_RUNG_NORMAL, .minutes = NEVER },
	{ FAST_PATH_TAKEN, VERDICT_CERTAIN, DARUMA_RUNG_HELD, .minutes = NEVER },
	{ FAST_PATH_TAKEN, VERDICT_CERTAIN, DARUMA_RUNG_NORMAL, .minutes = 1440 },
	{ FAST_PATH_TAKEN, VERDICT_CERTAIN, DARUMA_RUNG_NORMAL, .minutes = NEVER },
	{ FAST_PATH_AGAIN, VERDICT_CERTAIN, DARUMA_RUNG_NORMAL, .minutes = 1439 },
	{ FAST_PATH_AGAIN, VERDICT_CERTAIN, DARUMA_RUNG_NORMAL, .minutes = 0 },
	{ FAST_PATH_UNCERTAIN, VERDICT_LIKELY, DARUMA_RUNG_NORMAL, .minutes = NEVER },
	{ FAST_PATH_UNCERTAIN, VERDICT_UNKNOWN, DARUMA_RUNG_NORMAL, .minutes = NEVER },
	{ FAST_PATH_TAKEN, VERDICT_LIKELY, DARUMA_RUNG_NORMAL, .late_loop = true,
	  .reasons = VERDICT_CHANGED | VERDICT_NEAR, .minutes = NEVER },
	{ FAST_PATH_TAKEN, VERDICT_LIKELY, DARUMA_RUNG_NORMAL, .late_loop = true,
	  .reasons = VERDICT_CHANGED | VERDICT_NAMED, .minutes = NEVER },
	{ FAST_PATH_TAKEN, VERDICT_LIKELY, DARUMA_RUNG_NORMAL, .late_loop = true,
	  .reasons = VERDICT_CHANGED | VERDICT_PROGRAM, .minutes = NEVER },
	{ FAST_PATH_UNCERTAIN, VERDICT_LIKELY, DARUMA_RUNG_NORMAL,
	  .reasons = VERDICT_CHANGED | VERDICT_PROGRAM, .minutes = NEVER },
	{ FAST_PATH_TAKEN, VERDICT_CERTAIN, DARUMA_RUNG_NORMAL, .late_loop = true,
	  .reasons = VERDICT_CHANGED | VERDICT_NAMED, .minutes = NEVER },
	/* The sole change, but it landed long before the first crash or after it. */
	{ FAST_PATH_UNCERTAIN, VERDICT_LIKELY, DARUMA_RUNG_NORMAL, .late_loop = true,
	  .reasons = VERDICT_CHANGED | VERDICT_NEWEST, .minutes = NEVER },
	{ FAST_PATH_UNCERTAIN, VERDICT_LIKELY, DARUMA_RUNG_NORMAL,
	  .reasons = VERDICT_CHANGED | VERDICT_NEAR, .minutes = NEVER },
	{ FAST_PATH_AGAIN, VERDICT_LIKELY, DARUMA_RUNG_NORMAL, .late_loop = true,
	  .reasons = VERDICT_NEAR, .minutes = 5 },
	{ FAST_PATH_UNCERTAIN, VERDICT_UNKNOWN, DARUMA_RUNG_NORMAL, .late_loop = true,
	  .reasons = VERDICT_NEAR, .minutes = NEVER },
	{ FAST_PATH_UNCERTAIN, VERDICT_LIKELY, DARUMA_RUNG_NORMAL, .late_loop = true,
	  .reasons = VERDICT_NEAR, .partner = true, .minutes = NEVER },
	{ FAST_PATH_TAKEN, VERDICT_CERTAIN, DARUMA_RUNG_NORMAL, .changes = 64, .minutes = NEVER },
	{ FAST_PATH_LARGE, VERDICT_CERTAIN, DARUMA_RUNG_NORMAL, .changes = 65, .minutes = NEVER },
	{ FAST_PATH_RUNG, VERDICT_CERTAIN, DARUMA_RUNG_TRIAL, .minutes = NEVER },
	{ FAST_PATH_RUNG, VERDICT_CERTAIN, DARUMA_RUNG_SAFE, .minutes = NEVER },
	{ FAST_PATH_RUNG, VERDICT_CERTAIN, DARUMA_RUNG_RESCUE, .minutes = NEVER },
	{ FAST_PATH_RUNG, VERDICT_CERTAIN, DARUMA_RUNG_ASIDE, .minutes = NEVER },
	{ FAST_PATH_POLICY, VERDICT_CERTAIN, DARUMA_RUNG_NORMAL, .not_automatic = true,
	  .minutes = NEVER },
	{ FAST_PATH_POLICY, VERDICT_CERTAIN, DARUMA_RUNG_NORMAL, .not_fast = true,
	  .minutes = NEVER },
};

START_TEST(fast_path_is_taken_only_where_nothing_speaks_against_it)
{
	const struct row *row = &rows[_i];
	const struct verdict verdict = {
		.certainty = row->certainty,
		.product = "acme",
		.partner = { row->partner ? 'k' : 0 },
		.suspects = { { .product = "other", .reasons = VERDICT_NEAR | VERDICT_NAMED },
			      { .product = "acme", .reasons = row->reasons } },
		.count = 2
	};
	char acme[] = "acme", other[] = "other";
	struct change items[66];
	const struct change_list changes = { .items = items,
					     .count = (row->changes ? row->changes : 1) + 1 };
	const struct this_boot boot = { .note.rung = row->rung };
	const struct policy_file policy = { .automatic = !row->not_automatic,
					    .fast_path = !row->not_fast };
	struct guard_budget budget = guard_budget_whole();
	const struct fast_path path = { .boot = &boot,
					.policy = &policy,
					.verdict = &verdict,
					.budget = &budget,
					.late_loop = row->late_loop,
					.changes = &changes };

	/* Those of others do not count. */
	for (size_t i = 0; i < changes.count; i++)
		items[i] = (struct change){ .product = i == 0 ? other : acme };

	ck_assert_int_eq(fast_path_may(&path, row->minutes), row->why);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("fast_path");
	TCase *tests = suite_case(whole, "permission", 5);

	tcase_add_loop_test(tests, fast_path_is_taken_only_where_nothing_speaks_against_it, 0,
			    (int)(sizeof(rows) / sizeof(rows[0])));
	return whole;
}
