/* test_reduced_mode.c: R13, R19, R57: a product in its reduced mode, until it is told to leave it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/reduced_mode.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "recovery/repair/recover_reduce.h"
#include "tests/unit/product_tree.h"
#include "tests/unit/suite.h"

#define PROGRAM "/opt/acme/bin/ctl"
#define FILE_OF "/etc/daruma/products.d/acme.json"
#define MODE	"/opt/mode" /* what the commands of Acme write: their first argument */
#define BOOT_ID "/proc/sys/kernel/random/boot_id"

enum cut {
	CUT_NEVER,
	CUT_BEFORE,
	CUT_BEHIND
};

static struct product_tree tree;
static char calls[256]; /* first arguments, a blank behind each */
static const char *refused;
static int refusal; /* error of the command `refused`; 1: it exits with 1 */
static const char *cut_word;
static enum cut cut;

static bool step_is(const char *step)
{
	char query[128];

	snprintf(query, sizeof(query),
		 "SELECT step='%s' FROM reduced_mode ORDER BY id DESC LIMIT 1", step);
	return tree_query(&tree, query) == 1;
}

/* The row comes before the command: a power cut in it leaves something that is known. */
static int run(const char *const environment[], const char *const argv[], unsigned seconds,
	       char *output, size_t size, int *ret_status)
{
	const char *word = argv[3];
	bool is_cut = cut_word && strcmp(word, cut_word) == 0;

	(void)environment;
	(void)seconds;
	ck_assert_str_eq(argv[2], PROGRAM);
	ck_assert_str_eq(argv[4], "");
	ck_assert_ptr_null(argv[5]);
	ck_assert_int_eq(
		tree_query(&tree, strcmp(word, "light") == 0 ?
					  "SELECT 1 FROM reduced_mode WHERE step='entering'" :
					  "SELECT 1 FROM reduced_mode WHERE step='leaving'"),
		1);
	if (is_cut && cut == CUT_BEFORE)
		_exit(7);
	strcat(strcat(calls, word), " ");
	snprintf(output, size, "as you wish");
	*ret_status = 0;
	if (refused && strcmp(word, refused) == 0) {
		*ret_status = refusal == 1;
		return refusal == 1 ? 0 : refusal;
	}
	tree_write(&tree, MODE, word);
	if (is_cut)
		_exit(7);
	return 0;
}

static const struct process_port port = { .run_with = run };

static void add_words(struct text_list *list, const char *word)
{
	text_list_add(list, PROGRAM);
	text_list_add(list, word);
	text_list_add(list, "");
}

static void set_up(void)
{
	char path[4096];

	product_tree_make(&tree);
	tree_write(&tree, PROGRAM, "#!/bin/sh\n");
	tree_path(&tree, PROGRAM, path);
	chmod(path, 0755);
	tree_write(&tree, FILE_OF, "{}");
	tree_write(&tree, BOOT_ID, "aaaabbbb-cccc-dddd-eeee-ffff00001111\n");
	tree.product.file = strdup(FILE_OF);
	tree.product.trusted = true;
	add_words(&tree.product.reduced_enter, "light");
	add_words(&tree.product.reduced_leave, "full");
}

static void tear_down(void)
{
	product_tree_remove(&tree);
}

static int enter(void)
{
	return reduced_mode_enter(&tree.context, tree.database, &port, &tree.product, "b",
				  "because");
}

static int leave(void)
{
	return reduced_mode_leave(&tree.context, tree.database, &port, NULL);
}

static int mend(void)
{
	return reduced_mode_mend(&tree.context, tree.database, &port, 0);
}

static bool events_are(const char *names)
{
	char query[256];

	snprintf(query, sizeof(query),
		 "SELECT COALESCE(group_concat(event,' '),'')='%s' FROM event", names);
	return tree_query(&tree, query) == 1;
}

static bool is_due(void)
{
	return tree_query(&tree, "SELECT COUNT(*) FROM reduced_mode WHERE step<>'left'") > 0;
}

