/* test_catalog.c: the catalog of the tree is sound, and no two of its entries claim the same thing
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/document.h"
#include "recovery/products/watch_set.h"
#include "recovery/system_file.h"
#include "tests/unit/suite.h"

#define FILES	  "policy/products/*.json" /* tests run at the top of the tree */
#define FILES_MIN 40

static struct product products[512];
static size_t count;

static void load_one(const char *path)
{
	char problem[PRODUCT_PROBLEM_SIZE] = "", name[128];
	struct product *product = &products[count++];
	owned char *text = NULL;
	size_t length;

	ck_assert_int_eq(system_read_named(path, DOCUMENT_SIZE_MAX, &text, &length), 0);
	ck_assert_msg(product_parse(path, text, length, product, problem) == 0, "%s", problem);
	snprintf(name, sizeof(name), "policy/products/%s.json", product->id);
	ck_assert_str_eq(name, path);
	ck_assert_msg(product->sources.count, "%s names no source", path);
	/* What somebody believes to remember is no fact to act upon. */
	ck_assert_msg(!strstr(text, "from memory"), "%s holds what is not certain", path);
}

static void set_up(void)
{
	glob_t found;

	ck_assert_int_eq(glob(FILES, 0, NULL, &found), 0);
	ck_assert_uint_ge(found.gl_pathc, FILES_MIN);
	ck_assert_uint_le(found.gl_pathc, sizeof(products) / sizeof(products[0]));
	for (size_t i = 0; i < found.gl_pathc; i++)
		load_one(found.gl_pathv[i]);
	globfree(&found);
}

static void tear_down(void)
{
	while (count)
		product_free(&products[--count]);
}

/* Calls `test` for each pair of entries. */
static void each_pair(void (*test)(const struct product *one, const struct product *other))
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < i; k++)
			test(&products[i], &products[k]);
}

/* Something to recognise it by, and something to watch: a name alone would only look like protection. */
START_TEST(each_entry_has_something_to_watch)
{
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(products[i].units.count || products[i].modules.count ||
				      product_path(&products[i], 0),
			      "%s", products[i].id);
}
END_TEST

static void have_no_common_path(const struct product *one, const struct product *other)
{
	const char *path = product_shared_path(one, other);

	ck_assert_msg(!path, "%s and %s: %s", one->id, other->id, path);
}

START_TEST(no_two_entries_claim_a_path)
{
	each_pair(have_no_common_path);
}
END_TEST

static void have_no_common_name(const struct product *one, const struct product *other)
{
	const char *unit = product_shared_unit(one, other);

	ck_assert_msg(!unit, "%s and %s: %s", one->id, other->id, unit);
	for (size_t i = 0; i < one->packages.count; i++)
		ck_assert_msg(!text_list_has(&other->packages, one->packages.items[i]),
			      "%s and %s: %s", one->id, other->id, one->packages.items[i]);
	ck_assert_str_ne(one->id, other->id);
}

START_TEST(no_two_entries_claim_a_package_or_a_unit)
{
	each_pair(have_no_common_name);
}
END_TEST

static void have_no_common_module(const struct product *one, const struct product *other)
{
	const char *module = product_shared_module(one, other);

	ck_assert_msg(!module, "%s and %s: %s", one->id, other->id, module);
}

START_TEST(no_two_entries_claim_a_module)
{
	each_pair(have_no_common_module);
}
END_TEST

/* A file that changes at each start would always look like an update. */
START_TEST(no_path_is_what_products_write_themselves)
{
	static const char *const words[] = { "log",	   "logs",  "queue", "cache",  "tmp",
					     "quarantine", "state", "run",   "config", "db" };
	char part[64];
	const char *path;

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; (path = product_path(&products[i], k)); k++)
			for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++) {
				snprintf(part, sizeof(part), "/%s", words[w]);
				ck_assert_msg(strlen(path) < strlen(part) ||
						      strcasecmp(path + strlen(path) - strlen(part),
								 part) != 0,
					      "%s: %s", products[i].id, path);
			}
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("catalog");
	TCase *tests = suite_case(all, "catalog", 20);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, each_entry_has_something_to_watch);
	tcase_add_test(tests, no_two_entries_claim_a_path);
	tcase_add_test(tests, no_two_entries_claim_a_package_or_a_unit);
	tcase_add_test(tests, no_two_entries_claim_a_module);
	tcase_add_test(tests, no_path_is_what_products_write_themselves);
	return all;
}
