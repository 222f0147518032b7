/* test_switched_off.c: R13, R57: a product that is switched off does not start, until it is switched on again
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/switched_off.h"

#include <errno.h>
#include <string.h>

#include "recovery/inventory/generation.h"
#include "recovery/repair/module_off.h"
#include "tests/unit/quarantine_scene.h"
#include "tests/unit/suite.h"

#define FOLDER	      "/etc/systemd/system/"
#define SERVICE	      "acme.service"
#define TIMER	      "acme-update.timer"
#define FILE_OF(unit) FOLDER unit ".d/" SWITCHED_OFF_NAME
#define TEXT_OF(unit)                                                                              \
	"# written by daruma while its product is switched off: see daruma(8)\n[Unit]\n"           \
	"ConditionPathExists=!" FILE_OF(unit) "\n"
#define MODULES_FIRST "# written by daruma while a product is switched off: see daruma(8)\n"
#define MODULES_TEXT                                                                               \
	MODULES_FIRST "install acme_sensor /bin/false\nblacklist acme_sensor\n"                    \
		      "install other_one /bin/false\nblacklist other_one\n"

static void set_up(void)
{
	scene_set_up();
	text_list_add(&scene.product.units, SERVICE);
	text_list_add(&scene.product.updater_units, TIMER);
	text_list_add(&scene.product.modules, "other_one");
}

static int plan(void)
{
	return switched_off_plan(&scene.context, scene.database, &scene.product, "b", "because");
}

static int update(void)
{
	return switched_off_update(&scene.context, scene.database);
}

static void expect_off(void)
{
	tree_expect(&scene, FILE_OF(SERVICE), TEXT_OF(SERVICE));
	tree_expect(&scene, FILE_OF(TIMER), TEXT_OF(TIMER));
	tree_expect(&scene, MODULE_OFF_FILE, MODULES_TEXT);
}

static void expect_on(void)
{
	tree_expect(&scene, FILE_OF(SERVICE), NULL);
	tree_expect(&scene, FILE_OF(TIMER), NULL);
	tree_expect(&scene, MODULE_OFF_FILE, NULL);
	ck_assert_int_eq(tree_count(&scene, "/etc/systemd", "acme"), 0);
}

static bool step_is(const char *step)
{
	char query[128];

	snprintf(query, sizeof(query), "SELECT step='%s' FROM switched_off ORDER BY id DESC", step);
	return tree_query(&scene, query) == 1;
}

START_TEST(r13_units_and_modules_are_off_until_lifted)
{
	ck_assert(!switched_off_is_due(scene.database));
	ck_assert_int_eq(plan(), 0);
	ck_assert(switched_off_is_due(scene.database));
	expect_on();
	ck_assert_int_eq(update(), 1);
	expect_off();
	ck_assert(step_is("off"));
	ck_assert_int_eq(update(), 0);
	ck_assert_int_eq(plan(), -EEXIST);
	ck_assert_int_eq(switched_off_lift(scene.database, "other"), 0);
	ck_assert_int_eq(switched_off_lift(scene.database, "acme"), 1);
	ck_assert_int_eq(update(), 1);
	expect_on();
	ck_assert(step_is("on"));
	ck_assert(!switched_off_is_due(scene.database));
	ck_assert_int_eq(tree_query(&scene, "SELECT group_concat(event,' ') = 'product.switched_off"
					    " product.switched_on' FROM event"),
			 1);
	/* And once more. */
	ck_assert_int_eq(plan(), 0);
	ck_assert_int_eq(update(), 1);
	expect_off();
}
END_TEST

START_TEST(list_tells_what_is_off)
{
	struct switched_off_list list = { 0 };
	struct text_list products = { 0 };

	ck_assert_int_eq(switched_off_load(NULL, &list), 0);
	ck_assert_int_eq(plan(), 0);
	ck_assert_int_eq(update(), 1);
	ck_assert_int_eq(switched_off_load(scene.database, &list), 0);
	ck_assert_uint_eq(list.count, 1);
	ck_assert_str_eq(list.items[0].product, "acme");
	ck_assert_str_eq(list.items[0].reason, "because");
	ck_assert_str_eq(list.items[0].boot_id, "b");
	ck_assert_uint_eq(list.items[0].units.count, 2);
	ck_assert_uint_eq(list.items[0].modules.count, 2);
	ck_assert_uint_eq(list.items[0].files.count, 1);
	ck_assert_int_eq(switched_off_products(scene.database, &products), 0);
	ck_assert_uint_eq(products.count, 1);
	text_list_free(&products);
	switched_off_list_free(&list);
}
END_TEST

