/* test_switch_choice.c: R13, R62: scripted faults reach the expected rung of the ladder and no higher
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/switch_choice.h"

#include <stdio.h>
#include <string.h>

#include "recovery/repair/recover.h"
#include "tests/unit/suite.h"

#define MOST 4

/* A machine with products p0 to p3. The first `updated` of them changed, p0 the most suspect. */
static char names[MOST][4];
static struct product items[MOST];
static struct product_list listed;
static struct change change_items[MOST];
static struct change_list changes;
static struct verdict verdict;
static struct text_list changed, aside, tried, off;
static bool kernel_changed;
static const char *blamed, *paired;

static void add(struct text_list *list, const char *name)
{
	ck_assert_int_eq(text_list_add(list, name), 0);
}

static void set_up(void)
{
	memset(items, 0, sizeof(items));
	memset(change_items, 0, sizeof(change_items));
	memset(&verdict, 0, sizeof(verdict));
	for (int i = 0; i < MOST; i++) {
		snprintf(names[i], sizeof(names[i]), "p%d", i);
		items[i].id = names[i];
	}
	listed = (struct product_list){ .items = items, .count = MOST };
	kernel_changed = false;
	blamed = paired = NULL;
}

static void tear_down(void)
{
	text_list_free(&changed);
	text_list_free(&aside);
	text_list_free(&tried);
	text_list_free(&off);
}

static void update(size_t updated)
{
	changes = (struct change_list){ .items = change_items, .count = updated };
	verdict.count = updated;
	for (size_t i = 0; i < updated; i++) {
		change_items[i].product = names[i];
		snprintf(verdict.suspects[i].product, VERDICT_PRODUCT_SIZE, "%s", names[i]);
		add(&changed, names[i]);
	}
}

static void blame(const char *product)
{
	blamed = product;
	verdict.certainty = VERDICT_LIKELY;
	snprintf(verdict.product, VERDICT_PRODUCT_SIZE, "%s", product);
}

static enum switch_rung choose(const char **chosen, size_t *count)
{
	const struct switch_evidence evidence = {
		.blamed = blamed,
		.changed = &changed,
		.kernel_changed = kernel_changed,
		.paired = paired,
		.listed = &listed,
		.tried = &tried,
		.off = &off,
	};

	return switch_choose(&evidence, chosen, count);
}

/* One safe start. */
static enum switch_rung switch_more(void)
{
	const char *chosen[MOST];
	size_t count;
	enum switch_rung rung = choose(chosen, &count);

	ck_assert_int_eq(rung == SWITCH_NONE, count == 0);
	for (size_t i = 0; i < count; i++) {
		add(&tried, chosen[i]);
		add(&off, chosen[i]);
	}
	return rung;
}

static void set_aside_more(void)
{
	const char *chosen[VERDICT_SUSPECTS_MOST];
	size_t count = recover_choose(&verdict, &changes, &aside, chosen);

	for (size_t i = 0; i < count; i++)
		add(&aside, chosen[i]);
}

/* --- faults: whether the machine still crashes --------------------------------------------- */

static bool content_of_p1(void)
{
	return !text_list_has(&aside, "p1");
}

static bool p0_itself(void)
{
	return !text_list_has(&off, "p0");
}

static bool p1_itself(void)
{
	return !text_list_has(&off, "p1");
}

static bool p3_itself(void)
{
	return !text_list_has(&off, "p3");
}

static bool the_kernel(void)
{
	return true;
}

enum {
	CONTENT = -1
};

/* Climbs until the machine starts, or nothing is left. Returns the rung reached. */
static int climb(bool (*crashes)(void))
{
	int rung = CONTENT;

	while (crashes()) {
		size_t before = aside.count;

		set_aside_more();
		if (aside.count > before)
			continue;
		rung = switch_more();
		if (rung == SWITCH_NONE)
			break;
	}
	return rung;
}

START_TEST(r13_bad_content_switches_nothing_off)
{
	update(3);
	blame("p0");
	ck_assert_int_eq(climb(content_of_p1), CONTENT);
	ck_assert_uint_eq(off.count, 0);
}
END_TEST

START_TEST(r13_the_one_to_blame_is_switched_off_alone)
{
	update(3);
	blame("p0");
	ck_assert_int_eq(climb(p0_itself), SWITCH_ONE);
	ck_assert_uint_eq(off.count, 1);
}
END_TEST

