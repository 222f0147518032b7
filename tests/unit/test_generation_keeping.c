/* test_generation_keeping.c: which generations and copies are kept, and which are given up
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "recovery/digest.h"
#include "recovery/inventory/generation.h"
#include "recovery/inventory/store.h"
#include "tests/unit/suite.h"
#include "tests/unit/watched_product.h"

static bool is_stored(const char *text)
{
	char sha256[DIGEST_TEXT_SIZE];
	struct store store;
	int fd;

	ck_assert_int_eq(digest_bytes(text, strlen(text), sha256), 0);
	ck_assert_int_eq(store_open(&watched.context, file_port_of_system(), true, &store), 0);
	fd = store_get(&store, sha256);
	store_close(&store);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* R11: at least three good generations, each with its copies. */
START_TEST(r11_as_many_generations_as_the_policy_says)
{
	char text[32];

	watched.policy.generations = 3;
	for (int i = 1; i <= 5; i++) {
		snprintf(text, sizeof(text), "content %d", i);
		tree_write(&watched, TREE_CHANNEL, text);
		ck_assert_int_eq(watched_take(i % 2 ? "good-boot" : "run-time"), i);
	}
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM generation"), 3);
	ck_assert_int_eq(tree_query(&watched, "SELECT MIN(id) FROM generation"), 3);
	ck_assert_int_eq(tree_query(&watched, "SELECT MIN(generation) FROM object"), 3);
	ck_assert(!is_stored("content 1"));
	ck_assert(!is_stored("content 2"));
	ck_assert(is_stored("content 3"));
	ck_assert(is_stored("content 4"));
	ck_assert(is_stored("content 5"));
}
END_TEST

START_TEST(last_good_stays_however_many_installations_follow)
{
	char text[32];

	watched.policy.generations = 3;
	watched_take("good-boot");
	for (int i = 0; i < 6; i++) {
		snprintf(text, sizeof(text), "installed %d", i);
		tree_write(&watched, TREE_CHANNEL, text);
		watched_take("install");
	}
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM generation WHERE good=1"), 1);
	ck_assert(is_stored("good " TREE_CHANNEL));
	watched_expect_change('m', "content", TREE_CHANNEL, "channel");
}
END_TEST

START_TEST(large_files_are_recorded_and_not_copied)
{
	watched.policy.store_file_bytes = 40;
	tree_write(&watched, TREE_CHANNEL,
		   "a content of more than forty characters, as you can see");
	watched_take("good-boot");
	ck_assert(!is_stored("a content of more than forty characters, as you can see"));
	ck_assert_int_eq(
		tree_query(&watched, "SELECT stored FROM object WHERE path='" TREE_CHANNEL "'"), 0);
	ck_assert(is_stored("good " TREE_CODE));
	watched.policy.store_file_bytes = 4000;
	ck_assert_int_eq(watched_take("good-boot"), 1);
	ck_assert(is_stored("a content of more than forty characters, as you can see"));
}
END_TEST

/* The budget: the oldest copies go first, those of the last good generation never. */
START_TEST(budget_gives_up_the_oldest_copies)
{
	int64_t first;

	watched_take("good-boot");
	first = tree_query(&watched, "SELECT SUM(size) FROM object");
	watched.policy.store_bytes = (uint64_t)first + 40;
	tree_write(&watched, TREE_CHANNEL, "thirty characters, number two");
	watched_take("good-boot");
	ck_assert(is_stored("good " TREE_CHANNEL));
	tree_write(&watched, TREE_CHANNEL, "thirty characters, number 333");
	watched_take("good-boot");
	ck_assert(!is_stored("good " TREE_CHANNEL));
	ck_assert(is_stored("thirty characters, number two"));
	ck_assert(is_stored("thirty characters, number 333"));
	ck_assert_int_eq(tree_query(&watched, "SELECT stored FROM object WHERE generation=1 AND "
					      "path='" TREE_CHANNEL "'"),
			 0);
	watched.policy.store_bytes = (uint64_t)first;
	tree_write(&watched, TREE_CHANNEL, "number four is much longer than all that is left over");
	watched_take("good-boot");
	ck_assert(!is_stored("number four is much longer than all that is left over"));
	ck_assert(is_stored("thirty characters, number 333"));
	ck_assert(is_stored("good " TREE_CODE));
}
END_TEST

