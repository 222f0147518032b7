/* test_ftrace_users.c: which kernel modules the function tracer calls
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/ftrace_users.h"

#include <stdio.h>

#include "tests/unit/suite.h"

static struct text_list users;

static void tear_down(void)
{
	text_list_free(&users);
}

static const struct {
	const char *line, *user; /* NULL: nobody */
} lines[] = {
	{ "a (1) R I  \ttramp: 0xffffffffc0a5e000 (b+0x0/0x40 [acme_sensor]) ->c+0x0/0x100",
	  "acme_sensor" },
	{ "a [other] (1)\ttramp: ftrace_trampoline+0x0/0x100 (b+0x0/0x40 [acme-2])", "acme-2" },
	{ "\tdirect-->b+0x0/0x40 [acme_sensor]", "acme_sensor" },
	{ "a (1)\tops: b+0x0/0x40 [acme_sensor] (c+0x0/0x40 [acme_sensor])", "acme_sensor" },
	{ "a (1) ->b+0x0/0x40 [acme_sensor]", NULL },
	{ "a [acme_sensor] (2) R   \ttramp: ERROR!", NULL },
	{ "a (1)\ttramp: b+0x0/0x40 [acme_sensor", NULL },
	{ "a (1)\ttramp: b+0x0/0x40 []", NULL },
	{ "a (1)\ttramp: b+0x0/0x40 [a/b]", NULL },
	{ "a (1)\ttramp: b+0x0/0x40 [[acme_sensor]]", "acme_sensor" },
	{ "a (1)\ttramp: "
	  "[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]",
	  NULL },
	{ "\t[", NULL },
	{ "", NULL },
};

START_TEST(who_is_called)
{
	ck_assert_int_eq(ftrace_users_line(lines[_i].line, &users), 0);
	ck_assert_uint_eq(users.count, lines[_i].user != NULL);
	if (lines[_i].user)
		ck_assert_str_eq(users.items[0], lines[_i].user);
}
END_TEST

START_TEST(each_counts_once)
{
	ck_assert_int_eq(ftrace_users_line("a\t[one] [two] [one]", &users), 0);
	ck_assert_int_eq(ftrace_users_line("a\t[two] [three]", &users), 0);
	ck_assert_uint_eq(users.count, 3);
}
END_TEST

START_TEST(not_more_than_can_be)
{
	for (int i = 0; i < 2 * FTRACE_USERS_MOST; i++) {
		char line[64];

		snprintf(line, sizeof(line), "a\t[m%d]", i);
		ck_assert_int_eq(ftrace_users_line(line, &users), 0);
	}
	ck_assert_uint_eq(users.count, FTRACE_USERS_MOST);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("ftrace_users");
	TCase *tests = suite_case(all, "lines", 20);

	tcase_add_checked_fixture(tests, NULL, tear_down);
	tcase_add_loop_test(tests, who_is_called, 0, sizeof(lines) / sizeof(lines[0]));
	tcase_add_test(tests, each_counts_once);
	tcase_add_test(tests, not_more_than_can_be);
	return all;
}
