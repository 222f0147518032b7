/* test_guard.c: what the guard tells the stage of the ending before
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/guard.h"
#include "tests/unit/suite.h"

static const struct {
	enum crash_class class;
	enum daruma_ending stage;
	bool fresh;
	const char *outcome;
	enum daruma_ending previous;
} endings[] = {
	/* R4: the stage goes by names of dumps; the text tells a person's panic from a true one. */
	{ CRASH_OPERATOR, DARUMA_ENDING_PANIC, false, "", DARUMA_ENDING_OPERATOR },
	{ CRASH_PANIC, DARUMA_ENDING_PANIC, false, "", DARUMA_ENDING_PANIC },
	{ CRASH_OOPS, DARUMA_ENDING_PANIC, false, "", DARUMA_ENDING_PANIC },
	{ CRASH_OPERATOR, DARUMA_ENDING_LATE, false, "good", DARUMA_ENDING_OPERATOR },
	/* A dump the stage cannot see (ramoops) makes a panic of a reset; an old one does not. */
	{ CRASH_PANIC, DARUMA_ENDING_UNEXPLAINED, true, "", DARUMA_ENDING_PANIC },
	{ CRASH_PANIC, DARUMA_ENDING_UNEXPLAINED, false, "", DARUMA_ENDING_NONE },
	{ CRASH_PANIC, DARUMA_ENDING_CLEAN, false, "", DARUMA_ENDING_NONE },
	/* Stopped in order, but the variable could not be written. */
	{ CRASH_NONE, DARUMA_ENDING_UNEXPLAINED, false, "clean", DARUMA_ENDING_CLEAN },
	{ CRASH_NONE, DARUMA_ENDING_UNEXPLAINED, false, "", DARUMA_ENDING_NONE },
	{ CRASH_NONE, DARUMA_ENDING_PANIC, false, "", DARUMA_ENDING_NONE },
	{ CRASH_NONE, DARUMA_ENDING_WATCHDOG, false, "clean", DARUMA_ENDING_NONE },
};

START_TEST(corrects_what_it_knows_better)
{
	struct crash crash = { .class = endings[_i].class };

	ck_assert_int_eq(
		guard_previous(&crash, endings[_i].stage, endings[_i].fresh, endings[_i].outcome),
		endings[_i].previous);
}
END_TEST

static const struct {
	int64_t text;
	int64_t good;
	int64_t now;
	int64_t crashed;
} times[] = {
	{ 150, 100, 200, 150 },
	{ 100, 100, 200, 100 },
	{ 200, 100, 200, 200 },
	/* The clock had not been set, or was not right by then. */
	{ 99, 100, 200, 0 },
	{ 201, 100, 200, 0 },
	/* The clock of now has not been set: what it says is no evidence against the text. */
	{ 150, 100, 20, 150 },
	{ 50, 100, 20, 0 },
	/* No good start yet, no text. */
	{ 150, 0, 200, 150 },
	{ 0, 100, 200, 0 },
	{ 0, 0, 200, 0 },
};

START_TEST(believes_only_a_time_that_can_be)
{
	ck_assert_int_eq(guard_crash_time(times[_i].text, times[_i].good, times[_i].now),
			 times[_i].crashed);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("guard");
	TCase *tests = suite_case(all, "judgement", 5);

	tcase_add_loop_test(tests, corrects_what_it_knows_better, 0,
			    (int)(sizeof(endings) / sizeof(endings[0])));
	tcase_add_loop_test(tests, believes_only_a_time_that_can_be, 0,
			    (int)(sizeof(times) / sizeof(times[0])));
	return all;
}
