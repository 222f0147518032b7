/* test_state.c: the database port and the tables of state.db
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/boot/past_boot.h"
#include "recovery/state.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

static struct context context;
static struct database *database;

static void set_up(void)
{
	context = (struct context){ .root = scratch_make() };
	scratch_write("var/lib/x", "", 0);
	ck_assert_int_eq(state_open(&context, true, &database), 0);
}

static void tear_down(void)
{
	database_close(database);
	scratch_remove();
}

START_TEST(absent_state)
{
	struct context elsewhere = { .root = "/nonexistent" };
	struct database *other = NULL;

	ck_assert_int_eq(state_open(&elsewhere, false, &other), -ENOENT);
	ck_assert_int_eq(state_open(&elsewhere, true, &other), -ENOENT);
	ck_assert_ptr_null(other);
	database_close(NULL);
}
END_TEST

START_TEST(file_is_private)
{
	char path[256];
	struct stat stat_of;

	snprintf(path, sizeof(path), "%s%s", context.root, STATE_FILE);
	ck_assert_int_eq(stat(path, &stat_of), 0);
	ck_assert_uint_eq(stat_of.st_mode & 0777, 0600);
}
END_TEST

START_TEST(reading_changes_nothing)
{
	struct database *reader = NULL;

	ck_assert_int_eq(state_open(&context, false, &reader), 0);
	ck_assert_int_eq(state_set_number(reader, "a", 1), -EROFS);
	database_close(reader);
}
END_TEST

START_TEST(newer_state_is_left_alone)
{
	struct database *other = NULL;

	ck_assert_int_eq(database_run(database, "PRAGMA user_version=99", ""), 0);
	ck_assert_int_eq(state_open(&context, true, &other), -EPROTO);
	ck_assert_int_eq(state_open(&context, false, &other), -EPROTO);
}
END_TEST

/* Makes the state what the first version left. */
static void make_older(void)
{
	static const char *const statements[] = {
		"DROP TABLE folder",
		"DROP TABLE unread",
		"DROP TABLE hold_end",
		"DROP TABLE place_digest",
		"DROP TABLE quarantine_return",
		"ALTER TABLE object DROP COLUMN by_type",
		"DROP TABLE switched_off",
		"DROP TABLE reduced_mode",
		"DROP TABLE previous_kernel",
		"DROP TABLE trial",
		"DROP TABLE package_hold",
		"DROP TABLE package_origin",
		"DROP TABLE quarantine_hold",
		"DROP TABLE suspect",
		"DROP TABLE verdict",
		"DROP TABLE fact",
		"ALTER TABLE boot DROP COLUMN crash_kind",
		"ALTER TABLE boot DROP COLUMN crash_program",
		"ALTER TABLE boot DROP COLUMN crash_signature",
		"ALTER TABLE boot DROP COLUMN crash_quality",
		"ALTER TABLE boot DROP COLUMN crash_time",
		"ALTER TABLE boot DROP COLUMN crash_seen",
		"ALTER TABLE boot DROP COLUMN crash_source",
		"ALTER TABLE boot DROP COLUMN command_line",
		"PRAGMA user_version=1",
	};

	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++)
		ck_assert_int_eq(database_run(database, statements[i], ""), 0);
}

START_TEST(number_is_that_of_the_first_row)
{
	int64_t number = 5;

	ck_assert_int_eq(database_number(database, &number, "SELECT 7 WHERE ?1=1", "i", (int64_t)2),
			 0);
	ck_assert_int_eq(number, 5);
	ck_assert_int_eq(database_number(database, &number, "SELECT 7 UNION SELECT 8", ""), 0);
	ck_assert_int_eq(number, 7);
	ck_assert_int_lt(database_number(database, &number, "SELECT nothing", ""), 0);
	ck_assert_int_eq(number, 7);
}
END_TEST

START_TEST(older_state_is_brought_up_to_date)
{
	struct database *other = NULL;

	ck_assert_int_eq(state_set_number(database, "kept", 7), 0);
	make_older();
	ck_assert_int_eq(state_open(&context, false, &other), -ESTALE);
	ck_assert_int_eq(state_open(&context, true, &other), 0);
	ck_assert_int_eq(state_get_number(other, "kept", 0), 7);
	ck_assert_int_eq(database_run(other, "INSERT INTO fact VALUES(1,'a','b','c')", ""),
			 -EEXIST);
	ck_assert_int_eq(database_run(other, "UPDATE boot SET crash_signature=NULL", ""), 0);
	database_close(other);
	ck_assert_int_eq(state_open(&context, false, &other), 0);
	database_close(other);
}
END_TEST

