/* test_on_trial.c: R27: releasing on trial, what ends a trial, and R57 for a release and a purge
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/on_trial.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "recovery/quarantine/quarantine.h"
#include "tests/unit/failing_port.h"
#include "tests/unit/quarantine_scene.h"
#include "tests/unit/suite.h"

static void set_up(void)
{
	scene_set_up();
	ck_assert_int_eq(scene_set_aside(), 5);
}

static int release(const char *path)
{
	return quarantine_release(&scene.context, scene.database, scene_entry_of(path), "b1");
}

static int end_trials(void)
{
	return on_trial_end(&scene.context, scene.database, "b2");
}

static int64_t count(const char *statement)
{
	return tree_query(&scene, statement);
}

/* The kernel's id of this start. */
static void start(const char *kernel_boot_id)
{
	tree_write(&scene, "/proc/sys/kernel/random/boot_id", kernel_boot_id);
}

static void add_boot(const char *outcome)
{
	ck_assert_int_eq(
		database_run(scene.database,
			     "INSERT INTO boot(boot_id,kernel_boot_id,time,rung,reason,"
			     "previous_ending,kernel,panics,resets,incident,outcome)"
			     " VALUES((SELECT COUNT(*) FROM boot),'',0,'','','','',0,0,0,?1)",
			     "t", outcome),
		0);
}

/* --- what ends a trial --------------------------------------------------------------------- */

/* `before` and `after` the start of the release: unexplained ends. */
static const struct {
	enum daruma_ending ending;
	int before, after;
	bool failed;
} endings[] = {
	{ DARUMA_ENDING_PANIC, 0, 0, true },	    { DARUMA_ENDING_WATCHDOG, 0, 0, true },
	{ DARUMA_ENDING_LATE, 0, 0, true },	    { DARUMA_ENDING_GOOD, 2, 2, false },
	{ DARUMA_ENDING_CLEAN, 2, 2, false },	    { DARUMA_ENDING_OPERATOR, 2, 2, false },
	{ DARUMA_ENDING_NONE, 2, 2, false },	    { DARUMA_ENDING_UNEXPLAINED, 0, 1, false },
	{ DARUMA_ENDING_UNEXPLAINED, 3, 1, false }, { DARUMA_ENDING_UNEXPLAINED, 0, 2, true },
};

/* R38: a power cut inside a trial convicts nobody, and none before it. */
START_TEST(crashes_end_a_trial_at_once_and_resets_the_second_time)
{
	for (int i = 0; i < endings[_i].before; i++)
		add_boot("unexplained");
	ck_assert_int_eq(release(TREE_MODULE), 0);
	for (int i = 0; i < endings[_i].after; i++)
		add_boot("unexplained");
	ck_assert_int_eq(
		on_trial_end_after(&scene.context, scene.database, "b2", endings[_i].ending, NULL),
		endings[_i].failed);
	ck_assert(scene_module_is(endings[_i].failed ? "good " TREE_MODULE : "bad module"));
}
END_TEST

/* Each has its own count. */
START_TEST(later_release_is_not_convicted_by_a_reset_before_it)
{
	ck_assert_int_eq(release(TREE_MODULE), 0);
	add_boot("unexplained");
	ck_assert_int_eq(release(TREE_MANIFEST), 0);
	add_boot("unexplained");
	ck_assert_int_eq(on_trial_end_after(&scene.context, scene.database, "b2",
					    DARUMA_ENDING_UNEXPLAINED, NULL),
			 1);
	ck_assert(scene_module_is("good " TREE_MODULE));
	ck_assert(scene_set_is_bad());
	ck_assert(on_trial_has(scene.database, scene_entry_of(TREE_MANIFEST)));
}
END_TEST

/* --- releasing ----------------------------------------------------------------------------- */

START_TEST(r27_what_is_released_goes_back_at_the_next_failure)
{
	ck_assert_int_eq(release(TREE_MODULE), 0);
	ck_assert(scene_module_is("bad module"));
	ck_assert(scene_set_is_good());
	ck_assert(on_trial_has(scene.database, scene_entry_of(TREE_MODULE)));
	ck_assert_int_eq(quarantine_open_count(scene.database), 3);
	ck_assert_int_eq(end_trials(), 1);
	ck_assert(scene_all_is_good());
	scene_expect_tidy();
	ck_assert_int_eq(quarantine_open_count(scene.database), 4);
	ck_assert_int_eq(count("SELECT COUNT(*) FROM trial WHERE outcome='failed'"), 1);
	ck_assert_int_eq(end_trials(), 0);
	ck_assert(scene_all_is_good());
}
END_TEST

START_TEST(r27_set_is_released_and_goes_back_as_a_whole)
{
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(release(TREE_MANIFEST), 0);
		ck_assert(scene_set_is_bad());
		ck_assert(scene_module_is("good " TREE_MODULE));
	}
	ck_assert_int_eq(count("SELECT COUNT(*) FROM event WHERE event='object.released'"), 4);
	ck_assert_int_eq(end_trials(), 4);
	ck_assert(scene_all_is_good());
	scene_expect_tidy();
}
END_TEST

