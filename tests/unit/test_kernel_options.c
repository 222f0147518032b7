/* test_kernel_options.c: the command line of a copied kernel, and which kernels may be chosen
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recovery/boot/kernel_options.h"
#include "recovery/kernel_floor.h"
#include "tests/unit/suite.h"

#define INITRD "\\EFI\\daruma\\good\\a\\initrd"
#define FIRST  "initrd=" INITRD

static struct hold_list list;
static char options[DARUMA_OPTIONS_SIZE];
static size_t left_out;

static void set_up(void)
{
	list.count = 0;
}

static void tear_down(void)
{
	hold_list_free(&list);
}

static int compose(const char *line)
{
	return kernel_options_compose(line, INITRD, &list, options, &left_out);
}

static void hold(enum hold_kind kind, const char *name)
{
	ck_assert_int_eq(hold_list_add(&list, kind, name), 0);
}

START_TEST(it_is_the_line_of_the_good_boot)
{
	ck_assert_int_eq(compose("BOOT_IMAGE=/boot/vmlinuz root=UUID=a ro  initrd=\\x quiet\n"), 0);
	ck_assert_str_eq(options, FIRST " root=UUID=a ro quiet");
	ck_assert_uint_eq(left_out, 0);
	ck_assert_int_eq(compose(""), 0);
	ck_assert_str_eq(options, FIRST);
}
END_TEST

/* R36 */
START_TEST(names_of_the_watch_set_are_kept_out)
{
	hold(HOLD_UNIT, "acme-sensor.service");
	hold(HOLD_MODULE, "acme_sensor");
	hold(HOLD_FILE, "/lib/modules/6.1/updates/acme_sensor.ko");
	hold(HOLD_MODULE, "other");
	hold(HOLD_UNIT, "other.timer");
	ck_assert_int_eq(compose("ro"), 0);
	ck_assert_str_eq(options,
			 FIRST " ro module_blacklist=acme_sensor,other"
			       " systemd.mask=acme-sensor.service systemd.mask=other.timer");
}
END_TEST

/* The kernel takes the last one only. */
START_TEST(the_owner_s_own_blacklist_stays)
{
	hold(HOLD_MODULE, "acme_sensor");
	ck_assert_int_eq(compose("module_blacklist=x ro module_blacklist=nouveau,pcspkr quiet\n"),
			 0);
	ck_assert_str_eq(options, FIRST " ro quiet module_blacklist=nouveau,pcspkr,acme_sensor");
}
END_TEST

START_TEST(what_does_not_fit_is_left_out_whole)
{
	char line[DARUMA_OPTIONS_SIZE];

	hold(HOLD_MODULE, "a_module_with_a_long_name");
	hold(HOLD_MODULE, "b");
	hold(HOLD_UNIT, "a-unit-with-a-long-name.service");
	/* Room for " module_blacklist=b" and no more. */
	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1 - strlen(FIRST " ") - strlen(" module_blacklist=b")] = '\0';
	ck_assert_int_eq(compose(line), 0);
	ck_assert_uint_eq(left_out, 2);
	ck_assert_uint_eq(strlen(options), DARUMA_OPTIONS_SIZE - 1);
	ck_assert_str_eq(options + strlen(options) - strlen(" module_blacklist=b"),
			 " module_blacklist=b");
	strcat(line, "x");
	ck_assert_int_eq(compose(line), 0);
	ck_assert_uint_eq(left_out, 3);
}
END_TEST

START_TEST(a_line_that_does_not_fit_is_refused)
{
	char line[DARUMA_OPTIONS_SIZE + 1];

	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\0';
	ck_assert_int_eq(compose(line), -E2BIG);
	line[DARUMA_OPTIONS_SIZE - 1 - strlen(FIRST " ")] = '\0';
	ck_assert_int_eq(compose(line), 0);
	strcat(line, "x");
	ck_assert_int_eq(compose(line), -E2BIG);
	/* Without the owner's own names it would not be the line of the good boot. */
	snprintf(line, sizeof(line), "module_blacklist=");
	memset(line + strlen(line), 'y', DARUMA_OPTIONS_SIZE - strlen(line) - 1);
	line[DARUMA_OPTIONS_SIZE - 1] = '\0';
	ck_assert_int_eq(compose(line), -E2BIG);
}
END_TEST

static const char *const refused[] = { "a=\"b c\"", "caf\xc3\xa9", "a\tb", "a\nb", "\x7f" };

START_TEST(bytes_that_load_options_cannot_have)
{
	ck_assert_int_eq(compose(refused[_i]), -EINVAL);
}
END_TEST

/* --- the line of an image --------------------------------------------------------------------------- */

static char line_of_image[KERNEL_OPTIONS_IMAGE_SIZE];

