/* test_transfer.c: mending while another process works in the quarantine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "recovery/quarantine/kept.h"
#include "tests/unit/product_tree.h"
#include "tests/unit/suite.h"

static struct product_tree tree;

static void set_up(void)
{
	product_tree_make_in_memory(&tree);
}

static void tear_down(void)
{
	product_tree_remove(&tree);
}

/* A row that was planned before the power went. */
static void leave_row(void)
{
	char product[] = "acme", kind[] = "code", path[] = TREE_CODE, folder[] = "/opt/acme/bin";
	char set_name[] = "", reason[] = "a reason";
	char sha256[] = "0000000000000000000000000000000000000000000000000000000000000000";
	struct action action = {
		.product = product,
		.kind = kind,
		.path = path,
		.folder = folder,
		.set_name = set_name,
		.sha256 = sha256,
		.reason = reason,
	};

	ck_assert_int_eq(action_insert(tree.database, &action), 0);
}

static int mend(void)
{
	return transfer_mend(&tree.context, tree.database, file_port_of_system());
}

START_TEST(waits_for_its_turn)
{
	struct kept other;

	leave_row();
	ck_assert_int_eq(kept_open(&tree.context, file_port_of_system(), &other), 0);
	ck_assert_int_eq(mend(), -EBUSY);
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM action"), 1);
	kept_close(&other);
	ck_assert_int_eq(mend(), 1);
	ck_assert_int_eq(tree_query(&tree, "SELECT COUNT(*) FROM action"), 0);
}
END_TEST

/* What was not opened is not closed: descriptor 0 is somebody else's. */
START_TEST(leaves_other_descriptors_alone)
{
	struct kept other;
	int null = open("/dev/null", O_RDONLY);

	ck_assert_int_ge(dup2(null, STDIN_FILENO), 0);
	leave_row();
	ck_assert_int_eq(kept_open(&tree.context, file_port_of_system(), &other), 0);
	ck_assert_int_eq(mend(), -EBUSY);
	ck_assert_int_ge(fcntl(STDIN_FILENO, F_GETFD), 0);
	kept_close(&other);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("transfer");
	TCase *tests = suite_case(all, "transfer", 20);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, waits_for_its_turn);
	tcase_add_test(tests, leaves_other_descriptors_alone);
	return all;
}
