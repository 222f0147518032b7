/* test_grub_menu.c: the entry of a kernel in a menu of GRUB's, which anything may have written
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/grub_menu.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/suite.h"

#define GOOD "6.1.0-13-amd64"
#define ID   "gnulinux-" GOOD "-advanced-1"

static const struct {
	const char *text, *entry; /* entry NULL: none is found */
} menus[] = {
	{ "menuentry 'x' --id " ID " {\n}\n", ID },
	{ "menuentry 'x' $menuentry_id_option '" ID "' {", ID },
	{ "submenu 'a' --id=s {\nsubmenu 'b' --id=t {\n menuentry x --id \"" ID "\" {\n",
	  "s>t>" ID },
	{ "submenu 'a' --id=s {\n}\nmenuentry x --id " ID " {\n", ID },
	{ "menuentry 'Debian' --id gnulinux-simple-1 {\n}\n", NULL },
	{ "menuentry 'x' --id gnulinux-" GOOD "-recovery-1 {\n}\n", NULL },
	{ "menuentry 'x' --id gnulinux-6.1.0-1-advanced-1 {\n}\n", NULL },
	{ "#menuentry 'x' --id " ID " {\n}\n", NULL },
	{ "echo menuentry --id " ID " {\n", NULL },
	{ "menuentry 'x' --id '" ID "$(reboot)' {\n", NULL },
	{ "menuentry 'x' --id '" ID "\"' {\n", NULL },
	{ "menuentry 'x --id " ID " {\n", NULL },
	{ "submenu 'no id' {\nmenuentry x --id " ID " {\n", NULL },
	{ "function f {\nmenuentry x --id " ID " {\n", NULL },
	{ "", NULL },
};

START_TEST(menu_is_read_strictly)
{
	char entry[BOOT_LOADER_ENTRY_SIZE];
	int error = grub_menu_find(menus[_i].text, strlen(menus[_i].text), GOOD, entry);

	ck_assert_int_eq(error, menus[_i].entry ? 0 : -ENOENT);
	if (menus[_i].entry)
		ck_assert_str_eq(entry, menus[_i].entry);
}
END_TEST

START_TEST(menu_that_is_too_deep)
{
	char text[256] = "", entry[BOOT_LOADER_ENTRY_SIZE];

	for (int i = 0; i < 9; i++)
		strcat(text, "submenu a --id=s {\n");
	ck_assert_int_eq(grub_menu_find(text, strlen(text), GOOD, entry), -EBADMSG);
}
END_TEST

START_TEST(long_names_are_no_names)
{
	char text[4096], id[600], entry[BOOT_LOADER_ENTRY_SIZE];

	memset(id, 'a', sizeof(id));
	snprintf(text, sizeof(text), "menuentry x --id " ID "%.*s {\n", 300, id);
	ck_assert_int_eq(grub_menu_find(text, strlen(text), GOOD, entry), -ENOENT);
	snprintf(text, sizeof(text),
		 "submenu a --id %.*s {\nsubmenu a --id %.*s {\nsubmenu a --id %.*s {\nmenuentry x "
		 "--id " ID " {\n",
		 200, id, 200, id, 200, id);
	ck_assert_int_eq(grub_menu_find(text, strlen(text), GOOD, entry), -ENOENT);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("grub_menu");
	TCase *tests = suite_case(whole, "menus", 20);

	tcase_add_loop_test(tests, menu_is_read_strictly, 0, sizeof(menus) / sizeof(menus[0]));
	tcase_add_test(tests, menu_that_is_too_deep);
	tcase_add_test(tests, long_names_are_no_names);
	return whole;
}
