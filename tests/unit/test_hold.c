/* test_hold.c: the hold list made from the watch set, and updates that prove themselves at run time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/hold.h"
#include "recovery/inventory/landing.h"
#include "tests/unit/suite.h"

static char root[64];
static struct context context = { .root = root };
static char id[] = "acme", service[] = "acme.service", ssh[] = "ssh.service",
	    updater[] = "acme-updater.timer", module[] = "acme_sensor", pattern[] = "acme_*";
static char *units[] = { service, ssh };
static char *updaters[] = { updater };
static char *modules[] = { pattern, module };
static struct product product = { .id = id,
				  .units = { .items = units, .count = 2 },
				  .updater_units = { .items = updaters, .count = 1 },
				  .modules = { .items = modules, .count = 2 } };
static const struct product_list products = { .items = &product, .count = 1 };

static void shell(const char *text)
{
	char command[512];

	snprintf(command, sizeof(command), "cd '%s' && %s", root, text);
	ck_assert_int_eq(system(command), 0);
}

static void set_up(void)
{
	strcpy(root, "/tmp/daruma-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	shell("mkdir -p etc usr/lib/modules/6.1.0/updates && ln -s usr/lib lib");
	shell("touch usr/lib/modules/6.1.0/updates/acme-sensor.ko.xz "
	      "usr/lib/modules/6.1.0/other.ko");
}

static void tear_down(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	ck_assert_int_eq(system(command), 0);
}

START_TEST(names_units_updaters_modules_and_files)
{
	struct hold_list list = { .count = 0 };

	ck_assert_int_eq(hold_collect(&context, &products, &list), 0);
	ck_assert(hold_list_has(&list, HOLD_UNIT, service));
	ck_assert(hold_list_has(&list, HOLD_UNIT, updater));
	ck_assert(hold_list_has(&list, HOLD_MODULE, module));
	ck_assert(hold_list_has(&list, HOLD_FILE,
				"/usr/lib/modules/6.1.0/updates/acme-sensor.ko.xz"));
	/* R14, and a pattern is no name. */
	ck_assert(!hold_list_has(&list, HOLD_UNIT, ssh));
	ck_assert_uint_eq(list.count, 4);
	hold_list_free(&list);
}
END_TEST

/* The makers' names carry build numbers; before /var is there only whole names are known. */
START_TEST(patterns_become_what_is_loaded_or_on_disk)
{
	struct hold_list list = { .count = 0 };

	shell("mkdir -p sys/module/acme_17 sys/module/acme_built_in sys/module/acm");
	shell("touch sys/module/acme_17/initstate sys/module/acm/initstate "
	      "usr/lib/modules/6.1.0/updates/acme-18.ko");
	ck_assert_int_eq(hold_collect(&context, &products, &list), 0);
	ck_assert(hold_list_has(&list, HOLD_MODULE, "acme_17"));
	ck_assert(hold_list_has(&list, HOLD_MODULE, "acme_18"));
	ck_assert(hold_list_has(&list, HOLD_FILE, "/usr/lib/modules/6.1.0/updates/acme-18.ko"));
	ck_assert(!hold_list_has(&list, HOLD_MODULE, "acme_built_in"));
	ck_assert(!hold_list_has(&list, HOLD_MODULE, "acm"));
	for (size_t i = 0; i < list.count; i++)
		ck_assert_ptr_null(strchr(list.items[i].name, '*'));
	ck_assert_uint_eq(list.count, 7);
	hold_list_free(&list);
}
END_TEST

START_TEST(is_written_once)
{
	ck_assert_int_eq(hold_refresh(&context, &products), 1);
	ck_assert_int_eq(hold_refresh(&context, &products), 0);
	shell("touch usr/lib/modules/6.1.0/acme_sensor.ko");
	ck_assert_int_eq(hold_refresh(&context, &products), 1);
}
END_TEST

START_TEST(an_update_must_stay_as_it_is_for_its_time)
{
	struct landing landing = { .since = 0 };

	ck_assert_int_eq(landing_look(&landing, "", 100, 120), LANDING_NOTHING);
	ck_assert_int_eq(landing_look(&landing, "a", 400, 120), LANDING_WAITS);
	ck_assert_int_eq(landing_look(&landing, "a", 519, 120), LANDING_WAITS);
	/* Another one lands meanwhile. */
	ck_assert_int_eq(landing_look(&landing, "b", 520, 120), LANDING_WAITS);
	ck_assert_int_eq(landing_look(&landing, "b", 640, 120), LANDING_PROVED);
	/* Recorded, and not good before the next start: once is enough. */
	landing.taken = true;
	ck_assert_int_eq(landing_look(&landing, "b", 700, 120), LANDING_NOTHING);
	/* Another start: its clock begins anew. */
	ck_assert_int_eq(landing_look(&landing, "b", 10, 120), LANDING_WAITS);
	ck_assert_int_eq(landing_look(&landing, "b", 130, 120), LANDING_PROVED);
	ck_assert_int_eq(landing_look(&landing, "", 140, 120), LANDING_NOTHING);
}
END_TEST

START_TEST(equal_changes_have_equal_digests)
{
	static char path[] = "/opt/acme/rules", one[] = "1", two[] = "2";
	struct change change = { .path = path, .how = 'm', .after_sha256 = one };
	struct change_list list = { .items = &change, .count = 1 };
	char first[DIGEST_TEXT_SIZE], second[DIGEST_TEXT_SIZE];

	ck_assert_int_eq(landing_digest(&list, first), 0);
	ck_assert_int_eq(landing_digest(&list, second), 0);
	ck_assert_str_eq(first, second);
	change.after_sha256 = two;
	ck_assert_int_eq(landing_digest(&list, second), 0);
	ck_assert_str_ne(first, second);
	list.count = 0;
	ck_assert_int_eq(landing_digest(&list, second), 0);
	ck_assert_str_eq(second, "");
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("hold");
	TCase *tests = suite_case(all, "hold", 10);
	TCase *landing = suite_case(all, "landing", 5);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, names_units_updaters_modules_and_files);
	tcase_add_test(tests, patterns_become_what_is_loaded_or_on_disk);
	tcase_add_test(tests, is_written_once);
	tcase_add_test(landing, an_update_must_stay_as_it_is_for_its_time);
	tcase_add_test(landing, equal_changes_have_equal_digests);
	return all;
}