START_TEST(r13_then_all_that_changed)
{
	update(3);
	blame("p0");
	ck_assert_int_eq(climb(p1_itself), SWITCH_CHANGED);
	ck_assert_uint_eq(off.count, 3);
	ck_assert(!text_list_has(&off, "p3"));
}
END_TEST

START_TEST(where_nobody_is_to_blame_all_that_changed_are_first)
{
	update(2);
	ck_assert_int_eq(climb(p1_itself), SWITCH_CHANGED);
	ck_assert_uint_eq(off.count, 2);
}
END_TEST

START_TEST(r13_all_listed_only_above_another_kernel)
{
	update(1);
	blame("p0");
	kernel_changed = true;
	ck_assert_int_eq(climb(p3_itself), SWITCH_LISTED);
	ck_assert_uint_eq(off.count, MOST);
}
END_TEST

START_TEST(r62_what_did_not_change_is_never_switched_off)
{
	update(1);
	blame("p3");
	ck_assert_int_eq(climb(p3_itself), SWITCH_NONE);
	ck_assert_uint_eq(off.count, 1);
	ck_assert_str_eq(off.items[0], "p0");
}
END_TEST

START_TEST(r62_no_change_no_blame)
{
	blame("p0");
	ck_assert_int_eq(climb(p0_itself), SWITCH_NONE);
	ck_assert_uint_eq(off.count, 0);
}
END_TEST

/* A named product that does not go together with a changed kernel. */
START_TEST(the_pair_switches_the_product_off)
{
	blame("p3");
	kernel_changed = true;
	ck_assert_int_eq(climb(p3_itself), SWITCH_ONE);
	ck_assert_uint_eq(off.count, 1);
}
END_TEST

/* Where only its initramfs or its command line changed, nobody else is switched off for that. */
START_TEST(r62_the_pair_without_a_new_kernel_is_one_product)
{
	blame("p3");
	paired = "p3";
	ck_assert_int_eq(climb(the_kernel), SWITCH_NONE);
	ck_assert_uint_eq(off.count, 1);
	ck_assert_str_eq(off.items[0], "p3");
}
END_TEST

START_TEST(r13_the_ladder_ends)
{
	update(MOST);
	blame("p2");
	kernel_changed = true;
	ck_assert_int_eq(climb(the_kernel), SWITCH_NONE);
	ck_assert_uint_eq(off.count, MOST);
}
END_TEST

/* Switched off by an earlier incident, it cannot be what crashes now. */
START_TEST(what_is_off_already_is_not_chosen)
{
	update(2);
	blame("p0");
	add(&off, "p0");
	ck_assert_int_eq(switch_more(), SWITCH_CHANGED);
	ck_assert_uint_eq(tried.count, 1);
	ck_assert_str_eq(tried.items[0], "p1");
}
END_TEST

/* Nobody may switch off what no product file of this machine describes. */
START_TEST(only_what_is_listed_is_chosen)
{
	update(1);
	add(&changed, "stranger");
	blame("stranger");
	ck_assert_int_eq(switch_more(), SWITCH_CHANGED);
	ck_assert_uint_eq(off.count, 1);
	ck_assert_int_eq(switch_more(), SWITCH_NONE);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("switch choice");
	TCase *tests = suite_case(whole, "choice", 5);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, r13_bad_content_switches_nothing_off);
	tcase_add_test(tests, r13_the_one_to_blame_is_switched_off_alone);
	tcase_add_test(tests, r13_then_all_that_changed);
	tcase_add_test(tests, where_nobody_is_to_blame_all_that_changed_are_first);
	tcase_add_test(tests, r13_all_listed_only_above_another_kernel);
	tcase_add_test(tests, r62_what_did_not_change_is_never_switched_off);
	tcase_add_test(tests, r62_no_change_no_blame);
	tcase_add_test(tests, the_pair_switches_the_product_off);
	tcase_add_test(tests, r62_the_pair_without_a_new_kernel_is_one_product);
	tcase_add_test(tests, r13_the_ladder_ends);
	tcase_add_test(tests, what_is_off_already_is_not_chosen);
	tcase_add_test(tests, only_what_is_listed_is_chosen);
	return whole;
}
