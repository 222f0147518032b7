/* test_loader_entry.c: the names of entries of systemd-boot, and whose kernel they start
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/loader_entry.h"

#include <errno.h>
#include <stdlib.h>
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

static void expect_split(const char *text, const char *options, const char *others)
{
	char *found_options, *found_others;

	ck_assert_int_eq(loader_entry_split(text, strlen(text), &found_options, &found_others), 0);
	ck_assert_str_eq(found_options, options);
	ck_assert_str_eq(found_others, others);
	free(found_options);
	free(found_others);
}

START_TEST(texts_of_entries)
{
	char *options = NULL, *others = NULL;

	expect_split("title Debian\n# a comment\n\nversion 6.1\nlinux /vmlinuz\ninitrd /initrd\n"
		     "options root=UUID=a ro\n  options\tquiet \n",
		     "root=UUID=a ro quiet ", "version 6.1\nlinux /vmlinuz\ninitrd /initrd\n");
	expect_split("linux /vmlinuz", "", "linux /vmlinuz\n");
	/* Words that only begin so. */
	expect_split("linux /x\ntitles a\noptionsx b\n", "", "linux /x\ntitles a\noptionsx b\n");
	ck_assert_int_eq(loader_entry_split("efi /x.efi\n", 11, &options, &others), -EOPNOTSUPP);
	ck_assert_int_eq(loader_entry_split("", 0, &options, &others), -EOPNOTSUPP);
	ck_assert_int_eq(loader_entry_split("linux /x\0\n", 10, &options, &others), -EBADMSG);
	ck_assert_ptr_null(options);
	ck_assert_ptr_null(others);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("loader_entry");
	TCase *names = suite_case(whole, "names", 20);

	tcase_add_test(names, names_of_entries);
	tcase_add_test(names, texts_of_entries);
	return whole;
}
