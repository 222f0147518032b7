/* test_quarantine_hold.c: R25: updaters wait, and content is read-only for its product, while something is set aside
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/quarantine_hold.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/boot/boot_order.h"
#include "recovery/quarantine/quarantine.h"
#include "recovery/state.h"
#include "tests/unit/quarantine_scene.h"
#include "tests/unit/suite.h"

#define FOLDER	      "/etc/systemd/system/"
#define NAME	      "/50-daruma-quarantine.conf"
#define FIRST	      "# written by daruma while something is set aside: see daruma(8)\n"
#define TIMER	      "acme-update.timer"
#define SERVICE	      "acme.service"
#define FILE_OF(unit) FOLDER unit ".d" NAME

#define TIMER_TEXT FIRST "# product acme\n[Unit]\nConditionPathExists=!" FILE_OF(TIMER) "\n"
#define SERVICE_TEXT                                                                               \
	FIRST "# product acme\n[Service]\nReadOnlyPaths=\"-/opt/acme/content\"\n"                  \
	      "ReadOnlyPaths=\"-" TREE_MANIFEST "\"\n"

static struct text_list places;

static void set_up(void)
{
	scene_set_up();
	text_list_add(&scene.product.units, SERVICE);
	text_list_add(&scene.product.units, "acme.socket");
	text_list_add(&scene.product.updater_units, TIMER);
	scene.product.trusted = true;
	scene.product.bears_read_only_content = true;
	places = (struct text_list){ 0 };
	text_list_add(&places, TREE_CHANNEL);
}

static void expect_text(const char *unit, const char *expected)
{
	char *text = NULL;

	ck_assert_int_eq(quarantine_hold_text(&scene.products, &places, unit, &text), 0);
	if (expected)
		ck_assert_str_eq(text, expected);
	else
		ck_assert_ptr_null(text);
	free(text);
}

/* Runs it, and tells the number of updaters held and lifted. */
static int update(const struct product_list *products, int *ret_held, int *ret_lifted)
{
	struct quarantine_hold_result result;
	int error = quarantine_hold_update(&scene.context, scene.database, products, &result);

	*ret_held = (int)result.held.count;
	*ret_lifted = (int)result.lifted.count;
	quarantine_hold_result_free(&result);
	return error;
}

static void expect_update(int held, int lifted)
{
	int now_held, now_lifted;

	ck_assert_int_eq(update(&scene.products, &now_held, &now_lifted), 0);
	ck_assert_int_eq(now_held, held);
	ck_assert_int_eq(now_lifted, lifted);
}

static void expect_files(bool there)
{
	tree_expect(&scene, FILE_OF(TIMER), there ? TIMER_TEXT : NULL);
	tree_expect(&scene, FILE_OF(SERVICE), there ? SERVICE_TEXT : NULL);
}

/* --- what a drop-in says ------------------------------------------------------------------- */

START_TEST(r25_updaters_wait_and_content_is_read_only)
{
	expect_text(TIMER, TIMER_TEXT);
	expect_text(SERVICE, SERVICE_TEXT);
	/* A socket has no files of its own to write to. */
	expect_text("acme.socket", NULL);
	expect_text("other.service", NULL);
}
END_TEST

START_TEST(product_that_cannot_bear_it_keeps_its_content)
{
	scene.product.bears_read_only_content = false;
	expect_text(TIMER, TIMER_TEXT);
	expect_text(SERVICE, NULL);
}
END_TEST

/* systemd.syntax(7): in quotes; systemd.unit(5): '%' begins a specifier. */
START_TEST(paths_are_escaped)
{
	text_list_add(&scene.product.content_paths, "/opt/a \"b\"\\c%n");
	text_list_add(&places, "/opt/a \"b\"\\c%n/d");
	expect_text(SERVICE, FIRST "# product acme\n[Service]\n"
				   "ReadOnlyPaths=\"-/opt/a \\\"b\\\"\\\\c%%n\"\n"
				   "ReadOnlyPaths=\"-/opt/acme/content\"\n"
				   "ReadOnlyPaths=\"-" TREE_MANIFEST "\"\n");
}
END_TEST

/* Of what is not content nothing is read-only, and of content only where something is set aside. */
START_TEST(only_content_that_was_set_aside_is_read_only)
{
	text_list_free(&places);
	text_list_add(&places, TREE_MODULE);
	text_list_add(&places, TREE_CODE);
	text_list_add(&places, "/opt/acme/contents");
	expect_text(SERVICE, NULL);
	expect_text(TIMER, TIMER_TEXT);
	text_list_add(&places, TREE_RULES);
	expect_text(SERVICE,
		    FIRST "# product acme\n[Service]\nReadOnlyPaths=\"-/opt/acme/rules\"\n");
	text_list_add(&places, TREE_MANIFEST);
	expect_text(SERVICE, FIRST "# product acme\n[Service]\nReadOnlyPaths=\"-/opt/acme/rules\"\n"
				   "ReadOnlyPaths=\"-/opt/acme/content\"\n"
				   "ReadOnlyPaths=\"-" TREE_MANIFEST "\"\n");
}
END_TEST