/* What was set aside together is one update: of which one file is newer is not torn, released with the rest or not. */
START_TEST(r27_update_of_which_a_file_is_newer_stays)
{
	if (_i)
		ck_assert_int_eq(release(TREE_MANIFEST), 0);
	ck_assert_int_eq(release(TREE_MODULE), 0);
	tree_write(&scene, TREE_MANIFEST, "next manifest");
	ck_assert_int_eq(end_trials(), 0);
	ck_assert(scene_module_is("bad module"));
	tree_expect(&scene, TREE_CHANNEL, _i ? "bad channel" : "good " TREE_CHANNEL);
	tree_expect(&scene, TREE_MANIFEST, "next manifest");
	ck_assert_int_eq(count("SELECT COUNT(*) FROM trial WHERE outcome='replaced'"), _i ? 5 : 1);
	scene_expect_tidy();
}
END_TEST

static int end_within(int64_t objects, int64_t bytes, enum daruma_ending ending)
{
	struct guard_budget budget = { objects, bytes };

	return on_trial_end_after(&scene.context, scene.database, "b2", ending, &budget);
}

/* R27, R57: the guard has not the time for it. It goes back later, as a whole, and no good start proves it before. */
START_TEST(r27_what_the_guard_has_no_time_for_goes_back_later)
{
	ck_assert_int_eq(release(TREE_MODULE), 0);
	ck_assert_int_eq(release(TREE_MANIFEST), 0);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(end_within(i ? 64 : 4, i ? 20 : 4096, DARUMA_ENDING_PANIC), 0);
		ck_assert(scene_all_is_bad());
		ck_assert_int_eq(count("SELECT COUNT(*) FROM trial WHERE outcome='due'"), 5);
		ck_assert_int_eq(count("SELECT COUNT(*) FROM event WHERE event='object.left'"), 1);
	}
	start("22222222-2222-4222-8222-222222222222\n");
	ck_assert_int_eq(on_trial_prove(&scene.context, scene.database), 0);
	ck_assert(on_trial_has(scene.database, scene_entry_of(TREE_MODULE)));
	/* Whatever it ended by, and in the safe profile without a limit. */
	ck_assert_int_eq(_i ? end_trials() : end_within(5, 4096, DARUMA_ENDING_GOOD), 5);
	ck_assert(scene_all_is_good());
	ck_assert_int_eq(count("SELECT COUNT(*) FROM trial WHERE outcome='failed'"), 5);
	scene_expect_tidy();
}
END_TEST

START_TEST(good_start_after_the_release_ends_the_trial)
{
	int64_t id = scene_entry_of(TREE_MODULE);

	start("11111111-1111-4111-8111-111111111111\n");
	/* In a start without a note too. */
	ck_assert_int_eq(quarantine_release(&scene.context, scene.database, id, _i ? "b1" : NULL),
			 0);
	/* The start in which it was released proves nothing. */
	ck_assert_int_eq(on_trial_prove(&scene.context, scene.database), 0);
	ck_assert(on_trial_has(scene.database, id));
	start("22222222-2222-4222-8222-222222222222\n");
	ck_assert_int_eq(on_trial_prove(&scene.context, scene.database), 0);
	ck_assert(!on_trial_has(scene.database, id));
	ck_assert_int_eq(end_trials(), 0);
	ck_assert(scene_module_is("bad module"));
}
END_TEST

/* R27: a newer version came in between. */
START_TEST(r27_newer_version_is_left_alone_unless_forced)
{
	tree_write(&scene, TREE_MANIFEST, "next manifest");
	ck_assert_int_eq(release(TREE_CHANNEL), -ESTALE);
	tree_expect(&scene, TREE_CHANNEL, "good " TREE_CHANNEL);
	tree_expect(&scene, TREE_MANIFEST, "next manifest");
	ck_assert_int_eq(count("SELECT COUNT(*) FROM trial"), 0);
	scene.context.force = true;
	ck_assert_int_eq(release(TREE_CHANNEL), 0);
	ck_assert(scene_set_is_bad());
	scene_expect_tidy();
}
END_TEST

/* The good copy is needed at the next failure, whatever generations say meanwhile. */
START_TEST(good_copy_of_a_trial_is_kept)
{
	scene.policy.generations = 3;
	ck_assert_int_eq(release(TREE_MODULE), 0);
	for (int i = 0; i < 6; i++) {
		tree_write(&scene, TREE_RULES, i % 2 ? "odd" : "even");
		product_tree_good(&scene);
	}
	ck_assert_int_eq(end_trials(), 1);
	ck_assert(scene_module_is("good " TREE_MODULE));
}
END_TEST

START_TEST(restored_by_hand_is_on_no_trial)
{
	ck_assert_int_eq(scene_put_back(TREE_MODULE), 0);
	ck_assert_int_eq(release(TREE_MODULE), 0);
	ck_assert_int_eq(end_trials(), 0);
	ck_assert(scene_module_is("bad module"));
}
END_TEST

