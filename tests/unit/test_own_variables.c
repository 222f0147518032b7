/* test_own_variables.c: whose EFI variables a run touches
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdlib.h>

#include "recovery/boot/own_variables.h"
#include "tests/unit/suite.h"

static const struct context here = { .root = "" }, elsewhere = { .root = "/mnt" },
			    forbidden = { .root = "", .no_variables = true };

static int never(const char *name, void *user)
{
	(void)name, (void)user;
	ck_abort_msg("there is nothing to list");
	return 0;
}

static void expect_none(const struct context *context)
{
	const struct variables *variables = own_variables(context);
	uint32_t attributes;
	uint8_t byte = 0;
	size_t size;

	ck_assert(!variables->available());
	ck_assert_int_eq(variables->read("g", "n", &byte, 1, &size, &attributes), -ENODEV);
	ck_assert_int_eq(variables->write("g", "n", &byte, 1, 7), -ENODEV);
	ck_assert_int_eq(variables->remove("g", "n"), -ENODEV);
	ck_assert_int_eq(variables->list("g", "n", never, NULL), -ENODEV);
}

/* The firmware of a rescue system must not be told what another disk is to do. */
START_TEST(another_root_has_not_this_machines_variables)
{
	unsetenv("EFIVARFS_PATH");
	expect_none(&elsewhere);
	expect_none(&forbidden);
	ck_assert_ptr_eq(own_variables(&here), variables_of_machine());
}
END_TEST

START_TEST(a_folder_stands_for_the_other_systems)
{
	setenv("EFIVARFS_PATH", "/nowhere/", 1);
	ck_assert_ptr_eq(own_variables(&elsewhere), variables_of_machine());
	expect_none(&forbidden);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("own variables");
	TCase *choice = suite_case(all, "choice", 5);

	tcase_add_test(choice, another_root_has_not_this_machines_variables);
	tcase_add_test(choice, a_folder_stands_for_the_other_systems);
	return all;
}
