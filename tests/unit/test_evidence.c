/* test_evidence.c: names of crash dumps, and words as text
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "policy/evidence.h"

#include <string.h>

#include "policy/words.h"
#include "tests/unit/suite.h"

static bool add(struct daruma_dumps *dumps, const char *name)
{
	return daruma_dumps_add(dumps, name, strlen(name));
}

START_TEST(test_names_of_every_age)
{
	struct daruma_dumps dumps = { 0 };

	ck_assert(add(&dumps, "dump-type0-1-1-1721386680-C"));
	ck_assert(add(&dumps, "dump-type0-2-1-1721386680-D"));
	ck_assert(add(&dumps, "dump-type0-3-1-1721386681"));
	ck_assert(add(&dumps, "dump-type0-4-1721386679"));
	ck_assert_uint_eq(dumps.count, 4);
	ck_assert_uint_eq(dumps.newest, 1721386681);
}
END_TEST

START_TEST(test_names_that_are_no_dumps)
{
	static const char *const names[] = { "",
					     "dump-type",
					     "dump-type0",
					     "dump-type0-",
					     "dump-type0-1",
					     "dump-type0-1-1-17-X",
					     "dump-type0-1-1-17-CC",
					     "dump-type0-1-1-1-17-C",
					     "dump-type0-1--17-C",
					     "dump-typeX-1-1-17-C",
					     "Dump-type0-1-1-17-C",
					     "dump-type0-1-1-99999999999999999999999-C",
					     "dump-type0-1-1-17-C-" };
	struct daruma_dumps dumps = { 0 };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ck_assert_msg(!add(&dumps, names[i]), "%s", names[i]);
	ck_assert_uint_eq(dumps.count, 0);
	ck_assert_uint_eq(dumps.sum, 0);
}
END_TEST

START_TEST(test_order_does_not_matter)
{
	struct daruma_dumps one = { 0 }, other = { 0 };

	add(&one, "dump-type0-1-1-100-C");
	add(&one, "dump-type0-2-1-100-C");
	add(&other, "dump-type0-2-1-100-C");
	add(&other, "dump-type0-1-1-100-C");
	ck_assert_mem_eq(&one, &other, sizeof(one));
	ck_assert(!daruma_dumps_has_new(&one, &other));
}
END_TEST

START_TEST(test_what_is_new)
{
	struct daruma_dumps none = { 0 }, first = { 0 }, both = { 0 }, older = { 0 }, twin = { 0 };

	add(&first, "dump-type0-1-1-100-C");
	add(&both, "dump-type0-1-1-100-C");
	add(&both, "dump-type0-1-2-100-C");
	add(&older, "dump-type0-1-1-5-C"); /* the clock was set back */
	add(&twin, "dump-type0-1-2-100-C");
	ck_assert(daruma_dumps_has_new(&none, &first));
	ck_assert(daruma_dumps_has_new(&first, &both));
	ck_assert(daruma_dumps_has_new(&first, &older));
	ck_assert(daruma_dumps_has_new(&first, &twin));
	ck_assert(daruma_dumps_has_new(&both, &older)); /* and what was there had been archived */
	ck_assert(!daruma_dumps_has_new(&first, &first));
	ck_assert(!daruma_dumps_has_new(&both, &first)); /* one was archived */
	ck_assert(!daruma_dumps_has_new(&both, &none));	 /* all were */
}
END_TEST

START_TEST(test_every_word_has_a_name)
{
	for (unsigned i = 0; i < DARUMA_REASON_COUNT; i++)
		ck_assert_str_ne(daruma_reason_name(i), "");
	for (unsigned i = 0; i < DARUMA_RUNG_COUNT; i++)
		ck_assert_str_ne(daruma_rung_name(i), "");
	for (unsigned i = 0; i < DARUMA_ENDING_COUNT; i++)
		ck_assert_str_ne(daruma_ending_name(i), "");
	ck_assert_str_eq(daruma_rung_name(DARUMA_RUNG_ASIDE), "aside");
	ck_assert_str_eq(daruma_ending_name(DARUMA_ENDING_LATE), "late");
	ck_assert_str_eq(daruma_reason_name(DARUMA_REASON_LAST_RESORT), "last-resort");
	ck_assert_str_eq(daruma_reason_name(DARUMA_REASON_MENU), "menu");
	ck_assert_str_eq(daruma_reason_name(DARUMA_REASON_NOTHING_TO_BLAME), "nothing-to-blame");
	ck_assert_str_eq(daruma_request_name(DARUMA_REQUEST_FORGET), "forget");
	ck_assert_str_eq(daruma_result_name(DARUMA_RESULT_HIBERNATED), "hibernated");
	ck_assert_str_eq(daruma_state_name(DARUMA_STATE_FOREIGN), "foreign");
	ck_assert_str_eq(daruma_watchdog_name(DARUMA_WATCHDOG_NONE), "none");
	ck_assert_str_eq(daruma_watchdog_name(DARUMA_WATCHDOG_TCO), "tco");
	ck_assert_str_eq(daruma_watchdog_name(DARUMA_WATCHDOG_COUNT), "unknown");
	ck_assert_str_eq(daruma_rung_name(DARUMA_RUNG_COUNT), "unknown");
	ck_assert_str_eq(daruma_reason_name(~0u), "unknown");
}
END_TEST

/* R34: what the operating system takes for a person's wish, on which it repairs nothing by itself. */
START_TEST(test_a_person_asks_by_request_and_in_the_menu)
{
	for (unsigned i = 0; i < DARUMA_REASON_COUNT; i++)
		ck_assert_int_eq(daruma_reason_is_asked(i),
				 i == DARUMA_REASON_REQUESTED || i == DARUMA_REASON_MENU);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("evidence");
	TCase *tests = suite_case(all, "names", 10);

	tcase_add_test(tests, test_names_of_every_age);
	tcase_add_test(tests, test_names_that_are_no_dumps);
	tcase_add_test(tests, test_order_does_not_matter);
	tcase_add_test(tests, test_what_is_new);
	tcase_add_test(tests, test_every_word_has_a_name);
	tcase_add_test(tests, test_a_person_asks_by_request_and_in_the_menu);
	return all;
}
