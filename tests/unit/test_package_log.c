/* test_package_log.c: lines of package managers' logs, cut and read
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/products/package_log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "recovery/line_reader.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

#define DAY "2026-11-26 15:26:37 "

static const struct {
	enum package_manager manager;
	const char *package, *line;
	const char *before, *after; /* NULL: the line does not count */
} lines[] = {
	{ PACKAGE_DPKG, "acme", DAY "upgrade acme:amd64 1.0 1.1", "1.0", "1.1" },
	{ PACKAGE_DPKG, "acme", DAY "upgrade acme 1:1.0~rc1-2+b1 1:1.1", "1:1.0~rc1-2+b1",
	  "1:1.1" },
	{ PACKAGE_DPKG, "acme:i386", DAY "upgrade acme:i386 1.0 1.1", "1.0", "1.1" },
	{ PACKAGE_DPKG, "acme", DAY "install acme:all <none> 1.0", "", "1.0" },
	{ PACKAGE_DPKG, "acme:i386", DAY "upgrade acme:amd64 1.0 1.1", NULL, NULL },
	{ PACKAGE_DPKG, "acme", DAY "upgrade acme-doc:amd64 1.0 1.1", NULL, NULL },
	{ PACKAGE_DPKG, "acme", DAY "upgrade ac:amd64 1.0 1.1", NULL, NULL },
	{ PACKAGE_DPKG, "acme", DAY "status installed acme:amd64 1.1", NULL, NULL },
	{ PACKAGE_DPKG, "acme", DAY "upgrade acme:amd64 1.0", NULL, NULL },
	{ PACKAGE_DPKG, "acme", DAY "upgrade acme:amd64 1.0 1.1 1.2", NULL, NULL },
	{ PACKAGE_DPKG, "acme", DAY "upgrade acme:amd64 1.0 \x1b[31m", NULL, NULL },
	{ PACKAGE_DPKG, "acme", DAY "upgrade acme:amd64 <none> <none>", NULL, NULL },
	{ PACKAGE_DPKG, "acme", "2026-13-26 15:26:37 upgrade acme:amd64 1.0 1.1", NULL, NULL },
	{ PACKAGE_DPKG, "acme", "2026-11-26 15:26:3x upgrade acme:amd64 1.0 1.1", NULL, NULL },
	{ PACKAGE_DPKG, "acme", "2026-11-26T15:26:37 upgrade acme:amd64 1.0 1.1", NULL, NULL },
	{ PACKAGE_DPKG, "acme", "2026-11-26 15:26:37", NULL, NULL },
	{ PACKAGE_DPKG, "acme", "", NULL, NULL },
	{ PACKAGE_RPM, "acme", "2026-11-26T15:26:37+0100 SUBDEBUG Upgrade: acme-1.1-2.el9.x86_64",
	  "", "1.1-2.el9" },
	{ PACKAGE_RPM, "acme", "2026-11-26T15:26:37+0100 SUBDEBUG Installed: acme-1.1-2.el9.noarch",
	  "", "1.1-2.el9" },
	{ PACKAGE_RPM, "acme", "2026-11-26T15:26:37+0100 SUBDEBUG Upgrade: acme-doc-1.1-2.x86_64",
	  NULL, NULL },
	{ PACKAGE_RPM, "acme", "2026-11-26T15:26:37+0100 SUBDEBUG Upgrade: acme-1.1.x86_64", NULL,
	  NULL },
	{ PACKAGE_RPM, "acme", "2026-11-26T15:26:37 SUBDEBUG Upgrade: acme-1.1-2.x86_64", NULL,
	  NULL },
	{ PACKAGE_RPM, "acme", "2026-11-26T15:26:37+0100 SUBDEBUG Upgrade: acme-", NULL, NULL },
	{ PACKAGE_RPM, "acme", "2026-11-26T15:26:37+0100 SUBDEBUG Upgrade: acme", NULL, NULL },
	{ PACKAGE_RPM, "acme", "2026-11-26T15:26:37+0100", NULL, NULL },
};

START_TEST(line_is_read_strictly)
{
	struct package_transition transition = { .time = 0 };

	package_log_line(lines[_i].manager, lines[_i].package, lines[_i].line, &transition);
	ck_assert_msg((transition.time != 0) == (lines[_i].after != NULL), "%s", lines[_i].line);
	ck_assert_str_eq(transition.before, lines[_i].before ? lines[_i].before : "");
	ck_assert_str_eq(transition.after, lines[_i].after ? lines[_i].after : "");
}
END_TEST

