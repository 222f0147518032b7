/* test_package_hold.c: whose file an entry was, and R25: the package manager leaves that package alone
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/package_hold.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "recovery/boot/boot_order.h"
#include "recovery/quarantine/package_origin.h"
#include "recovery/quarantine/quarantine.h"
#include "recovery/state.h"
#include "tests/unit/quarantine_scene.h"
#include "tests/unit/suite.h"

#define INFO "/var/lib/dpkg/info/"

/* The machine itself: its package manager, whose answers a test says, and the tables of the scene. */
static const struct context here = { .root = "" };
static char commands[1024];
static const char *held_before = "";
static int listing; /* the exit status of what tells the holds */
static int marking; /* what setting and lifting a hold end with */

static int run(const char *const argv[], unsigned seconds, char *output, size_t size,
	       int *ret_status)
{
	ck_assert_uint_gt(seconds, 0);
	for (size_t i = 0; argv[i]; i++)
		snprintf(commands + strlen(commands), sizeof(commands) - strlen(commands), "%s%s",
			 argv[i], argv[i + 1] ? " " : "\n");
	*ret_status = 0;
	if (output)
		snprintf(output, size, "%s", held_before);
	if (strcmp(argv[1], "showhold") == 0) {
		*ret_status = listing;
		return 0;
	}
	return marking;
}

static const struct process_port port = { .run = run };

static void set_up(void)
{
	scene_set_up();
	tree_write(
		&scene, INFO "acme-sensor.list",
		"/.\n/lib\n/lib/modules/6.1.0-1/updates/acme-sensor.ko.xz\n/opt/acme/bin/acmed\n");
	tree_write(&scene, INFO "acme-content:amd64.list", "/.\n" TREE_CHANNEL "\n");
	tree_write(&scene, INFO "linux-image-6.1.list", TREE_MANIFEST "\n");
	tree_write(&scene, INFO "acme-sensor.md5sums", TREE_MANIFEST "\n");
	tree_write(&scene, INFO "bad name.list", SCENE_EXTRA "\n");
	tree_write(&scene, "/var/log/dpkg.log",
		   "2026-11-26 15:26:37 upgrade acme-sensor:amd64 1.0 1.1\n");
	ck_assert_int_eq(scene_set_aside(), 5);
}

static int update(const struct context *context, int *ret_held, int *ret_lifted)
{
	struct text_list held = { 0 }, lifted = { 0 };
	int error = package_hold_update(context, &port, scene.database, &held, &lifted);

	*ret_held = (int)held.count;
	*ret_lifted = (int)lifted.count;
	text_list_free(&held);
	text_list_free(&lifted);
	return error;
}

static void expect_update(const struct context *context, int held, int lifted)
{
	int now_held, now_lifted;

	ck_assert_int_eq(update(context, &now_held, &now_lifted), 0);
	ck_assert_int_eq(now_held, held);
	ck_assert_int_eq(now_lifted, lifted);
}

static void put_all_back(void)
{
	int count;

	scene_put_all_back(&count);
}

static void expect_origin(const char *path, const char *package, const char *after)
{
	struct package_origin origin;

	ck_assert_int_eq(package_origin_load(scene.database, scene_entry_of(path), &origin), 0);
	ck_assert_str_eq(origin.package, package);
	ck_assert_str_eq(origin.transition.after, after);
}

START_TEST(owner_and_transition_are_recorded_once)
{
	/* The module, the channel and the manifest; below another root nothing is run. */
	ck_assert_int_eq(package_origin_record(&scene.context, &port, scene.database), 3);
	expect_origin(TREE_MODULE, "acme-sensor", "1.1");
	expect_origin(TREE_CHANNEL, "acme-content:amd64", "");
	expect_origin(SCENE_EXTRA, "", "");
	ck_assert_int_eq(package_origin_record(&scene.context, &port, scene.database), 0);
	expect_update(&scene.context, 0, 0);
	ck_assert_str_eq(commands, "");
}
END_TEST

START_TEST(origin_is_told)
{
	struct package_origin origin = { "acme", "dpkg", { "1.0", "1.1", 1795706797 } };
	char text[PACKAGE_ORIGIN_TEXT_SIZE];

	package_origin_text(&origin, true, text);
	ck_assert_str_eq(text, "acme 1.0 -> 1.1, 2026-11-26 15:26:37 UTC");
	origin.transition.before[0] = '\0';
	package_origin_text(&origin, true, text);
	ck_assert_str_eq(text, "acme 1.1, 2026-11-26 15:26:37 UTC");
	origin.transition.time = 0;
	package_origin_text(&origin, true, text);
	ck_assert_str_eq(text, "acme");
	origin.package[0] = '\0';
	package_origin_text(&origin, true, text);
	ck_assert_str_eq(text, "-");
}
END_TEST

/* Not the kernel's (R14), although its list names a file. */
START_TEST(r25_packages_are_held_until_the_last_object_is_back)
{
	expect_update(&scene.context, 0, 0);
	expect_update(&here, 2, 0);
	ck_assert_str_eq(commands, "apt-mark showhold\napt-mark hold acme-content:amd64\n"
				   "apt-mark showhold\napt-mark hold acme-sensor\n");
	commands[0] = '\0';
	expect_update(&here, 0, 0);
	ck_assert_str_eq(commands, "");
	ck_assert_int_eq(scene_put_back(TREE_MODULE), 0);
	ck_assert(package_hold_is_due(scene.database));
	expect_update(&here, 0, 1);
	ck_assert_str_eq(commands, "apt-mark unhold acme-sensor\n");
	put_all_back();
	expect_update(&here, 0, 1);
	ck_assert_int_eq(tree_query(&scene, "SELECT COUNT(*) FROM package_hold"), 0);
	ck_assert(!package_hold_is_due(scene.database));
}
END_TEST

