/* test_module_path.c: what the path of a kernel module's file says
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/module_path.h"

#include <string.h>

#include "tests/unit/suite.h"

static const struct {
	const char *path, *name, *kernel; /* "": there is none */
} paths[] = {
	{ "/usr/lib/modules/6.1.0-1/updates/acme-sensor.ko.xz", "acme_sensor", "6.1.0-1" },
	{ "/lib/modules/6.1.0-1/acme_sensor.ko", "acme_sensor", "6.1.0-1" },
	{ "updates/a-b-c.ko.zst", "a_b_c", "" },
	{ "a.ko", "a", "" },
	{ "/opt/lib/modules/6.1.0-1/a.ko", "a", "" },
	{ "/lib/modules/a.ko", "a", "" },
	{ "/lib/modules//a.ko", "a", "" },
	{ "/lib/modules", "", "" },
	{ "/lib/modules/6.1.0-1", "", "" },
	{ "/lib/modules/6.1.0-1/modules.dep", "", "6.1.0-1" },
	{ "/lib/modulesx/6.1.0-1/a.ko", "a", "" },
	{ "/x/.ko", "", "" },
	{ "/x.ko/y", "", "" },
	{ "", "", "" },
};

START_TEST(paths_of_modules)
{
	char name[NAME_MAX + 1], kernel[NAME_MAX + 1];

	ck_assert(module_path_name(paths[_i].path, name) == (paths[_i].name[0] != 0));
	ck_assert_str_eq(name, paths[_i].name);
	ck_assert(module_path_kernel(paths[_i].path, kernel) == (paths[_i].kernel[0] != 0));
	ck_assert_str_eq(kernel, paths[_i].kernel);
}
END_TEST

static const struct {
	const char *path;
	bool kernels;
} places[] = {
	{ "/usr/lib/modules/6.1.0-1/kernel/fs/ext4/ext4.ko.xz", true },
	{ "/lib/modules/6.1.0-1/kernel/x.ko", true },
	{ "/lib/modules/6.1.0-1/updates/dkms/x.ko", false },
	{ "/lib/modules/6.1.0-1/extra/x.ko", false },
	{ "/lib/modules/6.1.0-1/kernel", false },
	{ "/lib/modules/6.1.0-1/kernels/x.ko", false },
	{ "/lib/modules/6.1.0-1/updates/kernel/x.ko", false },
	{ "/lib/modules/kernel/x.ko", false },
	{ "/opt/lib/modules/6.1.0-1/kernel/x.ko", false },
	{ "", false },
};

START_TEST(places_of_the_kernels_package)
{
	ck_assert(module_path_is_kernels(places[_i].path) == places[_i].kernels);
}
END_TEST

START_TEST(overlong_paths)
{
	char path[2 * NAME_MAX], name[NAME_MAX + 1];

	memset(path, 'a', sizeof(path));
	strcpy(path + NAME_MAX, ".ko");
	ck_assert(module_path_name(path, name));
	ck_assert_uint_eq(strlen(name), NAME_MAX);
	strcpy(path + NAME_MAX, "a.ko");
	ck_assert(!module_path_name(path, name));
	memset(path, 'a', sizeof(path));
	memcpy(path, "/lib/modules/", 13);
	strcpy(path + 13 + NAME_MAX, "/x");
	ck_assert(module_path_kernel(path, name));
	strcpy(path + 13 + NAME_MAX, "a/x");
	ck_assert(!module_path_kernel(path, name));
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("module_path");
	TCase *tests = suite_case(all, "paths", 10);

	tcase_add_loop_test(tests, paths_of_modules, 0, sizeof(paths) / sizeof(paths[0]));
	tcase_add_loop_test(tests, places_of_the_kernels_package, 0,
			    sizeof(places) / sizeof(places[0]));
	tcase_add_test(tests, overlong_paths);
	return all;
}
