/* test_recover.c: R16, R62: which products are set aside for the next trial
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/recover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/suite.h"

#define MOST 16

/* Products p0 to p15, each with one change, p0 the most suspect. */
static char names[MOST][4];
static struct change items[MOST];
static struct change_list changes;
static struct verdict verdict;
static struct text_list tried;

static void set_up(void)
{
	memset(&verdict, 0, sizeof(verdict));
	memset(items, 0, sizeof(items));
	for (int i = 0; i < MOST; i++) {
		snprintf(names[i], sizeof(names[i]), "p%d", i);
		items[i].product = names[i];
		snprintf(verdict.suspects[i].product, VERDICT_PRODUCT_SIZE, "%s", names[i]);
	}
	changes = (struct change_list){ .items = items };
}

static void tear_down(void)
{
	text_list_free(&tried);
}

static void suspect(size_t count)
{
	changes.count = verdict.count = count;
	verdict.certainty = VERDICT_UNKNOWN;
	text_list_free(&tried);
}

static void blame(int index)
{
	verdict.certainty = VERDICT_LIKELY;
	strcpy(verdict.product, names[index]);
}

/* Chooses and sets aside. Returns how many. */
static size_t choose(const char *ret[VERDICT_SUSPECTS_MOST])
{
	size_t count = recover_choose(&verdict, &changes, &tried, ret);

	for (size_t i = 0; i < count; i++)
		ck_assert_int_eq(text_list_add(&tried, ret[i]), 0);
	return count;
}

/* Trials until every guilty one, a bit each, is set aside. */
static unsigned trials_until_cured(unsigned guilty)
{
	const char *chosen[VERDICT_SUSPECTS_MOST];
	unsigned trials = 0;

	while (guilty) {
		size_t count = choose(chosen);

		ck_assert_uint_gt(count, 0);
		trials++;
		for (size_t i = 0; i < count; i++)
			guilty &= ~(1u << (unsigned)atoi(chosen[i] + 1));
	}
	return trials;
}

static unsigned bound_of(unsigned count)
{
	unsigned bits = 0;

	while ((1u << bits) < count)
		bits++;
	return bits + 2;
}

static void expect_within_bound(unsigned count, unsigned guilty)
{
	suspect(count);
	ck_assert_uint_le(trials_until_cured(guilty), bound_of(count));
	/* With a verdict, right or wrong. */
	suspect(count);
	blame(0);
	ck_assert_uint_le(trials_until_cured(guilty), bound_of(count));
}

START_TEST(r16_few_trials_are_enough)
{
	for (unsigned count = 1; count <= MOST; count++)
		for (unsigned one = 0; one < count; one++)
			for (unsigned two = one; two < count; two++)
				expect_within_bound(count, 1u << one | 1u << two);
}
END_TEST

START_TEST(the_one_to_blame_goes_alone_and_first)
{
	const char *chosen[VERDICT_SUSPECTS_MOST];

	suspect(8);
	blame(0);
	ck_assert_uint_eq(choose(chosen), 1);
	ck_assert_str_eq(chosen[0], "p0");
	/* That was not it. */
	ck_assert_uint_eq(choose(chosen), 4);
	ck_assert_str_eq(chosen[0], "p1");
	ck_assert_uint_eq(choose(chosen), 2);
	ck_assert_uint_eq(choose(chosen), 1);
	ck_assert_str_eq(chosen[0], "p7");
	ck_assert_uint_eq(choose(chosen), 0);
}
END_TEST

/* It is in the half that goes next in any case, and the bound is kept. */
START_TEST(a_verdict_that_changes_on_the_way_does_not_begin_anew)
{
	const char *chosen[VERDICT_SUSPECTS_MOST];

	suspect(8);
	ck_assert_uint_eq(choose(chosen), 4);
	strcpy(verdict.suspects[0].product, "p7");
	strcpy(verdict.suspects[7].product, "p0");
	blame(7);
	ck_assert_uint_eq(choose(chosen), 2);
	ck_assert_str_eq(chosen[0], "p7");
}
END_TEST

START_TEST(the_newest_half_goes_first_where_nobody_is_to_blame)
{
	const char *chosen[VERDICT_SUSPECTS_MOST];

	suspect(5);
	ck_assert_uint_eq(choose(chosen), 3);
	ck_assert_str_eq(chosen[0], "p0");
	ck_assert_str_eq(chosen[2], "p2");
	ck_assert_uint_eq(choose(chosen), 1);
	ck_assert_uint_eq(choose(chosen), 1);
	ck_assert_uint_eq(choose(chosen), 0);
}
END_TEST

/* R62: named by the crash, but nothing of it changed: it stays on. So does the kernel, which is no product. */
START_TEST(r62_what_did_not_change_stays_on)
{
	const char *chosen[VERDICT_SUSPECTS_MOST];

	suspect(2);
	blame(0);
	changes.items = items + 1;
	changes.count = 1;
	ck_assert_uint_eq(choose(chosen), 1);
	ck_assert_str_eq(chosen[0], "p1");
	ck_assert_uint_eq(choose(chosen), 0);
	suspect(2);
	changes.count = 0;
	ck_assert_uint_eq(choose(chosen), 0);
	suspect(0);
	ck_assert_uint_eq(choose(chosen), 0);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("recover");
	TCase *tests = suite_case(whole, "choice", 5);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, r16_few_trials_are_enough);
	tcase_add_test(tests, the_one_to_blame_goes_alone_and_first);
	tcase_add_test(tests, a_verdict_that_changes_on_the_way_does_not_begin_anew);
	tcase_add_test(tests, the_newest_half_goes_first_where_nobody_is_to_blame);
	tcase_add_test(tests, r62_what_did_not_change_stays_on);
	return whole;
}