/* R57: the row comes first; where the move behind it was undone nothing is on trial. */
START_TEST(r57_release_that_a_power_cut_undid)
{
	struct action_list entries = { 0 };

	ck_assert_int_eq(quarantine_with_set(scene.database, scene_entry_of(TREE_MODULE), &entries),
			 0);
	ck_assert_int_eq(on_trial_begin(&scene.context, scene.database, &entries, "b1"), 0);
	action_list_free(&entries);
	ck_assert(!on_trial_has(scene.database, scene_entry_of(TREE_MODULE)));
	ck_assert_int_eq(end_trials(), 0);
	ck_assert_int_eq(on_trial_prove(&scene.context, scene.database), 0);
	ck_assert(scene_all_is_good());
	ck_assert_int_eq(release(TREE_MODULE), 0);
	ck_assert(on_trial_has(scene.database, scene_entry_of(TREE_MODULE)));
}
END_TEST

START_TEST(plan_changes_nothing)
{
	scene.context.dry_run = true;
	ck_assert_int_eq(release(TREE_MODULE), 0);
	ck_assert_int_eq(quarantine_purge(&scene.context, scene.database, 1), 0);
	ck_assert_int_eq(count("SELECT COUNT(*) FROM trial"), 0);
	ck_assert(scene_all_is_good());
	ck_assert_int_eq(quarantine_release(&scene.context, scene.database, 4711, NULL), -ENXIO);
	ck_assert_int_eq(quarantine_purge(&scene.context, scene.database, 4711), -ENXIO);
}
END_TEST

/* --- purging ------------------------------------------------------------------------------- */

static int purge_set(const struct file_port *port)
{
	return quarantine_purge_through(port, &scene.context, scene.database,
					scene_entry_of(TREE_CHANNEL));
}

START_TEST(r27_purged_set_is_gone_and_its_entries_stay)
{
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(purge_set(file_port_of_system()), 0);
		ck_assert(scene_all_is_good());
		ck_assert_int_eq(scene_count_objects("/var/lib/daruma/quarantine"), 1);
		ck_assert_int_eq(count("SELECT COUNT(*) FROM action WHERE step='purged'"), 4);
		ck_assert_int_eq(quarantine_open_count(scene.database), 1);
		scene_expect_tidy();
	}
	ck_assert_int_eq(scene_put_back(TREE_CHANNEL), -ENODATA);
	ck_assert_int_eq(release(TREE_CHANNEL), -ENODATA);
	ck_assert_int_eq(count("SELECT COUNT(*) FROM event WHERE event='object.purged'"), 4);
}
END_TEST

/* Runs it in a process that ends at call `at`. Returns false when there were fewer calls. */
static bool cut(enum failing_mode mode, int at)
{
	struct failing_port port;
	int calls = 0, status;
	pid_t child;

	database_close(scene.database);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		product_tree_open(&scene);
		failing_port_make(&port, mode, at, &calls);
		_exit(purge_set(&port.port) < 0 ? 1 : 0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	product_tree_open(&scene);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) != 1);
	return WEXITSTATUS(status) == FAILING_PORT_CUT;
}

START_TEST(r57_power_cut_at_each_call_of_a_purge)
{
	enum failing_mode mode = _i ? CUT_BEHIND : CUT_BEFORE;
	bool more = true;
	int at = 0;

	while (more) {
		set_up();
		more = cut(mode, ++at);
		ck_assert_int_ge(scene_resume(), 0);
		ck_assert_int_eq(count("SELECT COUNT(*) FROM action WHERE step='purged'"), 4);
		ck_assert_int_eq(scene_count_objects("/var/lib/daruma/quarantine"), 1);
		scene_expect_tidy();
		scene_tear_down();
	}
	ck_assert_int_gt(at, 5);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("on_trial");
	TCase *tests = suite_case(whole, "trial", 60), *cuts = suite_case(whole, "power cuts", 60);

	tcase_add_loop_test(tests, crashes_end_a_trial_at_once_and_resets_the_second_time, 0,
			    (int)(sizeof(endings) / sizeof(endings[0])));
	tcase_add_checked_fixture(tests, set_up, scene_tear_down);
	tcase_add_test(tests, r27_what_is_released_goes_back_at_the_next_failure);
	tcase_add_test(tests, r27_set_is_released_and_goes_back_as_a_whole);
	tcase_add_loop_test(tests, r27_update_of_which_a_file_is_newer_stays, 0, 2);
	tcase_add_loop_test(tests, r27_what_the_guard_has_no_time_for_goes_back_later, 0, 2);
	tcase_add_loop_test(tests, good_start_after_the_release_ends_the_trial, 0, 2);
	tcase_add_test(tests, later_release_is_not_convicted_by_a_reset_before_it);
	tcase_add_test(tests, r27_newer_version_is_left_alone_unless_forced);
	tcase_add_test(tests, good_copy_of_a_trial_is_kept);
	tcase_add_test(tests, restored_by_hand_is_on_no_trial);
	tcase_add_test(tests, r57_release_that_a_power_cut_undid);
	tcase_add_test(tests, plan_changes_nothing);
	tcase_add_test(tests, r27_purged_set_is_gone_and_its_entries_stay);
	tcase_add_loop_test(cuts, r57_power_cut_at_each_call_of_a_purge, 0, 2);
	return whole;
}