START_TEST(times_are_those_of_the_log)
{
	struct package_transition transition = { .time = 0 };

	setenv("TZ", "UTC0", 1);
	tzset();
	package_log_line(PACKAGE_DPKG, "acme", DAY "upgrade acme:amd64 1.0 1.1", &transition);
	ck_assert_int_eq(transition.time, 1795706797);
	package_log_line(PACKAGE_RPM, "acme",
			 "2026-11-26T15:26:37+0130 SUBDEBUG Upgrade: acme-1.1-2.x86_64",
			 &transition);
	ck_assert_int_eq(transition.time, 1795706797 - 5400);
}
END_TEST

START_TEST(dnf_tells_what_went_behind_what_came)
{
	static const char *const log[] = {
		"2026-11-26T15:26:37+0000 SUBDEBUG Upgrade: acme-1.1-2.x86_64",
		"2026-11-26T15:26:38+0000 SUBDEBUG Upgraded: acme-1.0-1.x86_64",
	};
	struct package_transition transition = { .time = 0 };

	for (size_t i = 0; i < 2; i++)
		package_log_line(PACKAGE_RPM, "acme", log[i], &transition);
	ck_assert_str_eq(transition.before, "1.0-1");
	ck_assert_str_eq(transition.after, "1.1-2");
}
END_TEST

static void write_log(const char *name, const char *text)
{
	scratch_write(name, text, strlen(text));
}

START_TEST(the_last_transition_counts_and_the_log_before_where_there_is_none)
{
	struct context context = { .root = scratch_make() };
	struct package_transition transition;

	ck_assert_int_eq(package_log_find(&context, PACKAGE_DPKG, "acme", &transition), 0);
	ck_assert_int_eq(transition.time, 0);
	write_log("var/log/dpkg.log.1",
		  DAY "upgrade acme:amd64 1.0 1.1\n" DAY "upgrade acme:amd64 1.1 1.2\n" DAY
		      "upgrade acme:amd64 1.2 1.3");
	write_log("var/log/dpkg.log", DAY "upgrade other:amd64 1.0 1.1\n");
	ck_assert_int_eq(package_log_find(&context, PACKAGE_DPKG, "acme", &transition), 0);
	ck_assert_str_eq(transition.after, "1.2");
	write_log("var/log/dpkg.log", DAY "upgrade acme:amd64 7 8\n");
	ck_assert_int_eq(package_log_find(&context, PACKAGE_DPKG, "acme", &transition), 0);
	ck_assert_str_eq(transition.after, "8");
	scratch_remove();
}
END_TEST

START_TEST(names_that_are_no_names)
{
	static const char *const bad[] = { "", "-qf", "a b", "a\n", "a;b", "a/b", "\xc3\xa4" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert(!package_name_is_sound(bad[i]));
	ck_assert(package_name_is_sound("libacme++2.0-dev:amd64"));
}
END_TEST

/* --- cutting lines ------------------------------------------------------------------------- */

static char seen[64];

static int note_line(const char *line, void *user)
{
	(void)user;
	snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen), "<%.20s>", line);
	return strcmp(line, "stop") == 0;
}

START_TEST(lines_are_cut_wherever_the_bytes_are)
{
	static const char text[] = "one\n\ntw\0o\nthree\nrest";
	static struct line_reader reader;

	for (size_t i = 0; i < sizeof(text) - 1; i++)
		ck_assert_int_eq(line_reader_feed(&reader, text + i, 1, note_line, NULL), 0);
	ck_assert_str_eq(seen, "<one><><three>");
	ck_assert_int_eq(line_reader_feed(&reader, "\nstop\nmore\n", 11, note_line, NULL), 1);
	ck_assert_str_eq(seen, "<one><><three><rest><stop>");
}
END_TEST

START_TEST(long_lines_are_left_out)
{
	static struct line_reader reader;
	char part[1000];

	memset(part, 'x', sizeof(part));
	for (size_t i = 0; i <= LINE_READER_MOST / sizeof(part); i++)
		line_reader_feed(&reader, part, sizeof(part), note_line, NULL);
	line_reader_feed(&reader, "\nnext\n", 6, note_line, NULL);
	ck_assert_str_eq(seen, "<next>");
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("package_log");
	TCase *tests = suite_case(whole, "logs", 20);

	tcase_add_loop_test(tests, line_is_read_strictly, 0,
			    (int)(sizeof(lines) / sizeof(lines[0])));
	tcase_add_test(tests, times_are_those_of_the_log);
	tcase_add_test(tests, dnf_tells_what_went_behind_what_came);
	tcase_add_test(tests, the_last_transition_counts_and_the_log_before_where_there_is_none);
	tcase_add_test(tests, names_that_are_no_names);
	tcase_add_test(tests, lines_are_cut_wherever_the_bytes_are);
	tcase_add_test(tests, long_lines_are_left_out);
	return whole;
}