/* Where code lies too there may be anything else: logs, queues. */
START_TEST(folder_of_code_and_content_stays_writable)
{
	text_list_free(&places);
	text_list_add(&scene.product.code_paths, "/opt/mixed");
	text_list_add(&scene.product.content_paths, "/opt/mixed");
	text_list_add(&places, "/opt/mixed/table.bin");
	expect_text(SERVICE,
		    FIRST "# product acme\n[Service]\nReadOnlyPaths=\"-/opt/mixed/table.bin\"\n");
	/* A folder of content alone inside of it is one. */
	text_list_free(&places);
	text_list_add(&scene.product.content_paths, "/opt/acme/bin/tables");
	text_list_add(&places, "/opt/acme/bin/tables/a");
	expect_text(SERVICE,
		    FIRST "# product acme\n[Service]\nReadOnlyPaths=\"-/opt/acme/bin/tables\"\n");
}
END_TEST

/* A product that cannot write its own queue does not run. */
START_TEST(state_inside_stays_writable)
{
	text_list_add(&scene.product.state_paths, "/opt/acme/content/queue");
	expect_text(SERVICE, SERVICE_TEXT "ReadWritePaths=\"-/opt/acme/content/queue\"\n");
}
END_TEST

START_TEST(units_of_the_system_are_never_held)
{
	static const char *const units[] = { "ssh.service", "apt-daily.timer", "auditd.service",
					     "daruma-guard.service", "../acme.service" };

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		text_list_add(&scene.product.updater_units, units[i]);
		text_list_add(&scene.product.units, units[i]);
		expect_text(units[i], NULL);
	}
	ck_assert_int_eq(scene_set_aside(), 5);
	expect_update(1, 0);
	ck_assert_int_eq(tree_count(&scene, "/etc/systemd", "50-daruma"), 2);
}
END_TEST

static struct product other = { .id = (char[]){ "other" } };

static struct product_list both(void)
{
	static struct product items[2];

	items[0] = scene.product;
	items[1] = other;
	return (struct product_list){ .items = items, .count = 2 };
}

START_TEST(unit_of_two_products_has_both_holds)
{
	struct product_list products;
	char *text = NULL;

	text_list_add(&other.updater_units, SERVICE);
	products = both();
	ck_assert_int_eq(quarantine_hold_text(&products, &places, SERVICE, &text), 0);
	ck_assert_ptr_nonnull(strstr(text, "\n# product acme\n# product other\n[Unit]\nCondition"));
	ck_assert_ptr_nonnull(strstr(text, "\n[Service]\nReadOnlyPaths="));
	free(text);
}
END_TEST

/* --- files and tables ---------------------------------------------------------------------- */

START_TEST(r25_hold_comes_with_the_quarantine_and_goes_with_it)
{
	int count;

	expect_update(0, 0);
	expect_files(false);
	ck_assert(!quarantine_hold_is_due(scene.database));
	ck_assert_int_eq(scene_set_aside(), 5);
	expect_update(1, 0);
	expect_files(true);
	ck_assert(quarantine_hold_is_due(scene.database));
	expect_update(0, 0);
	/* One entry is back, others are not. */
	ck_assert_int_eq(scene_put_back(TREE_MODULE), 0);
	expect_update(0, 0);
	expect_files(true);
	ck_assert_int_eq(scene_put_all_back(&count), 0);
	ck_assert(quarantine_hold_is_due(scene.database));
	expect_update(0, 1);
	expect_files(false);
	ck_assert(!quarantine_hold_is_due(scene.database));
	ck_assert_int_eq(tree_query(&scene,
				    "SELECT group_concat(event,' ') = 'product.held"
				    " product.lifted' FROM event WHERE event LIKE 'product.%'"),
			 1);
}
END_TEST

/* R57: whatever the power left of it. */
START_TEST(r57_hold_that_is_missing_comes_back)
{
	ck_assert_int_eq(scene_set_aside(), 5);
	expect_update(1, 0);
	tree_remove_file(&scene, FILE_OF(TIMER));
	tree_write(&scene, FILE_OF(SERVICE), FIRST "[Serv");
	tree_write(&scene, FILE_OF(TIMER) ".new", "half");
	expect_update(1, 0);
	expect_files(true);
}
END_TEST

