/* test_safe_entry.c: the entry of systemd-boot's for safe starts (R36)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/safe_entry.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

#include "tests/unit/kernel_scene.h"
#include "tests/unit/suite.h"
#include "tests/unit/variable_folder.h"

#define OURS   "/esp/loader/entries/daruma-safe+0.conf"
#define DEBIAN "/esp/loader/entries/debian+3-1.conf"
#define ENTRY                                                                                      \
	"title Debian\nversion 6.1\nlinux /vmlinuz\ninitrd /initrd\noptions root=UUID=a "          \
	"ro\noptions quiet\n"
#define SAFE                                                                                       \
	"title Daruma: safe start\nversion 6.1\nlinux /vmlinuz\ninitrd /initrd\n"                  \
	"options root=UUID=a ro quiet module_blacklist=acme_sensor systemd.mask=acme.service\n"

static const char *info, *chosen; /* what the loader says, NULL nothing */

static int read_variable(const char *guid, const char *name, uint8_t *buffer, size_t size,
			 size_t *ret_size, uint32_t *ret_attributes)
{
	const char *text = strcmp(name, "LoaderInfo") == 0	    ? info :
			   strcmp(name, "LoaderEntrySelected") == 0 ? chosen :
								      NULL;

	ck_assert_str_eq(guid, "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f");
	if (!text)
		return -ENOENT;
	ck_assert_uint_ge(size, 2 * strlen(text) + 2);
	memset(buffer, 0, 2 * strlen(text) + 2);
	for (size_t i = 0; text[i]; i++)
		buffer[2 * i] = (uint8_t)text[i];
	*ret_size = 2 * strlen(text) + 2;
	*ret_attributes = 6;
	return 0;
}

static const struct variables variables = { .read = read_variable };

static void set_up(void)
{
	kernels_set_up();
	info = "systemd-boot 252";
	chosen = "debian.conf";
	tree_write(&kernels.tree, DEBIAN, ENTRY);
	tree_write(&kernels.tree, "/esp/loader/entries/other.conf", "linux /other\n");
}

static int follow(void)
{
	const struct boot_loader_access access = { .context = &kernels.tree.context,
						   .variables = &variables };

	return safe_entry_follow(&access);
}

START_TEST(entry_of_the_good_start_keeps_products_out)
{
	ck_assert_int_eq(follow(), 1);
	tree_expect(&kernels.tree, OURS, SAFE);
	ck_assert_int_eq(follow(), 0);
	/* With the counters, as some versions tell it. */
	chosen = "debian+3-1.conf";
	ck_assert_int_eq(follow(), 0);
	tree_write(&kernels.tree, "/etc/daruma/hold", "unit acme.service\n");
	ck_assert_int_eq(follow(), 1);
	ck_assert(!tree_holds(&kernels.tree, OURS, SAFE));
	tree_expect(&kernels.tree, DEBIAN, ENTRY);
}
END_TEST

static void expect_gone(void)
{
	ck_assert_int_eq(follow(), 1);
	tree_expect(&kernels.tree, OURS, NULL);
	ck_assert_int_eq(follow(), 0);
}

START_TEST(what_cannot_be_had_is_taken_away)
{
	static const char *const texts[] = { "efi /x.efi\n", "linux /x\noptions a=\"b c\"\n",
					     "linux /x\noptions caf\xc3\xa9\n" };

	ck_assert_int_eq(follow(), 1);
	if (_i < 3)
		tree_write(&kernels.tree, DEBIAN, texts[_i]);
	else if (_i == 3)
		chosen = "gone.conf";
	else if (_i == 4)
		chosen = "daruma-safe.conf";
	else if (_i == 5)
		chosen = NULL;
	else
		info = _i == 6 ? NULL : "another loader";
	expect_gone();
}
END_TEST

START_TEST(it_leaves_with_daruma)
{
	ck_assert_int_eq(follow(), 1);
	ck_assert_int_eq(safe_entry_delete(&kernels.esp), 1);
	ck_assert_int_eq(safe_entry_delete(&kernels.esp), 0);
	tree_expect(&kernels.tree, DEBIAN, ENTRY);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("safe_entry");
	TCase *tests = tcase_create("safe_entry");

	variable_folder_start();
	tcase_add_checked_fixture(tests, set_up, kernels_tear_down);
	tcase_add_test(tests, entry_of_the_good_start_keeps_products_out);
	tcase_add_loop_test(tests, what_cannot_be_had_is_taken_away, 0, 8);
	tcase_add_test(tests, it_leaves_with_daruma);
	suite_add_tcase(all, tests);
	return all;
}