START_TEST(plan_changes_nothing)
{
	struct context elsewhere = { .root = "/nonexistent", .dry_run = true };
	struct database *other = NULL;

	ck_assert_int_eq(state_set_number(database, "kept", 7), 0);
	make_older();
	context.dry_run = true;
	ck_assert_int_eq(state_open(&context, true, &other), 0);
	ck_assert_int_eq(state_get_number(other, "kept", 0), 7);
	ck_assert_int_eq(state_set_number(other, "kept", 8), 0);
	ck_assert_int_eq(database_run(other, "DELETE FROM verdict", ""), 0);
	database_close(other);
	ck_assert_int_eq(state_open(&context, false, &other), -ESTALE);
	ck_assert_int_eq(state_get_number(database, "kept", 0), 7);
	/* A state that is not there yet is an empty one. */
	ck_assert_int_eq(state_open(&elsewhere, true, &other), 0);
	ck_assert_int_eq(state_get_number(other, "kept", 0), 0);
	database_close(other);
	ck_assert_int_ne(access("/nonexistent", F_OK), 0);
}
END_TEST

START_TEST(upgrade_is_all_or_nothing)
{
	struct database *other = NULL;

	make_older();
	ck_assert_int_eq(database_run(database, "CREATE TABLE verdict(x)", ""), 0);
	ck_assert_int_lt(state_open(&context, true, &other), 0);
	ck_assert_int_eq(state_open(&context, false, &other), -ESTALE);
	ck_assert_int_lt(database_run(database, "SELECT * FROM fact", ""), 0);
}
END_TEST

START_TEST(rubbish_is_no_database)
{
	struct database *other = NULL;
	char rubbish[4096];

	memset(rubbish, 'x', sizeof(rubbish));
	database_close(database);
	database = NULL;
	scratch_write("var/lib/daruma/state.db", rubbish, sizeof(rubbish));
	ck_assert_int_eq(state_open(&context, true, &other), -EBADMSG);
	ck_assert_int_eq(state_open(&context, false, &other), -EBADMSG);
}
END_TEST

START_TEST(link_is_not_followed)
{
	struct database *other = NULL;
	char path[256];

	database_close(database);
	database = NULL;
	snprintf(path, sizeof(path), "%s%s", context.root, STATE_FILE);
	ck_assert_int_eq(remove(path), 0);
	ck_assert_int_eq(symlink("/etc/passwd", path), 0);
	ck_assert_int_eq(state_open(&context, true, &other), -ELOOP);
}
END_TEST

START_TEST(settings)
{
	char *text = NULL;

	ck_assert_int_eq(state_get_number(database, "minutes", 42), 42);
	ck_assert_int_eq(state_set_number(database, "minutes", INT64_MAX), 0);
	ck_assert_int_eq(state_get_number(database, "minutes", 42), INT64_MAX);
	ck_assert_int_eq(state_set_text(database, "order", "0001'; DROP TABLE boot; --"), 0);
	ck_assert_int_eq(state_set_text(database, "order", "0002"), 0);
	ck_assert_int_eq(state_get_text(database, "order", &text), 0);
	ck_assert_str_eq(text, "0002");
	free(text);
	ck_assert_int_eq(state_get_text(database, "nothing", &text), 0);
	ck_assert_ptr_null(text);
}
END_TEST

/* Beside a long write of another process: that is no damage, and no absent setting. */
START_TEST(busy_is_neither_damaged_nor_absent)
{
	struct database *other = NULL;
	int64_t number = 7;

	ck_assert_int_eq(state_open(&context, true, &other), 0);
	ck_assert_int_eq(state_find_number(database, "a", 1, &number), 0);
	ck_assert_int_eq(number, 1);
	ck_assert_int_eq(database_run(other, "BEGIN EXCLUSIVE", ""), 0);
	ck_assert_int_eq(state_find_number(database, "a", 2, &number), -EBUSY);
	ck_assert_int_eq(number, 1);
	database_close(other);
}
END_TEST

START_TEST(constraint_is_told)
{
	const char *statement =
		"INSERT INTO event(seq,id,time,event,prev,line) VALUES(?1,'a',?1,'','','')";

	ck_assert_int_eq(database_run(database, statement, "i", (int64_t)1), 0);
	ck_assert_int_eq(database_changes(database), 1);
	ck_assert_int_eq(database_run(database, statement, "i", (int64_t)2), -EEXIST);
	ck_assert_int_eq(database_run(database, "INSERT INTO nothing VALUES(1)", ""), -EIO);
}
END_TEST