/* R57: whatever the power left of it is finished, in either direction. */
START_TEST(r57_power_cut_is_mended)
{
	ck_assert_int_eq(plan(), 0);
	tree_write(&scene, FILE_OF(SERVICE), TEXT_OF(SERVICE));
	tree_write(&scene, FILE_OF(TIMER) ".new", "half");
	tree_write(&scene, MODULE_OFF_FILE ".new", "half");
	ck_assert_int_eq(update(), 1);
	expect_off();
	ck_assert(step_is("off"));
	tree_write(&scene, FILE_OF(TIMER),
		   "# written by daruma while its product is switched off:"
		   " see daruma(8)\n[Un");
	tree_remove_file(&scene, FILE_OF(SERVICE));
	tree_remove_file(&scene, MODULE_OFF_FILE);
	ck_assert_int_eq(update(), 1);
	expect_off();
	ck_assert_int_eq(switched_off_lift(scene.database, NULL), 1);
	tree_remove_file(&scene, MODULE_OFF_FILE);
	ck_assert_int_eq(update(), 1);
	expect_on();
	ck_assert(step_is("on"));
}
END_TEST

/* The journal does not say more than what is true. */
START_TEST(files_of_others_stay)
{
	tree_write(&scene, FILE_OF(TIMER), "# mine\n");
	tree_write(&scene, MODULE_OFF_FILE, "# mine too\n");
	ck_assert_int_eq(plan(), 0);
	ck_assert_int_eq(update(), -EEXIST);
	ck_assert(step_is("planned"));
	tree_expect(&scene, FILE_OF(SERVICE), TEXT_OF(SERVICE));
	tree_expect(&scene, FILE_OF(TIMER), "# mine\n");
	tree_expect(&scene, MODULE_OFF_FILE, "# mine too\n");
	ck_assert_int_eq(switched_off_lift(scene.database, "acme"), 1);
	ck_assert_int_eq(update(), 1);
	ck_assert(step_is("on"));
	tree_expect(&scene, FILE_OF(SERVICE), NULL);
	tree_expect(&scene, FILE_OF(TIMER), "# mine\n");
	tree_expect(&scene, MODULE_OFF_FILE, "# mine too\n");
}
END_TEST

/* R14 is kept even where a product file was accepted by mistake. */
START_TEST(what_the_machine_needs_is_never_off)
{
	text_list_add(&scene.product.units, "ssh.service");
	text_list_add(&scene.product.units, "../acme.service");
	text_list_add(&scene.product.modules, "ext4");
	text_list_add(&scene.product.modules, "evil\ninstall ext4 /bin/false");
	ck_assert_int_eq(plan(), 0);
	ck_assert_int_eq(update(), 1);
	expect_off();
	ck_assert_int_eq(tree_count(&scene, "/etc/systemd", SWITCHED_OFF_NAME), 2);
}
END_TEST

START_TEST(product_with_nothing_to_switch_is_refused)
{
	text_list_free(&scene.product.units);
	text_list_free(&scene.product.updater_units);
	text_list_free(&scene.product.modules);
	ck_assert_int_eq(plan(), -ENODATA);
	ck_assert(!switched_off_is_due(scene.database));
}
END_TEST

START_TEST(plan_changes_nothing)
{
	ck_assert_int_eq(plan(), 0);
	scene.context.dry_run = true;
	ck_assert_int_eq(update(), 0);
	expect_on();
	ck_assert(step_is("planned"));
}
END_TEST

/* What did not run proves nothing: the files of now must not become the good state. */
START_TEST(no_start_without_it_proves_anything)
{
	static const struct policy_file policy = { .generations = 3,
						   .store_bytes = 1 << 20,
						   .store_file_bytes = 1 << 20 };
	int64_t before, after, id;

	ck_assert_int_eq(generation_last_good(scene.database, &before, NULL), 0);
	ck_assert_int_eq(plan(), 0);
	ck_assert_int_eq(update(), 1);
	ck_assert_int_eq(generation_take(&scene.context, scene.database, &scene.products, &policy,
					 "good-boot", "b", &id),
			 0);
	ck_assert_int_eq(generation_last_good(scene.database, &after, NULL), 0);
	ck_assert_int_eq(before, after);
	ck_assert_int_eq(switched_off_lift(scene.database, NULL), 1);
	ck_assert_int_eq(update(), 1);
	ck_assert_int_eq(generation_take(&scene.context, scene.database, &scene.products, &policy,
					 "good-boot", "b", &id),
			 0);
	ck_assert_int_eq(generation_last_good(scene.database, &after, NULL), 0);
	ck_assert_int_eq(after, id);
	ck_assert_int_ne(before, after);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("switched_off");
	TCase *tests = suite_case(whole, "switched off", 60);

	tcase_add_checked_fixture(tests, set_up, scene_tear_down);
	tcase_add_test(tests, r13_units_and_modules_are_off_until_lifted);
	tcase_add_test(tests, list_tells_what_is_off);
	tcase_add_test(tests, r57_power_cut_is_mended);
	tcase_add_test(tests, files_of_others_stay);
	tcase_add_test(tests, what_the_machine_needs_is_never_off);
	tcase_add_test(tests, product_with_nothing_to_switch_is_refused);
	tcase_add_test(tests, plan_changes_nothing);
	tcase_add_test(tests, no_start_without_it_proves_anything);
	return whole;
}
