/* test_unit_file.c: what of a unit file decides whether it starts before the guard
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <string.h>

#include "recovery/early/unit_file.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

START_TEST(unit_files_are_read_as_systemd_does)
{
	static const struct {
		const char *text;
		bool default_dependencies, before_early;
	} files[] = {
		{ "", true, false },
		{ "DefaultDependencies = no\n", false, false },
		{ "DefaultDependencies=false", false, false },
		{ "DefaultDependencies=0\nDefaultDependencies=yes\n", true, false },
		{ "#DefaultDependencies=no\n;DefaultDependencies=no\n", true, false },
		{ "Before=basic.target multi-user.target\n", true, false },
		{ "Before=basic.target \\\n systemd-udevd.service\n", true, true },
		{ "XDefaultDependencies=no\n", true, false },
		{ "DefaultDependencies", true, false },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct unit_file unit = { .default_dependencies = true };

		unit_file_parse(files[i].text, strlen(files[i].text), &unit);
		ck_assert_msg(unit.default_dependencies == files[i].default_dependencies &&
				      unit.before_early == files[i].before_early,
			      "%s", files[i].text);
	}
}
END_TEST

START_TEST(drop_ins_count)
{
	static const char text[] = "[Unit]\nDefaultDependencies=no\n";
	const char *folders[] = { scratch_make(), NULL };
	struct unit_file unit;

	scratch_write("acme.service", "[Unit]\n", 7);
	scratch_write("acme.service.d/x.conf", text, sizeof(text) - 1);
	ck_assert_int_eq(unit_file_read(folders, "acme.service", &unit), 0);
	ck_assert(!unit.default_dependencies);
	ck_assert_int_eq(unit_file_read(folders, "none.service", &unit), -ENOENT);
	scratch_remove();
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("unit file");
	TCase *files = suite_case(all, "files", 5);

	tcase_add_test(files, unit_files_are_read_as_systemd_does);
	tcase_add_test(files, drop_ins_count);
	return all;
}