START_TEST(hold_of_the_administrator_stays)
{
	held_before = "other\nacme-sensor\nacme-content\n";
	expect_update(&scene.context, 0, 0);
	expect_update(&here, 0, 0);
	put_all_back();
	expect_update(&here, 0, 0);
	ck_assert_str_eq(commands, "apt-mark showhold\napt-mark showhold\n");
	ck_assert_int_eq(tree_query(&scene, "SELECT COUNT(*) FROM package_hold"), 0);
}
END_TEST

static void pass_a_day(void)
{
	ck_assert_int_eq(
		database_run(scene.database, "UPDATE package_hold SET time=time-86400", ""), 0);
}

/* Neither now nor at the scans of this day. */
static void expect_rest(void)
{
	commands[0] = '\0';
	ck_assert(!package_hold_is_due(scene.database));
	expect_update(&here, 0, 0);
	ck_assert_str_eq(commands, "");
	pass_a_day();
}

/* Apt was busy. */
START_TEST(what_failed_is_done_after_a_day)
{
	int held, lifted;

	expect_update(&scene.context, 0, 0);
	marking = -ETIMEDOUT;
	ck_assert_int_eq(update(&here, &held, &lifted), -ETIMEDOUT);
	ck_assert_int_eq(held, 0);
	marking = 0;
	expect_rest();
	expect_update(&here, 2, 0);
	put_all_back();
	marking = -ETIMEDOUT;
	ck_assert_int_eq(update(&here, &held, &lifted), -ETIMEDOUT);
	marking = 0;
	expect_rest();
	ck_assert(package_hold_is_due(scene.database));
	expect_update(&here, 0, 2);
}
END_TEST

/* What is held cannot be told: then nothing is set, and nothing is to be lifted. */
START_TEST(list_that_fails_is_asked_for_after_a_day)
{
	int held, lifted;

	expect_update(&scene.context, 0, 0);
	listing = 1;
	ck_assert_int_eq(update(&here, &held, &lifted), -ECHILD);
	expect_rest();
	ck_assert_int_eq(update(&here, &held, &lifted), -ECHILD);
	ck_assert_str_eq(commands, "apt-mark showhold\napt-mark showhold\n");
	put_all_back();
	commands[0] = '\0';
	expect_update(&here, 0, 0);
	ck_assert_str_eq(commands, "");
	ck_assert_int_eq(tree_query(&scene, "SELECT COUNT(*) FROM package_hold"), 0);
}
END_TEST

/* R57: the power went between the row and the hold. */
START_TEST(r57_hold_that_was_wanted)
{
	expect_update(&scene.context, 0, 0);
	ck_assert_int_eq(
		database_run(scene.database,
			     "INSERT INTO package_hold VALUES('acme-sensor','dpkg','wanted',?1)",
			     "i", (int64_t)time(NULL)),
		0);
	if (_i == 0) {
		expect_update(&here, 2, 0);
		return;
	}
	/* Lifting one that was never set fails, for ever. */
	put_all_back();
	marking = -ECHILD;
	expect_update(&here, 0, 0);
	ck_assert(!package_hold_is_due(scene.database));
}
END_TEST

START_TEST(removal_of_daruma_lifts_them)
{
	expect_update(&scene.context, 0, 0);
	expect_update(&here, 2, 0);
	ck_assert_int_eq(state_set_number(scene.database, BOOT_ORDER_REMOVED_KEY, 1), 0);
	expect_update(&here, 0, 2);
	expect_update(&here, 0, 0);
}
END_TEST

START_TEST(hold_of_a_product_that_ended_is_lifted)
{
	expect_update(&scene.context, 0, 0);
	expect_update(&here, 2, 0);
	ck_assert_int_eq(database_run(scene.database, "INSERT INTO hold_end VALUES('acme',0)", ""),
			 0);
	ck_assert(package_hold_is_due(scene.database));
	expect_update(&here, 0, 2);
	ck_assert_int_eq(database_run(scene.database, "DELETE FROM hold_end", ""), 0);
	expect_update(&here, 2, 0);
}
END_TEST

START_TEST(names_that_begin_alike_are_others)
{
	held_before = "acme-sensor-doc\nacme\nacme-content:i386\n";
	expect_update(&scene.context, 0, 0);
	expect_update(&here, 2, 0);
}
END_TEST

START_TEST(machine_without_the_program)
{
	marking = -ENOENT;
	expect_update(&scene.context, 0, 0);
	expect_update(&here, 0, 0);
	ck_assert_int_eq(tree_query(&scene, "SELECT COUNT(*) FROM package_hold"), 0);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("package_hold");
	TCase *tests = suite_case(whole, "packages", 60);

	tcase_add_checked_fixture(tests, set_up, scene_tear_down);
	tcase_add_test(tests, owner_and_transition_are_recorded_once);
	tcase_add_test(tests, origin_is_told);
	tcase_add_test(tests, r25_packages_are_held_until_the_last_object_is_back);
	tcase_add_test(tests, hold_of_the_administrator_stays);
	tcase_add_test(tests, what_failed_is_done_after_a_day);
	tcase_add_test(tests, list_that_fails_is_asked_for_after_a_day);
	tcase_add_loop_test(tests, r57_hold_that_was_wanted, 0, 2);
	tcase_add_test(tests, removal_of_daruma_lifts_them);
	tcase_add_test(tests, hold_of_a_product_that_ended_is_lifted);
	tcase_add_test(tests, names_that_begin_alike_are_others);
	tcase_add_test(tests, machine_without_the_program);
	return whole;
}
