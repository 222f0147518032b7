/* test_planning.c: what belongs together stays together, however long planning takes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <time.h>

#include "recovery/quarantine/quarantine.h"
#include "tests/unit/product_tree.h"
#include "tests/unit/suite.h"

static struct product_tree tree;

/* Takes the place of libc's: a second passes with every look at the clock. */
time_t time(time_t *ret)
{
	static time_t now = 1800000000;

	now++;
	if (ret)
		*ret = now;
	return now;
}

static void set_up(void)
{
	product_tree_make_in_memory(&tree);
	product_tree_good(&tree);
	tree_write(&tree, TREE_CHANNEL, "bad channel");
	tree_write(&tree, TREE_TABLE, "bad table");
	tree_write(&tree, TREE_MANIFEST, "bad manifest");
}

static void tear_down(void)
{
	product_tree_remove(&tree);
}

static void set_aside(void)
{
	struct change_list changes = product_tree_changes(&tree);

	ck_assert_int_eq(quarantine_changes(&tree.context, tree.database, &tree.product, &changes,
					    NULL, "a reason"),
			 3);
	change_list_free(&changes);
}

START_TEST(set_has_one_time)
{
	set_aside();
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(DISTINCT time) FROM action"), 1);
}
END_TEST

/* A set of which one file came back and two did not would be worse than either state. */
START_TEST(set_is_put_back_whole)
{
	int64_t id;

	set_aside();
	id = tree_query(&tree, "SELECT id FROM action WHERE path='" TREE_CHANNEL "'");
	ck_assert_int_eq(quarantine_restore(&tree.context, tree.database, id), 0);
	tree_expect(&tree, TREE_CHANNEL, "bad channel");
	tree_expect(&tree, TREE_TABLE, "bad table");
	tree_expect(&tree, TREE_MANIFEST, "bad manifest");
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("planning");
	TCase *tests = suite_case(all, "planning", 20);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, set_has_one_time);
	tcase_add_test(tests, set_is_put_back_whole);
	return all;
}
