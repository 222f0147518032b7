/* test_crash_owner.c: R12: whose module or eBPF program the report of a crash names
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/crash_owner.h"

#include <stdio.h>
#include <string.h>

#include "recovery/inventory/fact.h"
#include "recovery/inventory/program_holder.h"
#include "tests/unit/suite.h"
#include "tests/unit/watched_product.h"

#define TAG	  "0123456789abcdef"
#define OTHER_TAG "fedcba9876543210"
#define SYMBOL	  "bpf_prog_" TAG "_acme_file"
#define PYTHON	  "/usr/bin/python3"

static void set_up(void)
{
	watched_set_up();
	text_list_add(&watched.product.units, "acmed.service");
}

#define ACME_UNIT  TAG " acmed.service " PYTHON
#define ACME_FILE  TAG " - " TREE_CODE
#define STRANGER   TAG " other.service " PYTHON
#define OTHER_UNIT TAG " otherd.service " PYTHON
#define NO_FILE	   TAG " docker-1.scope -"

static const struct {
	const char *title, *program, *holders[2];
	const char *product;
	bool stranger;
} owners[] = {
	{ "its unit", SYMBOL, { ACME_UNIT }, "acme", false },
	{ "its executable", SYMBOL, { ACME_FILE }, "acme", false },
	{ "both", SYMBOL, { ACME_UNIT, ACME_FILE }, "acme", false },
	{ "no name", "bpf_prog_" TAG, { ACME_UNIT }, "acme", false },
	{ "another name: names are the loader's",
	  "bpf_prog_" TAG "_x",
	  { ACME_UNIT },
	  "acme",
	  false },
	{ "its name, another tag", "bpf_prog_" OTHER_TAG "_acme_file", { ACME_UNIT }, NULL, false },
	{ "its name, no tag", "bpf_prog_acme_file", { ACME_UNIT }, NULL, false },
	{ "the tag in its name", "bpf_prog_" OTHER_TAG "_" TAG, { ACME_UNIT }, NULL, false },
	{ "nobody has it open", SYMBOL, { NULL }, NULL, false },
	{ "no product", SYMBOL, { STRANGER }, NULL, true },
	{ "beside the product's folder", SYMBOL, { TAG " - /opt/acme/binary" }, NULL, true },
	{ "the product and another", SYMBOL, { ACME_UNIT, STRANGER }, NULL, false },
	{ "two products", SYMBOL, { ACME_UNIT, OTHER_UNIT }, NULL, false },
	{ "unit and file of two", SYMBOL, { TAG " otherd.service " TREE_CODE }, NULL, false },
	{ "somebody, not known who", SYMBOL, { NO_FILE }, NULL, false },
	{ "the product and not known who", SYMBOL, { ACME_UNIT, NO_FILE }, NULL, false },
	{ "no product and not known who", SYMBOL, { STRANGER, NO_FILE }, NULL, false },
	{ "a row that is none", SYMBOL, { ACME_UNIT, TAG " x" }, NULL, false },
	{ "no program", "", { ACME_UNIT }, NULL, false },
};

static void add(struct fact_list *list, const char *kind, const char *name, const char *value)
{
	ck_assert_int_eq(fact_list_add(list, kind, name, value), 0);
}

/* Keeps the facts of `first` and, unless it is NULL, of `second` for a generation. */
static void keep(int64_t generation, const char *first, const char *second)
{
	struct fact_list list = { 0 };

	if (first)
		add(&list, PROGRAM_HOLDER_KIND, first, "program");
	if (second)
		add(&list, PROGRAM_HOLDER_KIND, second, "program");
	/* Another kind with the same names proves nothing. */
	add(&list, "fanotify", OTHER_TAG " acmed.service -", "1");
	ck_assert_int_eq(fact_list_save(watched.database, generation, &list), 0);
	fact_list_free(&list);
}

static struct crash_owner find(const struct product_list *products, const char *module,
			       const char *program)
{
	struct crash crash = { .class = CRASH_PANIC };
	struct crash_owner owner;

	snprintf(crash.module, sizeof(crash.module), "%s", module);
	snprintf(crash.program, sizeof(crash.program), "%s", program);
	ck_assert_int_eq(crash_owner_find(watched.database, products, &crash, &owner), 0);
	return owner;
}