START_TEST(r19_product_enters_and_leaves)
{
	ck_assert(!is_due());
	ck_assert(reduced_mode_is_named(&tree.context, &tree.product));
	ck_assert_int_eq(leave(), 0);
	ck_assert_int_eq(enter(), 0);
	ck_assert(step_is("reduced"));
	ck_assert(is_due());
	tree_expect(&tree, MODE, "light");
	ck_assert_int_eq(enter(), -EEXIST);
	ck_assert_int_eq(mend(), 0);
	ck_assert_int_eq(reduced_mode_leave(&tree.context, tree.database, &port, "other"), 0);
	tree_expect(&tree, MODE, "light");
	ck_assert_int_eq(reduced_mode_leave(&tree.context, tree.database, &port, "acme"), 1);
	ck_assert(step_is("left"));
	ck_assert(!is_due());
	tree_expect(&tree, MODE, "full");
	ck_assert_int_eq(leave(), 0);
	ck_assert_str_eq(calls, "light full ");
	ck_assert(events_are("product.reduced product.reduced_left"));
	/* And once more. */
	ck_assert_int_eq(enter(), 0);
	ck_assert_int_eq(leave(), 1);
}
END_TEST

START_TEST(list_tells_what_is_reduced)
{
	struct reduced_mode_list list = { 0 };
	struct text_list products = { 0 };

	ck_assert_int_eq(reduced_mode_load(NULL, &list), 0);
	ck_assert_int_eq(enter(), 0);
	ck_assert_int_eq(reduced_mode_load(tree.database, &list), 0);
	ck_assert_uint_eq(list.count, 1);
	ck_assert_str_eq(list.items[0].product, "acme");
	ck_assert_str_eq(list.items[0].reason, "because");
	ck_assert_str_eq(list.items[0].boot_id, "b");
	ck_assert_str_eq(list.items[0].folder, "/opt/acme/bin");
	ck_assert_uint_eq(list.items[0].leave.count, 3);
	ck_assert_int_eq(reduced_mode_products(tree.database, &products), 0);
	ck_assert_uint_eq(products.count, 1);
	text_list_free(&products);
	reduced_mode_list_free(&list);
}
END_TEST

/* --- what goes wrong ----------------------------------------------------------------------- */

/* A command that fails may have done half of it. */
START_TEST(r19_failed_way_in_is_taken_back)
{
	refused = "light";
	refusal = 1;
	ck_assert_int_eq(enter(), -ECHILD);
	ck_assert_str_eq(calls, "light full ");
	ck_assert(step_is("left"));
	ck_assert(events_are("product.reduced_failed product.reduced_left"));
	ck_assert_int_eq(tree_query(&tree, "SELECT line LIKE '%as you wish%' FROM event"), 1);
	refusal = -ETIMEDOUT;
	ck_assert_int_eq(enter(), -ETIMEDOUT);
	ck_assert(step_is("left"));
}
END_TEST

START_TEST(failed_way_back_stays_due)
{
	ck_assert_int_eq(enter(), 0);
	refused = "full";
	refusal = 1;
	ck_assert_int_eq(leave(), -ECHILD);
	ck_assert(step_is("leaving"));
	ck_assert(is_due());
	/* By itself it is tried once more; a person may try as often as they like. */
	ck_assert_int_eq(mend(), -ECHILD);
	ck_assert_int_eq(mend(), 0);
	ck_assert_int_eq(leave(), -ECHILD);
	ck_assert_str_eq(calls, "light full full full ");
	refused = NULL;
	ck_assert_int_eq(leave(), 1);
	ck_assert(step_is("left"));
}
END_TEST

START_TEST(one_that_cannot_leave_stops_no_other)
{
	struct product other = tree.product;

	other.id = (char[]){ "other" };
	other.reduced_leave = (struct text_list){ 0 };
	add_words(&other.reduced_leave, "open");
	ck_assert_int_eq(enter(), 0);
	ck_assert_int_eq(
		reduced_mode_enter(&tree.context, tree.database, &port, &other, "b", "because"), 0);
	refused = "full";
	refusal = 1;
	ck_assert_int_eq(leave(), -ECHILD);
	ck_assert_str_eq(calls, "light light full open ");
	ck_assert(step_is("left"));
	ck_assert_int_eq(tree_query(&tree, "SELECT step='leaving' FROM reduced_mode WHERE"
					   " product='acme'"),
			 1);
	text_list_free(&other.reduced_leave);
}
END_TEST

/* A program alone may be set aside; with the product goes its mode. */
START_TEST(way_back_without_a_program)
{
	ck_assert_int_eq(enter(), 0);
	tree_remove_file(&tree, PROGRAM);
	ck_assert_int_eq(leave(), -ENOENT);
	ck_assert(step_is("leaving"));
	tree_remove_file(&tree, TREE_CODE);
	tree_remove_file(&tree, "/opt/acme/bin");
	ck_assert_int_eq(leave(), 1);
	ck_assert(step_is("left"));
	ck_assert_str_eq(calls, "light ");
}
END_TEST

