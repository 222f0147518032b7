/* test_cgroup_unit.c: which unit a process belongs to
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/cgroup_unit.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/suite.h"

static const struct {
	const char *text, *unit;
} rows[] = {
	{ "0::/system.slice/acmed.service\n", "acmed.service" },
	{ "0::/acmed.service", "acmed.service" },
	{ "0::/acme.slice/acme-scan.slice/acmed@7.service\n", "acmed@7.service" },
	/* What the unit makes below its own group is its. */
	{ "0::/system.slice/acmed.service/other.service\n", "acmed.service" },
	{ "0::/system.slice/acmed.service/workers\n", "acmed.service" },
	{ "0::/init.scope\n", "init.scope" },
	{ "0::/system.slice/_cpu.service\n", "cpu.service" },
	/* The older hierarchy, alone and beside the new one. */
	{ "12:pids:/system.slice/x.service\n1:name=systemd:/system.slice/acmed.service\n",
	  "acmed.service" },
	{ "1:name=systemd:/system.slice/acmed.service\n0::/\n", "acmed.service" },
	{ "1:name=systemd:/system.slice/x.service\n0::/system.slice/acmed.service\n",
	  "acmed.service" },
	/* A user and a container call their units as they like. */
	{ "0::/user.slice/user-1000.slice/user@1000.service/app.slice/acmed.service\n",
	  "user@1000.service" },
	{ "0::/system.slice/docker-0123.scope/system.slice/acmed.service\n", "docker-0123.scope" },
	{ "0::/docker/0123/system.slice/acmed.service\n", "" },
	{ "0::/lxc.payload/acmed.service\n", "" },
	{ "0::/../acmed.service\n", "" },
	{ "4:name=other:/system.slice/acmed.service\n", "" },
	{ "4:cpu,name=systemd:/system.slice/acmed.service\n", "" },
	{ "x::/system.slice/acmed.service\n", "" },
	{ "::/system.slice/acmed.service\n", "" },
	/* No names of units. */
	{ "0::/system.slice/acmed\n", "" },
	{ "0::/system.slice/.service\n", "" },
	{ "0::/system.slice/_.service\n", "" },
	{ "0::/system.slice/acme d.service\n", "" },
	{ "0::/system.slice/acme\033d.service\n", "" },
	{ "0::/system.slice/acmed.service (deleted)\n", "" },
	{ "0::/system.slice\n", "" },
	{ "0::/\n", "" },
	{ "0::", "" },
	{ "0:", "" },
	{ "0", "" },
	{ "\n\n", "" },
	{ "", "" },
};

START_TEST(the_first_part_that_is_no_slice)
{
	char unit[CGROUP_UNIT_SIZE] = "before";

	cgroup_unit_find(rows[_i].text, unit);
	ck_assert_msg(strcmp(unit, rows[_i].unit) == 0, "%s: %s", rows[_i].text, unit);
}
END_TEST

START_TEST(names_have_a_length)
{
	char text[512], unit[CGROUP_UNIT_SIZE], name[CGROUP_UNIT_SIZE + 1];

	memset(name, 'a', sizeof(name));
	strcpy(name + CGROUP_UNIT_SIZE - 1 - 8, ".service");
	snprintf(text, sizeof(text), "0::/system.slice/%s\n", name);
	cgroup_unit_find(text, unit);
	ck_assert_str_eq(unit, name);
	snprintf(text, sizeof(text), "0::/system.slice/a%s\n", name);
	cgroup_unit_find(text, unit);
	ck_assert_str_eq(unit, "");
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("cgroup_unit");
	TCase *tests = suite_case(whole, "paths", 5);

	tcase_add_loop_test(tests, the_first_part_that_is_no_slice, 0,
			    (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(tests, names_have_a_length);
	return whole;
}