START_TEST(r12_whose_program_a_crash_names)
{
	char other[] = "other";
	struct product items[2] = { watched.product, { .id = other } };
	const struct product_list products = { items, 2 };
	struct crash_owner owner;

	text_list_add(&items[1].units, "otherd.service");
	watched_take("good-boot");
	keep(1, owners[_i].holders[0], owners[_i].holders[1]);
	owner = find(&products, "", owners[_i].program);
	ck_assert_msg(owners[_i].product ? owner.product == &items[0] : !owner.product, "%s: %s",
		      owners[_i].title, owner.product ? owner.product->id : "nobody");
	ck_assert_msg(owner.stranger == owners[_i].stranger, "%s", owners[_i].title);
	ck_assert_msg(owner.holders[0] || (!owner.product && !owner.stranger), "%s",
		      owners[_i].title);
	text_list_free(&items[1].units);
}
END_TEST

START_TEST(r12_whose_module_a_crash_names)
{
	struct crash_owner owner = find(&watched.products, "acme_sensor", "");

	ck_assert_str_eq(owner.product->id, "acme");
	ck_assert(!owner.stranger);
	owner = find(&watched.products, "another", "");
	ck_assert_ptr_null(owner.product);
	ck_assert(owner.stranger);
	owner = find(&watched.products, "", "");
	ck_assert_ptr_null(owner.product);
	ck_assert(!owner.stranger);
}
END_TEST

static const struct {
	const char *listed, *executable;
	bool is_its;
} merged[] = {
	{ "/sbin/acmed", "/usr/sbin/acmed", true },
	{ "/usr/sbin/acmed", "/usr/sbin/acmed", true },
	{ "/lib/acme", "/usr/lib/acme/acmed", true },
	{ "/usr/lib/acme", "/lib/acme/acmed", false },
	{ "/sbin/acmed", "/usr/sbin/acmed2", false },
	{ "/lib/acme", "/usr/libexec/acme", false },
	{ "/sbin/acmed", "/sbin", false },
	{ "/opt/acme", "/usr/opt/acme/x", false },
};

/* R12: an executable on a merged system is below /usr, whatever name the product file has for it. */
START_TEST(r12_whose_program_on_a_merged_system)
{
	char id[] = "other", holder[PROGRAM_HOLDER_SIZE];
	struct product other = { .id = id };
	const struct product_list products = { &other, 1 };
	struct crash_owner owner;

	text_list_add(&other.code_paths, merged[_i].listed);
	watched_take("good-boot");
	snprintf(holder, sizeof(holder), TAG " other.service %s", merged[_i].executable);
	keep(1, holder, NULL);
	owner = find(&products, "", SYMBOL);
	ck_assert((owner.product != NULL) == merged[_i].is_its);
	ck_assert(owner.stranger == !merged[_i].is_its);
	text_list_free(&other.code_paths);
}
END_TEST

/* Names of facts of programs, and the tags of their functions. */
#define FUNCTION "aaaaaaaaaaaaaaaa"
#define PROGRAM	 "acme_file/" TAG
#define SHARED	 "other/" OTHER_TAG

static const struct {
	const char *title, *functions, *shared, *holder;
	const char *product;
} functions[] = {
	{ "a function of its program", "5 1111111111111111 " FUNCTION, NULL, NULL, "acme" },
	{ "the first one", "5 " FUNCTION " 1111111111111111", NULL, NULL, "acme" },
	{ "another function", "5 1111111111111111", NULL, NULL, NULL },
	{ "part of a tag", "5 1" FUNCTION, NULL, NULL, NULL },
	{ "a type is no tag", FUNCTION, NULL, NULL, NULL },
	{ "a program of a stranger has it too", "5 " FUNCTION, "5 " FUNCTION,
	  OTHER_TAG " other.service " PYTHON, NULL },
	{ "another program of the product has it too", "5 " FUNCTION, "5 " FUNCTION,
	  OTHER_TAG " acmed.service " PYTHON, "acme" },
	{ "a program that nobody has open has it too", "5 " FUNCTION, "5 " FUNCTION, NULL, NULL },
};