START_TEST(product_that_names_none_is_refused)
{
	tree.product.trusted = false;
	ck_assert_int_eq(enter(), -EOPNOTSUPP);
	tree.product.trusted = true;
	text_list_free(&tree.product.reduced_enter);
	ck_assert(!reduced_mode_is_named(&tree.context, &tree.product));
	ck_assert_int_eq(enter(), -EOPNOTSUPP);
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM reduced_mode"), 0);
	ck_assert_str_eq(calls, "");
}
END_TEST

START_TEST(plan_changes_nothing)
{
	tree.context.dry_run = true;
	ck_assert_int_eq(enter(), 0);
	ck_assert(!is_due());
	tree.context.dry_run = false;
	ck_assert_int_eq(enter(), 0);
	tree.context.dry_run = true;
	ck_assert_int_eq(leave(), 1);
	ck_assert(step_is("reduced"));
	ck_assert_str_eq(calls, "light ");
}
END_TEST

/* --- power cuts ---------------------------------------------------------------------------- */

/* Does it in a process that ends in the middle, as a machine does. */
static void cut_in(const char *word, enum cut when, int (*work)(void))
{
	int status;
	pid_t child;

	database_close(tree.database);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		cut_word = word;
		cut = when;
		product_tree_open(&tree);
		work();
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(WEXITSTATUS(status), 7);
	product_tree_open(&tree);
}

START_TEST(r57_power_cut_on_the_way_in_leaves)
{
	cut_in("light", _i ? CUT_BEHIND : CUT_BEFORE, enter);
	ck_assert(step_is("entering"));
	ck_assert_int_eq(enter(), -EEXIST);
	ck_assert_int_eq(mend(), 1);
	ck_assert(step_is("left"));
	ck_assert_str_eq(calls, "full ");
	tree_expect(&tree, MODE, "full");
}
END_TEST

START_TEST(r57_power_cut_on_the_way_back_leaves)
{
	ck_assert_int_eq(enter(), 0);
	cut_in("full", _i ? CUT_BEHIND : CUT_BEFORE, leave);
	ck_assert(step_is("leaving"));
	ck_assert_int_eq(mend(), 1);
	ck_assert(step_is("left"));
	tree_expect(&tree, MODE, "full");
	ck_assert_int_eq(mend(), 0);
}
END_TEST

/* Whatever ends the start each time, it is not done for ever. */
START_TEST(r57_way_back_that_ends_each_start_is_given_up)
{
	cut_in("light", CUT_BEHIND, enter);
	cut_in("full", CUT_BEFORE, mend);
	cut_in("full", CUT_BEFORE, mend);
	ck_assert_int_eq(mend(), 0);
	ck_assert_str_eq(calls, "");
	ck_assert(step_is("leaving"));
	ck_assert_int_eq(leave(), 1);
}
END_TEST

/* --- on trial ------------------------------------------------------------------------------ */

static int release(void)
{
	return reduced_mode_release(&tree.context, tree.database, &port, "acme");
}

static int end_trials(void)
{
	return reduced_mode_end_trials(&tree.context, tree.database, &port, &tree.products, "c", 0);
}

START_TEST(failed_trial_has_it_enter_again)
{
	ck_assert_int_eq(end_trials(), 0);
	ck_assert_int_eq(enter(), 0);
	ck_assert_int_eq(release(), 1);
	ck_assert(step_is("left"));
	/* The start of the release proves nothing. */
	ck_assert_int_eq(reduced_mode_prove(&tree.context, tree.database), 0);
	ck_assert_int_eq(end_trials(), 1);
	ck_assert(step_is("reduced"));
	ck_assert_int_eq(end_trials(), 0);
	ck_assert_str_eq(calls, "light full light ");
	ck_assert_int_eq(tree_query(&tree, "SELECT boot_id='c' FROM reduced_mode WHERE"
					   " step='reduced'"),
			 1);
}
END_TEST

START_TEST(good_start_ends_the_trial)
{
	ck_assert_int_eq(enter(), 0);
	ck_assert_int_eq(release(), 1);
	tree_write(&tree, BOOT_ID, "bbbbbbbb-cccc-dddd-eeee-ffff00001111\n");
	ck_assert_int_eq(reduced_mode_prove(&tree.context, tree.database), 0);
	ck_assert_int_eq(end_trials(), 0);
	ck_assert(step_is("left"));
}
END_TEST