/* Its file says that it cannot bear that, or it is an entry of the catalog, of which nobody knows. */
START_TEST(event_says_that_content_stays_writable)
{
	scene.product.bears_read_only_content = _i != 0;
	scene.product.trusted = _i != 1;
	ck_assert_int_eq(scene_set_aside(), 5);
	expect_update(1, 0);
	tree_expect(&scene, FILE_OF(SERVICE), NULL);
	ck_assert_int_eq(tree_query(&scene,
				    "SELECT COUNT(*) FROM event WHERE event='product.held' AND line"
				    " LIKE '%\"read_only\":false,\"why\":\"something of it is set"
				    " aside; its content stays writable\"%'"),
			 1);
}
END_TEST

START_TEST(files_of_others_stay)
{
	static const char text[] = "# mine\n[Unit]\nConditionPathExists=!/x\n";
	int held, lifted, count;

	tree_write(&scene, FILE_OF(TIMER), text);
	tree_write(&scene, FILE_OF("foreign.service"), text);
	tree_write(&scene, FOLDER SERVICE ".d/10-mine.conf", "[Service]\n");
	ck_assert_int_eq(scene_set_aside(), 5);
	/* Told once, of what there is. */
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(update(&scene.products, &held, &lifted), -EEXIST);
	ck_assert_int_eq(tree_query(&scene,
				    "SELECT COUNT(*) FROM event WHERE event LIKE 'product.%' AND"
				    " event='product.hold_failed' AND line LIKE"
				    " '%\"held\":[],\"read_only\":true,\"why\":\"File exists\"%'"),
			 1);
	ck_assert_int_eq(
		tree_query(&scene, "SELECT COUNT(*) FROM event WHERE event='product.held'"), 0);
	tree_expect(&scene, FILE_OF(TIMER), text);
	tree_expect(&scene, FILE_OF(SERVICE), SERVICE_TEXT);
	scene_put_all_back(&count);
	expect_update(0, 0);
	expect_update(0, 0);
	tree_expect(&scene, FILE_OF(TIMER), text);
	tree_expect(&scene, FILE_OF("foreign.service"), text);
	tree_expect(&scene, FOLDER SERVICE ".d/10-mine.conf", "[Service]\n");
}
END_TEST

/* Its product file may be spoiled by the very update. */
START_TEST(hold_of_a_product_that_is_not_watched_now_stays)
{
	const struct product_list none = { 0 };
	int held, lifted, count;

	ck_assert_int_eq(scene_set_aside(), 5);
	expect_update(1, 0);
	ck_assert_int_eq(update(&none, &held, &lifted), 0);
	expect_files(true);
	scene_put_all_back(&count);
	ck_assert_int_eq(update(&none, &held, &lifted), 0);
	ck_assert_int_eq(lifted, 1);
	expect_files(false);
}
END_TEST

/* The owner put another version there: without its updater it would go without updates for ever. */
START_TEST(r25_hold_ends_with_another_version)
{
	ck_assert_int_eq(scene_set_aside(), 5);
	expect_update(1, 0);
	tree_write(&scene, TREE_MODULE, "next module");
	tree_write(&scene, TREE_CHANNEL, "next channel");
	/* The good manifest is in its place. */
	expect_update(0, 0);
	expect_files(true);
	tree_write(&scene, TREE_MANIFEST, "next manifest");
	expect_update(0, 1);
	expect_files(false);
	expect_update(0, 0);
	ck_assert_int_gt(quarantine_open_count(scene.database), 0);
	/* The object comes back, and so does the hold. */
	tree_write(&scene, TREE_MODULE, "bad module");
	expect_update(1, 0);
	expect_files(true);
}
END_TEST

START_TEST(r25_hold_ends_with_the_product)
{
	char whole[4096], aside[4100];

	ck_assert_int_eq(scene_set_aside(), 5);
	expect_update(1, 0);
	tree_remove_file(&scene, TREE_MODULE);
	tree_remove_file(&scene, TREE_CHANNEL);
	tree_remove_file(&scene, TREE_MANIFEST);
	expect_update(0, 0);
	tree_path(&scene, "/opt/acme", whole);
	snprintf(aside, sizeof(aside), "%s.x", whole);
	ck_assert_int_eq(rename(whole, aside), 0);
	tree_write(&scene, "/usr/lib/systemd/system/" SERVICE, "[Service]\n");
	expect_update(0, 0);
	expect_files(true);
	tree_remove_file(&scene, "/usr/lib/systemd/system/" SERVICE);
	expect_update(0, 1);
	expect_files(false);
}
END_TEST