START_TEST(transactions)
{
	ck_assert(!database_in_transaction(database));
	ck_assert_int_eq(database_begin(database), 0);
	ck_assert(database_in_transaction(database));
	ck_assert_int_eq(state_set_number(database, "a", 1), 0);
	database_rollback(database);
	ck_assert(!database_in_transaction(database));
	ck_assert_int_eq(state_get_number(database, "a", 0), 0);
	ck_assert_int_eq(database_begin(database), 0);
	ck_assert_int_eq(state_set_number(database, "a", 1), 0);
	ck_assert_int_eq(database_commit(database), 0);
	ck_assert_int_eq(state_get_number(database, "a", 0), 1);
	database_rollback(database);
}
END_TEST

static void add_boot(int id, const char *boot_id, const char *kernel, const char *outcome)
{
	ck_assert_int_eq(
		database_run(database,
			     "INSERT INTO boot(id,boot_id,kernel_boot_id,time,rung,reason,"
			     "previous_ending,kernel,panics,resets,incident,outcome)"
			     " VALUES(?1,?2,?3,?1,'normal','ordinary','good','k',0,0,0,?4)",
			     "ittt", (int64_t)id, boot_id, kernel, outcome),
		0);
}

/* A start that never reached the guard is entered by the next one, after its own row. */
START_TEST(order_of_boots)
{
	struct past_boot_list list;

	add_boot(1, "a1", "k1", "good");
	add_boot(2, "a3", "k3", "");
	add_boot(3, "a2", "", "panic");
	ck_assert_int_eq(past_boot_list_load(database, 0, 100, 0, &list), 0);
	ck_assert_uint_eq(list.count, 3);
	ck_assert_str_eq(list.items[0].boot_id, "a3");
	ck_assert_str_eq(list.items[1].boot_id, "a2");
	ck_assert_str_eq(list.items[2].boot_id, "a1");
	ck_assert_int_eq(past_boot_time(&list.items[1]), 0);
	past_boot_list_free(&list);
	ck_assert_int_eq(past_boot_list_load(database, 0, 100, 2, &list), 0);
	ck_assert_uint_eq(list.count, 2);
	past_boot_list_free(&list);
}
END_TEST

START_TEST(references_to_boots)
{
	struct past_boot boot = { 0 };

	add_boot(1, "abcd0000", "k1", "good");
	add_boot(2, "abce0000", "k2", "panic");
	context.no_variables = true;
	ck_assert_int_eq(past_boot_find(&context, database, "abc", &boot), -ENOTUNIQ);
	ck_assert_int_eq(past_boot_find(&context, database, "ff", &boot), -ESRCH);
	ck_assert_int_eq(past_boot_find(&context, database, "", &boot), -ESRCH);
	ck_assert_int_eq(past_boot_find(&context, database, "abc%", &boot), -ESRCH);
	ck_assert_int_eq(past_boot_find(&context, database, "@x", &boot), -ESRCH);
	ck_assert_int_eq(past_boot_find(&context, database, "abce", &boot), 0);
	ck_assert_str_eq(boot.boot_id, "abce0000");
	past_boot_free(&boot);
	ck_assert_int_eq(past_boot_find(&context, database, "@last-good", &boot), 0);
	ck_assert_str_eq(boot.boot_id, "abcd0000");
	past_boot_free(&boot);
	past_boot_free(NULL);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("state");
	TCase *tests = suite_case(all, "state", 20);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, absent_state);
	tcase_add_test(tests, file_is_private);
	tcase_add_test(tests, reading_changes_nothing);
	tcase_add_test(tests, newer_state_is_left_alone);
	tcase_add_test(tests, older_state_is_brought_up_to_date);
	tcase_add_test(tests, number_is_that_of_the_first_row);
	tcase_add_test(tests, plan_changes_nothing);
	tcase_add_test(tests, upgrade_is_all_or_nothing);
	tcase_add_test(tests, rubbish_is_no_database);
	tcase_add_test(tests, link_is_not_followed);
	tcase_add_test(tests, settings);
	tcase_add_test(tests, busy_is_neither_damaged_nor_absent);
	tcase_add_test(tests, constraint_is_told);
	tcase_add_test(tests, transactions);
	tcase_add_test(tests, order_of_boots);
	tcase_add_test(tests, references_to_boots);
	return all;
}
