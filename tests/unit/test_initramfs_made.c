/* test_initramfs_made.c: an initramfs that Daruma had made anew is no update, and any other one is (R62)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/initramfs_made.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recovery/digest.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

#define KERNEL "6.1.0-1"

static struct context context;

static void set_up(void)
{
	context = (struct context){ .root = scratch_make() };
	scratch_write("var/lib/daruma/x", "", 0);
}

static void put_image(const char *text)
{
	scratch_write("boot/initrd.img-" KERNEL, text, strlen(text));
}

static void rebuild(const char *text)
{
	ck_assert_int_eq(initramfs_made_begin(&context, KERNEL), 0);
	put_image(text);
	ck_assert_int_eq(initramfs_made_end(&context, KERNEL), 0);
}

static bool is_own(const char *before, const char *now)
{
	char first[DIGEST_TEXT_SIZE], second[DIGEST_TEXT_SIZE];

	ck_assert_int_eq(digest_bytes(before, strlen(before), first), 0);
	ck_assert_int_eq(digest_bytes(now, strlen(now), second), 0);
	return initramfs_made_is_own(&context, KERNEL, first, second);
}

START_TEST(own_rebuild_is_no_update)
{
	put_image("good");
	ck_assert(!is_own("good", "one"));
	rebuild("one");
	ck_assert(is_own("good", "one"));
	ck_assert(!is_own("good", "two"));
	ck_assert(!is_own("other", "one"));
	rebuild("two");
	ck_assert(is_own("good", "two"));
	ck_assert(is_own("one", "two"));
	ck_assert(!initramfs_made_is_own(&context, KERNEL, "", ""));
}
END_TEST

/* What somebody else made is an update, and is one behind our next rebuild too. */
START_TEST(update_between_two_rebuilds_stays_one)
{
	put_image("good");
	rebuild("one");
	put_image("update");
	ck_assert(!is_own("good", "update"));
	rebuild("two");
	ck_assert(!is_own("good", "two"));
	ck_assert(is_own("update", "two"));
}
END_TEST

/* The power goes inside of it: nobody knows whose the image is, and a good start knows again. */
START_TEST(r62_rebuild_that_was_cut_short_is_no_update)
{
	put_image("good");
	ck_assert_int_eq(initramfs_made_begin(&context, KERNEL), 0);
	put_image("one");
	ck_assert(is_own("good", "one"));
	rebuild("two");
	ck_assert(is_own("good", "two"));
	ck_assert(is_own("one", "two"));
	ck_assert(!is_own("good", "one"));
}
END_TEST

START_TEST(oldest_origins_are_forgotten)
{
	char text[16];

	put_image("good");
	for (int i = 0; i < 9; i++) {
		snprintf(text, sizeof(text), "%d", i);
		rebuild(text);
	}
	ck_assert(!is_own("good", "8"));
	ck_assert(!is_own("8", "7"));
	ck_assert(is_own("0", "8"));
	ck_assert(is_own("7", "8"));
}
END_TEST

START_TEST(nothing_to_note)
{
	ck_assert_int_eq(initramfs_made_begin(&context, KERNEL), -ENOENT);
	ck_assert_int_eq(initramfs_made_end(&context, KERNEL), -ENOENT);
	ck_assert(!is_own("good", "one"));
	scratch_write("var/lib/daruma/rebuilt-" KERNEL, "\n\n", 2);
	ck_assert(!is_own("good", "one"));
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("initramfs_made");
	TCase *tests = suite_case(all, "images", 10);

	tcase_add_checked_fixture(tests, set_up, scratch_remove);
	tcase_add_test(tests, own_rebuild_is_no_update);
	tcase_add_test(tests, update_between_two_rebuilds_stays_one);
	tcase_add_test(tests, r62_rebuild_that_was_cut_short_is_no_update);
	tcase_add_test(tests, oldest_origins_are_forgotten);
	tcase_add_test(tests, nothing_to_note);
	return all;
}
