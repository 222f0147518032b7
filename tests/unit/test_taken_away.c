/* test_taken_away.c: products that lost a file for which there was no good copy do not count in health
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/quarantine/quarantine.h"
#include "recovery/quarantine/taken_away.h"
#include "tests/unit/product_tree.h"
#include "tests/unit/suite.h"

#define BOOT  "b"
#define EXTRA "/opt/acme/content/new/extra.bin"

static struct product_tree tree;

static void set_up(void)
{
	product_tree_make(&tree);
	product_tree_good(&tree);
}

static void tear_down(void)
{
	product_tree_remove(&tree);
}

static void lose_store(void)
{
	char store[4096], away[4096];

	tree_path(&tree, "/var/lib/daruma/store", store);
	tree_path(&tree, "/var/lib/daruma/store.away", away);
	ck_assert_int_eq(rename(store, away), 0);
}

/* What recovery does: notes the changes, and sets them aside. */
static void recover(void)
{
	struct change_list changes = product_tree_changes(&tree);

	for (size_t i = 0; i < changes.count; i++) {
		char how[] = { changes.items[i].how, '\0' };

		ck_assert_int_eq(
			database_run(tree.database,
				     "INSERT INTO change(boot_id,product,kind,path,how,time)"
				     " VALUES('" BOOT "',?1,?2,?3,?4,0)",
				     "tttt", changes.items[i].product, changes.items[i].kind,
				     changes.items[i].path, how),
			0);
	}
	quarantine_changes(&tree.context, tree.database, &tree.product, &changes, BOOT, "a test");
	change_list_free(&changes);
}

static size_t found(void)
{
	struct text_list products = { 0 };
	size_t count;

	ck_assert_int_eq(taken_away_find(&tree.context, tree.database, &products), 0);
	count = products.count;
	ck_assert(count == 0 || text_list_has(&products, "acme"));
	text_list_free(&products);
	return count;
}

START_TEST(a_good_copy_in_place_counts)
{
	tree_write(&tree, TREE_MODULE, "bad module");
	recover();
	ck_assert_uint_eq(found(), 0);
}
END_TEST

START_TEST(nothing_in_place_is_left_out)
{
	tree_write(&tree, TREE_MODULE, "bad module");
	tree_write(&tree, TREE_CODE, "bad code");
	lose_store();
	recover();
	tree_expect(&tree, TREE_MODULE, NULL);
	/* Two files, one product. */
	ck_assert_uint_eq(found(), 1);
}
END_TEST

START_TEST(a_file_that_was_new_leaves_no_hole)
{
	tree_write(&tree, EXTRA, "bad extra");
	lose_store();
	recover();
	tree_expect(&tree, EXTRA, NULL);
	ck_assert_uint_eq(found(), 0);
}
END_TEST

START_TEST(the_next_update_fills_the_hole)
{
	tree_write(&tree, TREE_MODULE, "bad module");
	lose_store();
	recover();
	ck_assert_uint_eq(found(), 1);
	tree_write(&tree, TREE_MODULE, "next module");
	ck_assert_uint_eq(found(), 0);
}
END_TEST

START_TEST(what_is_put_back_counts_again)
{
	tree_write(&tree, TREE_MODULE, "bad module");
	lose_store();
	recover();
	ck_assert_int_eq(quarantine_restore(&tree.context, tree.database, 1), 0);
	ck_assert_uint_eq(found(), 0);
}
END_TEST

START_TEST(what_a_person_took_away_counts)
{
	int64_t id;

	lose_store();
	ck_assert_int_eq(quarantine_path(&tree.context, tree.database, &tree.products, TREE_CODE,
					 "by hand", &id),
			 0);
	tree_expect(&tree, TREE_CODE, NULL);
	ck_assert_uint_eq(found(), 0);
}
END_TEST

START_TEST(without_state_nothing_is_left_out)
{
	struct text_list products = { 0 };

	ck_assert_int_eq(taken_away_find(&tree.context, NULL, &products), 0);
	ck_assert_uint_eq(products.count, 0);
}
END_TEST

START_TEST(the_others_stay_in_order)
{
	static char one[] = "one", two[] = "two", three[] = "three";
	struct product items[] = { { .id = one }, { .id = two }, { .id = three } };
	const struct product_list all = { .items = items, .count = 3 };
	struct text_list out = { 0 };
	struct product_list left;

	ck_assert_int_eq(text_list_add(&out, "two"), 0);
	ck_assert_int_eq(taken_away_leave_out(&all, &out, &left), 0);
	ck_assert_uint_eq(left.count, 2);
	ck_assert_str_eq(left.items[0].id, "one");
	ck_assert_str_eq(left.items[1].id, "three");
	free(left.items);
	text_list_free(&out);
}
END_TEST

/* It does not run, and nobody waits for it. */
START_TEST(what_is_switched_off_does_not_count)
{
	static char one[] = "one", two[] = "two";
	struct product items[] = { { .id = one }, { .id = two } };
	const struct product_list all = { .items = items, .count = 2 };
	struct product_list counted;

	ck_assert_int_eq(
		database_run(tree.database,
			     "INSERT INTO switched_off VALUES(1,1,NULL,'one','off','','','',''),"
			     "(2,1,NULL,'two','on','','','','')",
			     ""),
		0);
	ck_assert_int_eq(taken_away_counted(&tree.context, tree.database, &all, &counted), 0);
	ck_assert_uint_eq(counted.count, 1);
	ck_assert_str_eq(counted.items[0].id, "two");
	free(counted.items);
}
END_TEST

/* What it does not run then, nobody waits for. */
START_TEST(r19_what_is_in_its_reduced_mode_does_not_count)
{
	static char one[] = "one", two[] = "two";
	struct product items[] = { { .id = one }, { .id = two } };
	const struct product_list all = { .items = items, .count = 2 };
	struct product_list counted;

	ck_assert_int_eq(
		database_run(tree.database,
			     "INSERT INTO reduced_mode(time,product,step,reason,folder,leave)"
			     " VALUES(1,'one','reduced','','/opt/one','[]'),"
			     "(2,'two','left','','/opt/two','[]')",
			     ""),
		0);
	ck_assert_int_eq(taken_away_counted(&tree.context, tree.database, &all, &counted), 0);
	ck_assert_uint_eq(counted.count, 1);
	ck_assert_str_eq(counted.items[0].id, "two");
	free(counted.items);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("taken away");
	TCase *tests = suite_case(all, "holes", 20);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, a_good_copy_in_place_counts);
	tcase_add_test(tests, nothing_in_place_is_left_out);
	tcase_add_test(tests, a_file_that_was_new_leaves_no_hole);
	tcase_add_test(tests, the_next_update_fills_the_hole);
	tcase_add_test(tests, what_is_put_back_counts_again);
	tcase_add_test(tests, what_a_person_took_away_counts);
	tcase_add_test(tests, without_state_nothing_is_left_out);
	tcase_add_test(tests, the_others_stay_in_order);
	tcase_add_test(tests, what_is_switched_off_does_not_count);
	tcase_add_test(tests, r19_what_is_in_its_reduced_mode_does_not_count);
	return all;
}
