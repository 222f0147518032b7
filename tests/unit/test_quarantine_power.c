/* test_quarantine_power.c: R57: the power goes at each call of setting aside, putting back and mending
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/quarantine.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/quarantine_scene.h"
#include "tests/unit/quarantine_trial.h"
#include "tests/unit/suite.h"

static int resume_through(const struct file_port *port)
{
	return quarantine_resume_through(port, &scene.context, scene.database);
}

/* Runs `run` in a process of its own that ends at call `at`. Returns false when there were fewer calls. */
static bool cut(const struct trial *trial, trial_job *run, enum failing_mode mode, int at)
{
	struct failing_port port;
	int calls, status;
	pid_t child;

	database_close(scene.database);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		product_tree_open(&scene);
		trial_make_port(&port, trial, mode, at, &calls);
		_exit(run(&port.port) < 0 ? 1 : 0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	product_tree_open(&scene);
	ck_assert_int_ne(WEXITSTATUS(status), 1);
	return WEXITSTATUS(status) == FAILING_PORT_CUT;
}

/* The product never sees half a file, nor, where names can be exchanged, none. */
static void expect_whole_files(const struct trial *trial)
{
	ck_assert(tree_holds(&scene, TREE_CHANNEL, "bad channel") ||
		  tree_holds(&scene, TREE_CHANNEL, "good " TREE_CHANNEL) ||
		  (trial->no_exchange && tree_holds(&scene, TREE_CHANNEL, NULL)));
	ck_assert(tree_holds(&scene, TREE_TABLE, NULL) ||
		  tree_holds(&scene, TREE_TABLE, "good " TREE_TABLE));
	ck_assert(tree_holds(&scene, SCENE_EXTRA, NULL) ||
		  tree_holds(&scene, SCENE_EXTRA, "bad extra"));
}

static bool cut_at(const struct trial *trial, enum failing_mode mode, int at)
{
	bool more;

	trial_begin(trial);
	more = cut(trial, trial->run, mode, at);
	expect_whole_files(trial);
	ck_assert_int_ge(scene_resume(), 0);
	ck_assert_msg(trial->before() || trial->after(), "call %d: neither state", at);
	scene_expect_tidy();
	ck_assert_int_eq(scene_resume(), 0);
	if (trial->before())
		ck_assert_int_ge(trial->run(file_port_of_system()), 0);
	ck_assert(trial->after());
	scene_expect_tidy();
	scene_tear_down();
	return more;
}

START_TEST(r57_power_cut_before_each_call)
{
	int at = 1;

	while (cut_at(&trials[_i], CUT_BEFORE, at))
		at++;
	ck_assert_int_gt(at, 40);
}
END_TEST

START_TEST(r57_power_cut_behind_each_call)
{
	int at = 1;

	while (cut_at(&trials[_i], CUT_BEHIND, at))
		at++;
	ck_assert_int_gt(at, 40);
}
END_TEST

static void expect_lost_objects(int at)
{
	int known = (int)tree_query(
		&scene, "SELECT COUNT(*) FROM action WHERE step='done' AND sha256 IS NOT NULL");

	ck_assert_msg(scene_count_objects("/var/lib/daruma/quarantine") == 4 + known, "call %d",
		      at);
}

static bool cut_over_lost_rows(enum failing_mode mode, int at)
{
	bool more;

	scene_set_up();
	scene_lose_actions();
	more = cut(&trials[0], scene_set_aside_through, mode, at);
	ck_assert_int_ge(scene_resume(), 0);
	expect_lost_objects(at);
	ck_assert_int_ge(scene_set_aside(), 0);
	expect_lost_objects(at);
	tree_expect(&scene, TREE_CODE, "good " TREE_CODE);
	scene_tear_down();
	return more;
}

START_TEST(r57_power_cut_over_objects_of_lost_rows)
{
	int at = 1;

	while (cut_over_lost_rows(_i ? CUT_BEHIND : CUT_BEFORE, at))
		at++;
	ck_assert_int_gt(at, 12);
}
END_TEST

/* Every pair of cuts takes minutes: unless EVERY_CASE is set, the first comes at each seventh call and the second at each
 * third one of mending, in turn the first, second and third, so that all kinds of calls come up in both places. */
static int step(int quick)
{
	return getenv("EVERY_CASE") ? 1 : quick;
}

/* The power goes again while the first cut is mended. */
static int cut_twice(const struct trial *trial, int at)
{
	int second = 1 + at % step(3);
	bool more = true;

	while (more) {
		trial_begin(trial);
		if (!cut(trial, trial->run, CUT_BEHIND, at)) {
			scene_tear_down();
			return 0;
		}
		more = cut(trial, resume_through, second % 2 ? CUT_BEFORE : CUT_BEHIND, second);
		expect_whole_files(trial);
		ck_assert_int_ge(scene_resume(), 0);
		ck_assert_msg(trial->before() || trial->after(), "calls %d and %d", at, second);
		scene_expect_tidy();
		scene_tear_down();
		second += step(3);
	}
	return second;
}

START_TEST(r57_power_cut_while_mending)
{
	int most = 0, at = 1, seconds;

	while ((seconds = cut_twice(&trials[_i], at))) {
		most = seconds > most ? seconds : most;
		at += step(7);
	}
	ck_assert_int_gt(at, 40);
	ck_assert_int_gt(most, 10);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("quarantine_power");
	TCase *cuts = suite_case(whole, "power cuts", 1200);

	tcase_add_loop_test(cuts, r57_power_cut_before_each_call, 0, TRIALS);
	tcase_add_loop_test(cuts, r57_power_cut_behind_each_call, 0, TRIALS);
	tcase_add_loop_test(cuts, r57_power_cut_while_mending, 0, TRIALS);
	tcase_add_loop_test(cuts, r57_power_cut_over_objects_of_lost_rows, 0, 2);
	return whole;
}