/* What was installed since may not push the last good copies out. */
START_TEST(budget_never_gives_up_the_last_good_copies)
{
	watched_take("good-boot");
	watched.policy.store_bytes =
		(uint64_t)tree_query(&watched, "SELECT SUM(size) FROM object") + 40;
	tree_write(&watched, TREE_CHANNEL, "thirty characters, number two");
	watched_take("install");
	tree_write(&watched, TREE_CHANNEL, "thirty characters, number 333");
	watched_take("install");
	tree_write(&watched, TREE_CHANNEL, "thirty characters, number 444");
	watched_take("install");
	ck_assert(is_stored("good " TREE_CHANNEL));
	ck_assert(!is_stored("thirty characters, number two"));
	ck_assert(is_stored("good " TREE_CODE));
}
END_TEST

START_TEST(copy_of_an_open_action_is_kept)
{
	char sha256[DIGEST_TEXT_SIZE];

	watched_take("good-boot");
	tree_write(&watched, TREE_CHANNEL, "newer");
	tree_write(&watched, TREE_CODE, "newer code");
	watched_take("good-boot");
	ck_assert_int_eq(digest_bytes("good " TREE_CHANNEL, strlen("good " TREE_CHANNEL), sha256),
			 0);
	ck_assert_int_eq(database_run(watched.database,
				      "INSERT INTO action(time,product,kind,path,step,replaced_by,"
				      "reason,step_time) VALUES(1,'acme','content','/x','copied',"
				      "?1,'',1)",
				      "t", sha256),
			 0);
	/* While it is open nothing new of its product is good; what was may be too much all the same. */
	watched.policy.generations = 1;
	watched_take("good-boot");
	ck_assert(is_stored("newer code"));
	ck_assert(is_stored("good " TREE_CHANNEL));
	ck_assert(!is_stored("good " TREE_CODE));
}
END_TEST

/* `store`: what this process has open and the other has not. */
static pid_t take_in_another_process(struct store *store)
{
	pid_t child;

	database_close(watched.database);
	watched.database = NULL;
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		int64_t id = 0;

		store_close(store);
		product_tree_open(&watched);
		_exit(generation_take(&watched.context, watched.database, &watched.products,
				      &watched.policy, "good-boot", "b", &id) ?
			      1 :
			      0);
	}
	product_tree_open(&watched);
	return child;
}

/* Or the copies that one has put and not recorded yet would be collected by the other. */
START_TEST(two_are_not_taken_at_once)
{
	struct store store;
	int status = 0;
	pid_t child;

	ck_assert_int_eq(store_open(&watched.context, file_port_of_system(), true, &store), 0);
	ck_assert_int_eq(store_lock(&store), 0);
	child = take_in_another_process(&store);
	usleep(300000);
	ck_assert_int_eq(waitpid(child, &status, WNOHANG), 0);
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM generation"), 0);
	store_close(&store);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM generation"), 1);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("generation_keeping");
	TCase *keeping = suite_case(whole, "keeping", 60);

	tcase_add_checked_fixture(keeping, watched_set_up, watched_tear_down);
	tcase_add_test(keeping, r11_as_many_generations_as_the_policy_says);
	tcase_add_test(keeping, last_good_stays_however_many_installations_follow);
	tcase_add_test(keeping, large_files_are_recorded_and_not_copied);
	tcase_add_test(keeping, budget_gives_up_the_oldest_copies);
	tcase_add_test(keeping, budget_never_gives_up_the_last_good_copies);
	tcase_add_test(keeping, copy_of_an_open_action_is_kept);
	tcase_add_test(keeping, two_are_not_taken_at_once);
	return whole;
}