static int compose_image(const char *line)
{
	return kernel_options_compose_image(line, &list, line_of_image, &left_out);
}

/* R15, R18 */
START_TEST(an_image_runs_nothing_else)
{
	hold(HOLD_MODULE, "acme_sensor");
	ck_assert_int_eq(
		compose_image(
			"BOOT_IMAGE=/x root=UUID=a init=/bin/sh rdinit=/bin/sh break break=top "
			"resume=UUID=b resume_offset=1 noresume panic=-1 daruma=off "
			"initrd=\\x debug console=ttyS0 quiet\n"),
		0);
	ck_assert_str_eq(line_of_image,
			 "daruma=image noresume panic=30 root=UUID=a console=ttyS0 quiet"
			 " module_blacklist=acme_sensor");
	ck_assert_int_eq(compose_image("a=\"b\""), -EINVAL);
}
END_TEST

START_TEST(an_image_has_all_the_room_of_the_kernel)
{
	char line[KERNEL_OPTIONS_IMAGE_SIZE];
	size_t room = sizeof(line) - 1 - strlen("daruma=image noresume panic=30 ");

	memset(line, 'x', sizeof(line));
	line[room] = '\0';
	ck_assert_int_eq(compose_image(line), 0);
	ck_assert_uint_eq(strlen(line_of_image), KERNEL_OPTIONS_IMAGE_SIZE - 1);
	line[room] = 'x';
	line[room + 1] = '\0';
	ck_assert_int_eq(compose_image(line), -E2BIG);
}
END_TEST

/* --- the oldest kernel ------------------------------------------------------------------------------ */

static const struct {
	const char *floor, *release;
	bool allowed;
} floors[] = {
	{ "", "6.1.0-20-amd64", true },
	{ "6.1.0-20", "6.1.0-20-amd64", true },
	{ "6.1.0-20", "6.1.0-21-amd64", true },
	{ "6.1.0-20", "6.1.0-9-amd64", false },
	{ "6.1.0-20", "6.1.0-100-amd64", true },
	{ "6.1.0-20", "6.1.0-200-amd64", true },
	{ "6.1.0-20", "6.1.0-2-amd64", false },
	{ "6.1.0-20", "5.10.0-30-amd64", false },
	{ "6.1.0-20", "6.10.0-1-amd64", true },
	{ "6.12", "6.12.1", true },
	{ "6.12", "6.2.9", false },
	{ "6.12.3-cloud", "6.12.3-amd64", false },
	{ "6.1.0-20-amd64", "6.1.0-20", false },
	{ "6.8.0", "6.8.0-rc3-amd64", false },
	{ "6.7", "6.7~rc1-1", false },
	{ "6.7", "6.7.0-rc1", true },
};

/* R32 */
START_TEST(older_kernels_are_below_the_floor)
{
	ck_assert_int_eq(kernel_floor_allows(floors[_i].floor, floors[_i].release),
			 floors[_i].allowed);
}
END_TEST

START_TEST(only_names_of_releases_are_such)
{
	char longest[KERNEL_RELEASE_SIZE];

	ck_assert(kernel_floor_is_release("6.1.0-20-amd64"));
	ck_assert(kernel_floor_is_release("6.6.8~rc1+deb_1"));
	ck_assert(!kernel_floor_is_release(""));
	ck_assert(!kernel_floor_is_release(".."));
	ck_assert(!kernel_floor_is_release("6.1/../x"));
	ck_assert(!kernel_floor_is_release("6.1 x"));
	memset(longest, '6', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	ck_assert(kernel_floor_is_release(longest));
	ck_assert(!kernel_floor_is_release(
		"66666666666666666666666666666666666666666666666666666666666666666"));
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

Suite *suite(void)
{
	Suite *all = suite_create("kernel_options");
	TCase *line = suite_case(all, "line", 5);
	TCase *floor = suite_case(all, "floor", 5);

	tcase_add_checked_fixture(line, set_up, tear_down);
	tcase_add_test(line, it_is_the_line_of_the_good_boot);
	tcase_add_test(line, names_of_the_watch_set_are_kept_out);
	tcase_add_test(line, the_owner_s_own_blacklist_stays);
	tcase_add_test(line, what_does_not_fit_is_left_out_whole);
	tcase_add_test(line, a_line_that_does_not_fit_is_refused);
	tcase_add_test(line, an_image_runs_nothing_else);
	tcase_add_test(line, an_image_has_all_the_room_of_the_kernel);
	tcase_add_loop_test(line, bytes_that_load_options_cannot_have, 0, COUNT(refused));
	tcase_add_loop_test(floor, older_kernels_are_below_the_floor, 0, COUNT(floors));
	tcase_add_test(floor, only_names_of_releases_are_such);
	return all;
}