/* What was added has no good copy: nothing in its place is as it shall be. */
START_TEST(empty_place_of_an_added_file_keeps_the_hold)
{
	int64_t id;

	ck_assert_int_eq(scene_set_path_aside(TREE_MODULE, &id), 0);
	ck_assert_int_eq(database_run(scene.database, "UPDATE action SET replaced_by=NULL", ""), 0);
	tree_remove_file(&scene, TREE_MODULE);
	expect_update(1, 0);
	expect_update(0, 0);
	tree_expect(&scene, FILE_OF(TIMER), TIMER_TEXT);
	tree_expect(&scene, FILE_OF(SERVICE), NULL);
}
END_TEST

/* And the scan before the last restart does not bring them back. */
START_TEST(removal_of_daruma_takes_all_of_them)
{
	ck_assert_int_eq(scene_set_aside(), 5);
	expect_update(1, 0);
	ck_assert_int_eq(state_set_number(scene.database, BOOT_ORDER_REMOVED_KEY, 1), 0);
	expect_update(0, 1);
	expect_update(0, 0);
	expect_files(false);
	ck_assert_int_eq(tree_count(&scene, "/etc/systemd", "acme"), 0);
}
END_TEST

START_TEST(plan_changes_nothing)
{
	ck_assert_int_eq(scene_set_aside(), 5);
	scene.context.dry_run = true;
	expect_update(0, 0);
	expect_files(false);
}
END_TEST

/* --- the service manager ------------------------------------------------------------------- */

static char commands[1024];

static int run(const char *const argv[], unsigned seconds, char *output, size_t size,
	       int *ret_status)
{
	bool asks = strcmp(argv[1], "is-enabled") == 0;

	ck_assert_uint_gt(seconds, 0);
	for (size_t i = 0; argv[i]; i++)
		snprintf(commands + strlen(commands), sizeof(commands) - strlen(commands), "%s%s",
			 argv[i], argv[i + 1] ? " " : "\n");
	*ret_status = strcmp(argv[1], "stop") == 0 ? 5 : 0; /* it is not there */
	if (asks)
		snprintf(output, size, "%s\n", strstr(argv[3], "timer") ? "enabled" : "static");
	return 0;
}

static const struct process_port port = { .run = run };

START_TEST(service_manager_reads_stops_and_starts)
{
	const struct context here = { .root = "" };
	struct quarantine_hold_result result = { 0 };

	ck_assert_int_eq(quarantine_hold_take_up(&here, &port, &result), 0);
	ck_assert_str_eq(commands, "");
	result.changed = true;
	text_list_add(&result.held, "a.timer");
	text_list_add(&result.lifted, "b.timer");
	text_list_add(&result.lifted, "b.service");
	ck_assert_int_eq(quarantine_hold_take_up(&scene.context, &port, &result), 0);
	ck_assert_str_eq(commands, "");
	ck_assert_int_eq(quarantine_hold_take_up(&here, &port, &result), 0);
	ck_assert_str_eq(commands, "systemctl daemon-reload\nsystemctl stop -- a.timer\n"
				   "systemctl is-enabled -- b.timer\n"
				   "systemctl --no-block start -- b.timer\n"
				   "systemctl is-enabled -- b.service\n");
	quarantine_hold_result_free(&result);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("quarantine_hold");
	TCase *tests = suite_case(whole, "hold", 60);

	tcase_add_checked_fixture(tests, set_up, scene_tear_down);
	tcase_add_test(tests, r25_updaters_wait_and_content_is_read_only);
	tcase_add_test(tests, product_that_cannot_bear_it_keeps_its_content);
	tcase_add_test(tests, only_content_that_was_set_aside_is_read_only);
	tcase_add_test(tests, folder_of_code_and_content_stays_writable);
	tcase_add_test(tests, paths_are_escaped);
	tcase_add_test(tests, state_inside_stays_writable);
	tcase_add_test(tests, units_of_the_system_are_never_held);
	tcase_add_test(tests, unit_of_two_products_has_both_holds);
	tcase_add_test(tests, r25_hold_comes_with_the_quarantine_and_goes_with_it);
	tcase_add_test(tests, r57_hold_that_is_missing_comes_back);
	tcase_add_loop_test(tests, event_says_that_content_stays_writable, 0, 2);
	tcase_add_test(tests, files_of_others_stay);
	tcase_add_test(tests, hold_of_a_product_that_is_not_watched_now_stays);
	tcase_add_test(tests, removal_of_daruma_takes_all_of_them);
	tcase_add_test(tests, r25_hold_ends_with_another_version);
	tcase_add_test(tests, r25_hold_ends_with_the_product);
	tcase_add_test(tests, empty_place_of_an_added_file_keeps_the_hold);
	tcase_add_test(tests, plan_changes_nothing);
	tcase_add_test(tests, service_manager_reads_stops_and_starts);
	return whole;
}