START_TEST(r19_no_good_start_proves_what_crashed)
{
	ck_assert_int_eq(enter(), 0);
	ck_assert_int_eq(release(), 1);
	/* A power cut convicts nobody (R38). */
	ck_assert_int_eq(reduced_mode_fail(tree.database, DARUMA_ENDING_UNEXPLAINED), 0);
	ck_assert_int_eq(tree_query(&tree, "SELECT released<>'due' FROM reduced_mode"), 1);
	ck_assert_int_eq(reduced_mode_fail(tree.database, DARUMA_ENDING_WATCHDOG), 0);
	tree_write(&tree, BOOT_ID, "bbbbbbbb-cccc-dddd-eeee-ffff00001111\n");
	ck_assert_int_eq(reduced_mode_prove(&tree.context, tree.database), 0);
	ck_assert_int_eq(end_trials(), 1);
	ck_assert(step_is("reduced"));
	/* What is not on trial cannot fail. */
	ck_assert_int_eq(leave(), 1);
	ck_assert_int_eq(reduced_mode_fail(tree.database, DARUMA_ENDING_PANIC), 0);
	ck_assert_int_eq(end_trials(), 0);
}
END_TEST

START_TEST(what_left_for_good_is_not_on_trial)
{
	ck_assert_int_eq(enter(), 0);
	refused = "full";
	refusal = 1;
	ck_assert_int_eq(release(), -ECHILD);
	refused = NULL;
	ck_assert_int_eq(leave(), 1);
	ck_assert_int_eq(end_trials(), 0);
	ck_assert(step_is("left"));
}
END_TEST

START_TEST(product_that_is_no_more_ends_its_trial)
{
	ck_assert_int_eq(enter(), 0);
	ck_assert_int_eq(release(), 1);
	tree.products.count = 0;
	ck_assert_int_eq(end_trials(), -ESRCH);
	ck_assert_int_eq(end_trials(), 0);
}
END_TEST

/* The power goes while it enters again: it leaves, and that is that. */
START_TEST(r57_power_cut_ends_the_trial)
{
	ck_assert_int_eq(enter(), 0);
	ck_assert_int_eq(release(), 1);
	cut_in("light", CUT_BEHIND, end_trials);
	ck_assert_int_eq(mend(), 1);
	ck_assert_int_eq(end_trials(), 0);
	ck_assert(step_is("left"));
}
END_TEST

/* --- the time ------------------------------------------------------------------------------ */

/* Many that hang must not use up the time of the whole recovery. */
START_TEST(r19_no_command_is_begun_without_time)
{
	struct verdict verdict = { .product = "acme" };
	struct change_list changes;
	struct this_boot boot = { .boot_id = "b" };
	struct recover recover = { .context = &tree.context,
				   .processes = &port,
				   .database = tree.database,
				   .products = &tree.products,
				   .policy = &tree.policy,
				   .boot = &boot,
				   .commands_until = 1 };
	struct recover_result result = { 0 };

	product_tree_good(&tree);
	tree_write(&tree, TREE_TABLE, "changed");
	changes = product_tree_changes(&tree);
	ck_assert_int_eq(recover_reduce(&recover, &changes, &verdict, SWITCH_ONE, &result),
			 RECOVER_NOTHING);
	ck_assert_str_eq(calls, "");
	recover.commands_until = 0;
	ck_assert_int_eq(recover_reduce(&recover, &changes, &verdict, SWITCH_ONE, &result),
			 RECOVER_REDUCED);
	change_list_free(&changes);
	ck_assert_str_eq(calls, "light ");
	ck_assert_int_eq(release(), 1);
	ck_assert_int_eq(reduced_mode_end_trials(&tree.context, tree.database, &port,
						 &tree.products, "c", 1),
			 0);
	ck_assert(step_is("left"));
	ck_assert_int_eq(end_trials(), 1);
	refused = "full";
	refusal = -ETIMEDOUT;
	ck_assert_int_eq(leave(), -ETIMEDOUT);
	*calls = '\0';
	ck_assert_int_eq(reduced_mode_mend(&tree.context, tree.database, &port, 1), 0);
	ck_assert_str_eq(calls, "");
	ck_assert(step_is("leaving"));
}
END_TEST

/* --- what it is worth ---------------------------------------------------------------------- */

static int64_t of_last_good(const char *path, const char *column)
{
	char query[256];

	snprintf(query, sizeof(query),
		 "SELECT COALESCE(MAX(%s),-1) FROM object WHERE path='%s' AND generation="
		 "(SELECT MAX(id) FROM generation WHERE good=1)",
		 column, path);
	return tree_query(&tree, query);
}

static void take(const char *cause)
{
	int64_t id;

	ck_assert_int_eq(generation_take(&tree.context, tree.database, &tree.products, &tree.policy,
					 cause, "b", &id),
			 0);
}

