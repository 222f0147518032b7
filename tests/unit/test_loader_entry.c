/* test_loader_entry.c: the names of entries of systemd-boot, and whose kernel they start
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/loader_entry.h"

#include <string.h>

#include "tests/unit/suite.h"

#define GOOD "6.1.0-13-amd64"

START_TEST(names_of_entries)
{
	static const struct {
		const char *name, *id;
	} names[] = {
		{ "a-6.1.conf", "a-6.1.conf" },
		{ "a-6.1+3.conf", "a-6.1.conf" },
		{ "a-6.1+3-1.conf", "a-6.1.conf" },
		{ "a+.conf", "a+.conf" },
		{ "+3.conf", "+3.conf" },
		{ "a-3.conf", "a-3.conf" },
		{ ".conf", NULL },
		{ "a.conf~", NULL },
		{ ".a.conf", NULL },
		{ "a b.conf", NULL },
		{ "a/b.conf", NULL },
	};
	char id[LOADER_ENTRY_ID_MAX];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		ck_assert_msg(loader_entry_id(names[i].name, id) == (names[i].id != NULL), "%s",
			      names[i].name);
		if (names[i].id)
			ck_assert_str_eq(id, names[i].id);
	}
	ck_assert(loader_entry_is_of("version " GOOD, strlen("version " GOOD), GOOD));
	ck_assert(!loader_entry_is_of("#version " GOOD, strlen("#version " GOOD), GOOD));
	ck_assert(!loader_entry_is_of("version " GOOD "x", strlen("version " GOOD "x"), GOOD));
	ck_assert(!loader_entry_is_of("versions " GOOD, strlen("versions " GOOD), GOOD));
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("loader_entry");

	tcase_add_test(suite_case(whole, "names", 20), names_of_entries);
	return whole;
}
