/* test_late_loop.c: which crashes long after good starts belong together
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>

#include "recovery/repair/late_loop.h"
#include "recovery/state.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

#define HOUR 3600
#define NOW  1700000000

static const struct policy_file policy = { .late_window_hours = 24, .late_panics = 2 };
static struct context context;
static struct database *database;

static void run(const char *statement)
{
	ck_assert_int_eq(database_run(database, statement, ""), 0);
}

/* A good start that crashed at `crashed` by its own clock (0: not known), which a guard saw at `seen`. */
static void crash(const char *boot_id, int64_t crashed, int64_t seen)
{
	ck_assert_int_eq(database_run(database,
				      "INSERT INTO boot(boot_id,kernel_boot_id,time,rung,reason,"
				      "previous_ending,kernel,panics,resets,incident,outcome,"
				      "crash_class,crash_time,crash_seen) VALUES(?1,?1,?2,'normal',"
				      "'ordinary','good','',0,0,0,'good','panic',NULLIF(?3,0),?4)",
				      "tiii", boot_id, seen - HOUR, crashed, seen),
			 0);
}

static void set_up(void)
{
	context = (struct context){ .root = scratch_make() };
	scratch_write("var/lib/x", "", 0);
	ck_assert_int_eq(state_open(&context, true, &database), 0);
	run("INSERT INTO generation(time,cause,kernel,good) VALUES(1,'good-boot','',1)");
}

static void tear_down(void)
{
	database_close(database);
	scratch_remove();
}

/* The window is one of the guard's clock; when it began to go wrong is told by the crash, where that is known. */
START_TEST(counts_by_the_clock_of_the_guard)
{
	struct late_loop loop;

	crash("a", NOW - 90 * HOUR, NOW - 30 * HOUR);
	ck_assert_int_eq(late_loop_find(database, &policy, NOW, &loop), 0);
	ck_assert(!loop.found);
	crash("b", NOW - 30 * HOUR, NOW - 20 * HOUR);
	crash("c", 0, NOW - 10 * HOUR);
	ck_assert_int_eq(late_loop_find(database, &policy, NOW, &loop), 0);
	ck_assert(loop.found);
	ck_assert_int_eq(loop.crashes, 2);
	ck_assert_int_eq(loop.first, NOW - 30 * HOUR);
}
END_TEST

/* Twice as many: whoever was to blame for the first ones, it was not found out. A person's panics count nowhere. */
START_TEST(loop_goes_on)
{
	struct late_loop loop;

	for (int i = 0; i < 3; i++)
		crash((char[]){ (char)('a' + i), '\0' }, 0, NOW - 9 + i);
	run("INSERT INTO "
	    "boot(boot_id,kernel_boot_id,time,rung,reason,previous_ending,kernel,panics,"
	    "resets,incident,outcome,crash_class,crash_seen) SELECT 'o','o',time,'normal','','','',"
	    "0,0,0,'good','operator',crash_seen FROM boot WHERE boot_id='a'");
	ck_assert_int_eq(late_loop_find(database, &policy, NOW, &loop), 0);
	ck_assert(loop.found && !loop.goes_on);
	ck_assert_int_eq(loop.last, NOW - 7);
	crash("d", 0, NOW - 1);
	ck_assert_int_eq(late_loop_find(database, &policy, NOW, &loop), 0);
	ck_assert(loop.goes_on);
	ck_assert_int_eq(loop.crashes, 4);
}
END_TEST

/* What a repair put back is no change since the state from before all of them. */
START_TEST(state_from_before_the_repaired_crashes)
{
	struct late_loop loop;

	crash("a", 0, NOW - 9000);
	ck_assert_int_eq(late_loop_note_repair(database, NOW - 8000), 0);
	run("INSERT INTO generation(time,cause,kernel,good) VALUES(1699991500,'good-boot','',1)");
	crash("b", 0, NOW - 4000);
	crash("c", 0, NOW - 3000);
	ck_assert_int_eq(late_loop_find(database, &policy, NOW, &loop), 0);
	ck_assert(loop.found);
	ck_assert_int_eq(loop.first, NOW - 4000);
	ck_assert_int_eq(loop.generation, 2);
	ck_assert_int_eq(loop.earlier, 1);
	/* It is not kept any more: nobody can tell (R62). */
	run("DELETE FROM generation WHERE id=1");
	ck_assert_int_eq(late_loop_find(database, &policy, NOW, &loop), 0);
	ck_assert(!loop.found);
}
END_TEST

START_TEST(repaired_crashes_count_no_more)
{
	struct late_loop loop;

	crash("a", 0, NOW - 3);
	crash("b", 0, NOW - 2);
	ck_assert_int_eq(late_loop_note_repair(database, NOW - 1), 0);
	ck_assert_int_eq(late_loop_find(database, &policy, NOW, &loop), 0);
	ck_assert(!loop.found);
	/* Nor where nobody can tell whether they were. */
	run("DROP TABLE setting");
	ck_assert_int_eq(late_loop_find(database, &policy, NOW, &loop), -EIO);
}
END_TEST

/* `expected` NULL: none is left in the start "a". */
static void expect_left(const char *expected)
{
	struct text_list products = { 0 };

	ck_assert_int_eq(late_loop_is_left(database, "a"), expected != NULL);
	ck_assert_int_eq(late_loop_left_product(database, "a", &products), 0);
	ck_assert_uint_eq(products.count, expected != NULL);
	if (expected)
		ck_assert_str_eq(products.items[0], expected);
	text_list_free(&products);
}

START_TEST(product_is_left_to_one_start)
{
	expect_left(NULL);
	/* By an older Daruma. */
	ck_assert_int_eq(state_set_text(database, "late-loop/left", "a"), 0);
	expect_left("");
	ck_assert_int_eq(late_loop_note_left(database, "a", "acme"), 0);
	expect_left("acme");
	ck_assert_int_eq(late_loop_note_left(database, "b", "other"), 0);
	expect_left(NULL);
	ck_assert_int_eq(late_loop_note_left(database, "a", "other"), 0);
	expect_left("other");
	ck_assert_int_eq(late_loop_note_repair(database, NOW), 0);
	expect_left(NULL);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("late_loop");
	TCase *tests = suite_case(all, "loop", 10);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, counts_by_the_clock_of_the_guard);
	tcase_add_test(tests, loop_goes_on);
	tcase_add_test(tests, state_from_before_the_repaired_crashes);
	tcase_add_test(tests, repaired_crashes_count_no_more);
	tcase_add_test(tests, product_is_left_to_one_start);
	return all;
}