/* Programs with several functions: a crash may name each. */
START_TEST(r12_whose_function_a_crash_names)
{
	struct fact_list list = { 0 };
	struct crash_owner owner;

	watched_take("good-boot");
	add(&list, PROGRAM_HOLDER_KIND, ACME_UNIT, "program");
	add(&list, "program", PROGRAM, functions[_i].functions);
	if (functions[_i].shared)
		add(&list, "program", SHARED, functions[_i].shared);
	if (functions[_i].holder)
		add(&list, PROGRAM_HOLDER_KIND, functions[_i].holder, "program");
	ck_assert_int_eq(fact_list_save(watched.database, 1, &list), 0);
	fact_list_free(&list);
	owner = find(&watched.products, "", "bpf_prog_" FUNCTION "_F");
	ck_assert_msg((owner.product != NULL) == (functions[_i].product != NULL), "%s",
		      functions[_i].title);
	ck_assert(!owner.stranger);
}
END_TEST

/* All are told, in one order, as whole lines. */
START_TEST(holders_are_told)
{
	struct fact_list list = { 0 };
	struct crash_owner owner;
	char name[PROGRAM_HOLDER_SIZE];
	size_t lines = 1;

	watched_take("good-boot");
	keep(1, STRANGER, ACME_FILE);
	ck_assert_str_eq(find(&watched.products, "", SYMBOL).holders, ACME_FILE "\n" STRANGER);
	ck_assert_str_eq(find(&watched.products, "acme_sensor", SYMBOL).holders, "");
	for (int i = 0; i < 9; i++) {
		snprintf(name, sizeof(name), TAG " - /%01000d", i);
		add(&list, PROGRAM_HOLDER_KIND, name, "program");
	}
	ck_assert_int_eq(fact_list_save(watched.database, 1, &list), 0);
	fact_list_free(&list);
	owner = find(&watched.products, "", SYMBOL);
	for (const char *at = owner.holders; (at = strchr(at, '\n')); at++)
		lines++;
	ck_assert_uint_eq(lines, sizeof(owner.holders) / (strlen(name) + 1));
	ck_assert_uint_eq(strlen(owner.holders), lines * (strlen(name) + 1) - 1);
	ck_assert(owner.stranger);
}
END_TEST

/* What was the product's long ago, and what came with an update that no start has proved. */
START_TEST(r12_holders_are_those_since_the_last_good_state)
{
	watched_take("good-boot");
	keep(1, STRANGER, NULL);
	tree_write(&watched, TREE_CODE, "newer");
	ck_assert_int_eq(watched_take("good-boot"), 2);
	keep(2, NULL, NULL);
	ck_assert(!find(&watched.products, "", SYMBOL).stranger);
	tree_write(&watched, TREE_CODE, "newest");
	ck_assert_int_eq(watched_take("run-time"), 3);
	ck_assert_int_eq(tree_query(&watched, "SELECT good FROM generation WHERE id=3"), 0);
	keep(3, ACME_UNIT, NULL);
	ck_assert_ptr_eq(find(&watched.products, "", SYMBOL).product, &watched.product);
	/* Another had it open at the last good state. */
	keep(2, STRANGER, NULL);
	ck_assert_ptr_null(find(&watched.products, "", SYMBOL).product);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("crash_owner");
	TCase *tests = suite_case(whole, "owners", 60);

	tcase_add_checked_fixture(tests, set_up, watched_tear_down);
	tcase_add_loop_test(tests, r12_whose_program_a_crash_names, 0,
			    (int)(sizeof(owners) / sizeof(owners[0])));
	tcase_add_loop_test(tests, r12_whose_function_a_crash_names, 0,
			    (int)(sizeof(functions) / sizeof(functions[0])));
	tcase_add_test(tests, r12_whose_module_a_crash_names);
	tcase_add_loop_test(tests, r12_whose_program_on_a_merged_system, 0,
			    (int)(sizeof(merged) / sizeof(merged[0])));
	tcase_add_test(tests, holders_are_told);
	tcase_add_test(tests, r12_holders_are_those_since_the_last_good_state);
	return whole;
}