/* What runs with less of it proves nothing of it, and all of the others. */
START_TEST(product_in_its_reduced_mode_keeps_no_other_from_being_good)
{
	struct product other = { .id = (char[]){ "other" } };
	struct product both[2];
	struct product_list one = tree.products;
	struct change_list changes = { 0 };
	int64_t first;

	text_list_add(&other.code_paths, "/opt/other");
	both[0] = tree.products.items[0];
	both[1] = other;
	tree.products = (struct product_list){ both, 2 };
	tree_write(&tree, "/opt/other/one", "1");
	first = product_tree_good(&tree);
	tree_write(&tree, TREE_TABLE, "changed and longer");
	tree_write(&tree, TREE_CODE, "changed too");
	tree_write(&tree, "/opt/acme/bin/new", "was not there");
	tree_write(&tree, "/opt/other/one", "22");
	ck_assert_int_eq(enter(), 0);
	take("good-boot");
	ck_assert_int_gt(of_last_good(TREE_TABLE, "generation"), first);
	ck_assert_int_eq(of_last_good("/opt/other/one", "size"), 2);
	ck_assert_int_eq(of_last_good(TREE_TABLE, "size"), (int)strlen("good " TREE_TABLE));
	ck_assert_int_eq(of_last_good(TREE_TABLE, "stored"), 1);
	ck_assert_int_eq(of_last_good("/opt/acme/bin/new", "size"), -1);
	/* Its changes are changes still, at run time too, and are so once it has left. */
	take("run-time");
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM generation"), 2);
	ck_assert_int_eq(generation_compare(&tree.context, tree.database, &tree.products, &changes),
			 0);
	ck_assert_uint_eq(changes.count, 3);
	change_list_free(&changes);
	ck_assert_int_eq(leave(), 1);
	take("good-boot");
	ck_assert_int_eq(of_last_good(TREE_TABLE, "size"), (int)strlen("changed and longer"));
	ck_assert_int_eq(of_last_good("/opt/acme/bin/new", "size"), (int)strlen("was not there"));
	tree.products = one;
	text_list_free(&other.code_paths);
}
END_TEST

/* What runs with less of it proves nothing: the files of now must not become the good state. */
START_TEST(no_start_with_it_reduced_proves_it)
{
	int64_t before = product_tree_good(&tree), after;

	tree_write(&tree, TREE_TABLE, "changed");
	ck_assert_int_eq(enter(), 0);
	ck_assert_int_eq(generation_take(&tree.context, tree.database, &tree.products, &tree.policy,
					 "good-boot", "b", &after),
			 0);
	ck_assert_int_eq(generation_last_good(tree.database, &after, NULL), 0);
	ck_assert_int_eq(before, after);
	ck_assert_int_eq(leave(), 1);
	ck_assert_int_gt(product_tree_good(&tree), before);
	ck_assert_int_eq(generation_last_good(tree.database, &after, NULL), 0);
	ck_assert_int_ne(before, after);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("reduced_mode");
	TCase *tests = suite_case(whole, "reduced mode", 60);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, r19_product_enters_and_leaves);
	tcase_add_test(tests, list_tells_what_is_reduced);
	tcase_add_test(tests, r19_failed_way_in_is_taken_back);
	tcase_add_test(tests, failed_way_back_stays_due);
	tcase_add_test(tests, one_that_cannot_leave_stops_no_other);
	tcase_add_test(tests, way_back_without_a_program);
	tcase_add_test(tests, product_that_names_none_is_refused);
	tcase_add_test(tests, plan_changes_nothing);
	tcase_add_loop_test(tests, r57_power_cut_on_the_way_in_leaves, 0, 2);
	tcase_add_loop_test(tests, r57_power_cut_on_the_way_back_leaves, 0, 2);
	tcase_add_test(tests, r57_way_back_that_ends_each_start_is_given_up);
	tcase_add_test(tests, failed_trial_has_it_enter_again);
	tcase_add_test(tests, good_start_ends_the_trial);
	tcase_add_test(tests, r19_no_good_start_proves_what_crashed);
	tcase_add_test(tests, what_left_for_good_is_not_on_trial);
	tcase_add_test(tests, product_that_is_no_more_ends_its_trial);
	tcase_add_test(tests, r57_power_cut_ends_the_trial);
	tcase_add_test(tests, r19_no_command_is_begun_without_time);
	tcase_add_test(tests, no_start_with_it_reduced_proves_it);
	tcase_add_test(tests, product_in_its_reduced_mode_keeps_no_other_from_being_good);
	return whole;
}
