/* test_fact_list.c: two lists of facts side by side, and how much one holds
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdlib.h>
#include <string.h>

#include "recovery/inventory/fact.h"
#include "recovery/inventory/fact_compare.h"
#include "tests/unit/suite.h"

static void add(struct fact_list *list, const char *kind, const char *name, const char *value)
{
	ck_assert_int_eq(fact_list_add(list, kind, name, value), 0);
}

START_TEST(differences_of_facts)
{
	struct fact_list before = { 0 }, after = { 0 };
	struct fact_change *changes;
	size_t found;

	add(&before, FACT_READ, "package", "one");
	add(&after, FACT_READ, "package", "other");
	add(&before, "package", "same", "1");
	add(&after, "package", "same", "1");
	add(&before, "package", "old", "1");
	add(&after, "package", "new", "1");
	add(&before, "package", "changed", "1");
	add(&after, "package", "changed", "2");
	/* Only one side knows of these. */
	add(&after, FACT_READ, "unit", "");
	add(&after, "unit", "x", "y");
	fact_list_sort(&before);
	fact_list_sort(&after);
	ck_assert_int_eq(fact_compare(&before, &after, &changes, &found), 0);
	ck_assert_uint_eq(found, 3);
	ck_assert_str_eq(changes[0].name, "changed");
	ck_assert_str_eq(changes[0].before, "1");
	ck_assert_str_eq(changes[0].after, "2");
	ck_assert_int_eq(changes[1].how, 'a');
	ck_assert_ptr_null(changes[1].before);
	ck_assert_int_eq(changes[2].how, 'r');
	ck_assert_ptr_null(changes[2].after);
	free(changes);
	fact_list_free(&before);
	fact_list_free(&after);
}
END_TEST

START_TEST(lists_are_bounded)
{
	struct fact_list facts = { 0 };
	char *text = malloc(2 * FACT_TEXT_MAX + 1);

	memset(text, 'x', 2 * FACT_TEXT_MAX);
	text[2 * FACT_TEXT_MAX] = 0;
	add(&facts, "a", text, text);
	ck_assert_uint_eq(strlen(facts.items[0].name), FACT_TEXT_MAX);
	free(text);
	while (facts.count < FACTS_MOST)
		add(&facts, "a", "b", "c");
	ck_assert_int_lt(fact_list_add(&facts, "a", "b", "c"), 0);
	fact_list_sort(&facts);
	ck_assert_uint_eq(facts.count, 2);
	fact_list_free(&facts);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("fact list");
	TCase *lists = suite_case(whole, "lists", 60);

	tcase_add_test(lists, differences_of_facts);
	tcase_add_test(lists, lists_are_bounded);
	return whole;
}
