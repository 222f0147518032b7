/* test_administrators.c: who is an administrator, by the files of accounts
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdio.h>

#include "recovery/early/administrators.h"
#include "tests/unit/suite.h"

#define ANNA "anna:x:1000:1000::/home/anna:/bin/bash\n"

/* Nobody of these is an administrator for sure. */
START_TEST(accounts_are_read_strictly)
{
	static const struct {
		const char *group, *passwd;
	} files[] = {
		{ "", ANNA },
		{ "sudo:x:27:anna", "" },
		{ "sudo", ANNA },
		{ "sudo:x:27", ANNA },
		{ "sudo:x::anna", ANNA },
		{ "sudo:x:-1:anna", ANNA },
		{ "sudo:x:27:anna2,ann,,Anna", ANNA },
		{ "xsudo:x:27:anna\nsudoers:x:28:anna\n", ANNA },
		{ "sudo:x:27:\nsudo:x:27:anna\n", ANNA },
		{ "sudo:x:27:anna", "anna:x:1000" },
		{ "sudo:x:27:anna", "anna:x:1000x:1000::/:\n" },
		{ "sudo:x:27:anna", "anna:x::1000::/:\n" },
		{ "sudo:x:27:anna", "anna:x:42949672960:1000::/:\n" },
		{ "sudo:x:27:anna", "anna:x:4294967295:1000::/:\n" },
		{ "sudo:x:27:anna", "anna:x:0:1000::/:\n" },
		{ "sudo:x:27:,", ":x:1000:1000::/:\n" },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct administrators found;

		administrators_parse(files[i].group, files[i].passwd, &found);
		ck_assert_msg(found.count == 0, "%s %s", files[i].group, files[i].passwd);
	}
}
END_TEST

START_TEST(no_more_administrators_than_there_is_room_for)
{
	char passwd[8192] = "";
	struct administrators found;
	size_t size = 0;

	for (int i = 0; i < 2 * ADMINISTRATORS_MOST; i++)
		size += (size_t)snprintf(passwd + size, sizeof(passwd) - size, "u%d:x:%d:10:::\n",
					 i, 1000 + i);
	administrators_parse("wheel:x:10:", passwd, &found);
	ck_assert_uint_eq(found.count, ADMINISTRATORS_MOST);
	ck_assert_uint_eq(found.users[0], 1000);
	ck_assert_uint_eq(found.users[ADMINISTRATORS_MOST - 1], 1000 + ADMINISTRATORS_MOST - 1);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("administrators");
	TCase *accounts = suite_case(all, "accounts", 5);

	tcase_add_test(accounts, accounts_are_read_strictly);
	tcase_add_test(accounts, no_more_administrators_than_there_is_room_for);
	return all;
}
