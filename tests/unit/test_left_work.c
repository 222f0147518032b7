/* test_left_work.c: what the guard left for lack of time: done before a start is good, or the product's state is not
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "recovery/digest.h"
#include "recovery/guard_judge.h"
#include "recovery/inventory/generation.h"
#include "recovery/quarantine/on_trial.h"
#include "recovery/quarantine/quarantine.h"
#include "recovery/quarantine/quarantine_return.h"
#include "recovery/repair/late_loop.h"
#include "recovery/repair/left_work.h"
#include "tests/unit/quarantine_scene.h"
#include "tests/unit/suite.h"

#define OTHER "/opt/other/file"

/* Acme with its update, and another product with which nothing is wrong. */
static struct product both[2];

static void set_up(void)
{
	scene_set_up();
	ck_assert_int_eq(scene_set_aside(), 5);
	both[0] = scene.product;
	both[1] = (struct product){ .id = strdup("other") };
	text_list_add(&both[1].content_paths, "/opt/other");
	scene.products = (struct product_list){ both, 2 };
	product_tree_good(&scene);
}

static void tear_down(void)
{
	product_free(&both[1]);
	scene_tear_down();
}

static void run(const char *statement)
{
	ck_assert_int_eq(database_run(scene.database, statement, ""), 0);
}

static int64_t last_good(void)
{
	int64_t id;

	ck_assert_int_eq(generation_last_good(scene.database, &id, NULL), 0);
	return id;
}

/* Whether the last good state has `text` in the file `path`. */
static bool is_proved(const char *path, const char *text)
{
	char sha256[DIGEST_TEXT_SIZE];
	int64_t count = 0;

	ck_assert_int_eq(digest_bytes(text, strlen(text), sha256), 0);
	ck_assert_int_eq(database_number(scene.database, &count,
					 "SELECT COUNT(*) FROM object WHERE generation=?1 AND"
					 " path=?2 AND sha256=?3",
					 "itt", last_good(), path, sha256),
			 0);
	return count == 1;
}

/* Files of Acme that are in one of the two generations only, or not the same in both. */
static int64_t count_differences(int64_t one, int64_t other)
{
	int64_t count = -1;

	ck_assert_int_eq(
		database_number(scene.database, &count,
				"WITH acme AS (SELECT generation,path,sha256 FROM object WHERE"
				" product='acme' AND generation IN (?1,?2)) SELECT COUNT(*) FROM"
				" (SELECT 1 FROM acme GROUP BY path,sha256 HAVING COUNT(*)<2)",
				"ii", one, other),
		0);
	return one == other ? 0 : count;
}

/* Writes a file of each product, which keeps the state from being the one that is known, and looks whether what is there
 * now becomes a good one. */
static void take(const char *cause, char ret_text[16])
{
	static int times;
	int64_t id;

	snprintf(ret_text, 16, "rules %d", times++);
	tree_write(&scene, TREE_RULES, ret_text);
	tree_write(&scene, OTHER, ret_text);
	ck_assert_int_eq(generation_take(&scene.context, scene.database, &scene.products,
					 &scene.policy, cause, "b2", &id),
			 0);
}

/* Whether Acme's does: all of it or nothing. That of the other product does in any case. */
static bool becomes_good(const char *cause)
{
	int64_t before = last_good();
	char text[16];

	take(cause, text);
	ck_assert(is_proved(OTHER, text));
	if (is_proved(TREE_RULES, text))
		return true;
	ck_assert_int_eq(count_differences(before, last_good()), 0);
	return false;
}

/* Whether `list` has Acme, and nothing else. */
static bool has_acme(int (*list)(struct database *database, struct text_list *ret))
{
	struct text_list products = { 0 };
	bool has;

	ck_assert_int_eq(list(scene.database, &products), 0);
	ck_assert_uint_le(products.count, 1);
	has = text_list_has(&products, "acme");
	ck_assert_int_eq(has, products.count == 1);
	text_list_free(&products);
	return has;
}

/* --- doing it ------------------------------------------------------------------------------ */

/* Whether the gate may repair, by what it knows of the start and by the policy. */
static const struct {
	bool known, automatic;
	enum daruma_rung rung;
	bool repairs;
} starts[] = {
	{ true, true, DARUMA_RUNG_NORMAL, true },   { true, true, DARUMA_RUNG_HELD, true },
	{ true, true, DARUMA_RUNG_TRIAL, true },    { true, true, DARUMA_RUNG_ASIDE, false },
	{ true, false, DARUMA_RUNG_NORMAL, false }, { false, true, DARUMA_RUNG_NORMAL, false },
};

#define CRASHED "00000000000000000000000000000001"

static struct this_boot boot_of(int start)
{
	return (struct this_boot){ .note = { .rung = starts[start].rung,
					     .last_ending = DARUMA_ENDING_LATE,
					     .previous_boot_id[15] = 1 },
				   .boot_id = "b2" };
}

static void do_behind(enum daruma_ending ending, int start)
{
	struct this_boot boot = boot_of(start);
	const struct left_work work = { .context = &scene.context,
					.database = scene.database,
					.products = &scene.products,
					.policy = &scene.policy,
					.boot = starts[start].known ? &boot : NULL };

	boot.note.last_ending = ending;
	scene.policy.automatic = starts[start].automatic;
	left_work_do(&work);
}

static void do_in(int start)
{
	do_behind(DARUMA_ENDING_LATE, start);
}

static struct guard_budget no_time = { 0 };

/* R27: a crash once, and then good starts only. An owner who wants no repair has none, and his state is what he has. */
START_TEST(r27_what_failed_on_trial_goes_before_a_start_is_good)
{
	bool repairs = starts[_i].repairs, automatic = starts[_i].automatic;

	ck_assert_int_eq(quarantine_release(&scene.context, scene.database,
					    scene_entry_of(TREE_MODULE), "b1"),
			 0);
	ck_assert(!has_acme(on_trial_due_products));
	ck_assert_int_eq(on_trial_end_after(&scene.context, scene.database, "b2",
					    DARUMA_ENDING_PANIC, &no_time),
			 0);
	ck_assert(has_acme(on_trial_due_products));
	ck_assert(!becomes_good("good-boot"));
	do_in(_i);
	ck_assert(scene_module_is(repairs ? "good " TREE_MODULE : "bad module"));
	ck_assert_int_eq(has_acme(on_trial_due_products), !repairs);
	ck_assert_int_eq(becomes_good("good-boot"), repairs || !automatic);
}
END_TEST

static int return_module(struct guard_budget *budget)
{
	tree_write(&scene, TREE_MODULE, "bad module");
	return budget ? quarantine_return_end(&scene.context, scene.database, "b2", budget) :
			quarantine_return_look(&scene.context, scene.database);
}

/* R25: more than any guard has time for. At run time no state of its product is good, whatever the policy wants. */
START_TEST(r25_what_came_back_goes_before_a_start_is_good)
{
	bool repairs = starts[_i].repairs, automatic = starts[_i].automatic;

	ck_assert_int_eq(return_module(&no_time), 0);
	ck_assert(quarantine_return_is_left(scene.database));
	ck_assert(!becomes_good("good-boot"));
	do_in(_i);
	ck_assert(scene_module_is(repairs ? "good " TREE_MODULE : "bad module"));
	ck_assert_int_eq(quarantine_return_is_left(scene.database), !repairs);
	ck_assert_int_eq(becomes_good("good-boot"), repairs || !automatic);
	ck_assert_int_eq(becomes_good("run-time"), repairs);
}
END_TEST

/* It came while the product ran: the guard of the next start has time for it, before the product starts. */
START_TEST(r25_what_the_guard_has_not_seen_yet_is_left_to_it)
{
	ck_assert_int_eq(return_module(NULL), 1);
	do_in(0);
	ck_assert(scene_module_is("bad module"));
	ck_assert(!becomes_good("good-boot"));
}
END_TEST

/* Crashes hours after good starts, of which the kernel's reports name the module that changed before them. */
static void crash_late(void)
{
	run("UPDATE generation SET time=1");
	for (unsigned i = 0; i < scene.policy.late_panics; i++)
		ck_assert_int_eq(
			database_run(scene.database,
				     "INSERT INTO boot(boot_id,kernel_boot_id,time,rung,reason,"
				     "previous_ending,kernel,panics,resets,incident,outcome,"
				     "crash_class,crash_quality,crash_module,crash_time,crash_seen)"
				     " VALUES(CASE ?2 WHEN 0 THEN ?1 ELSE ?2 END,'',2,'','','','',"
				     "0,0,0,'good','panic','good','acme_sensor',?3,?3)",
				     "tii", CRASHED, (int64_t)i, (int64_t)time(NULL)),
			0);
}

static enum fast_path_why judge_without_time(int start)
{
	struct guard_findings findings = { 0 };
	const struct this_boot boot = boot_of(start);

	ck_assert_int_eq(guard_judge(&scene.context, scene.database, &boot, &scene.products,
				     &scene.policy, &no_time, &findings),
			 0);
	return findings.repair.why;
}

/* No start fails, so no ladder comes; and no guard has the time. */
START_TEST(r57_loop_of_late_crashes_ends_before_a_start_is_good)
{
	bool repairs = starts[_i].repairs, automatic = starts[_i].automatic;

	ck_assert_int_eq(scene_put_all_back(&(int){ 0 }), 0);
	crash_late();
	ck_assert_int_eq(judge_without_time(0), FAST_PATH_LARGE);
	ck_assert(late_loop_is_left(scene.database, "b2"));
	ck_assert(!late_loop_is_left(scene.database, "b3"));
	ck_assert(!late_loop_is_left(scene.database, NULL));
	ck_assert(!becomes_good("good-boot"));
	/* The ladder has a trial of its own. */
	repairs = repairs && starts[_i].rung != DARUMA_RUNG_TRIAL;
	do_in(_i);
	ck_assert(scene_module_is(repairs ? "good " TREE_MODULE : "bad module"));
	ck_assert_int_eq(scene_set_is_good(), repairs);
	ck_assert_int_eq(becomes_good("good-boot"),
			 repairs || !automatic || starts[_i].rung == DARUMA_RUNG_TRIAL);
	/* The crashes until then are no loop any more. */
	ck_assert_int_eq(judge_without_time(0) == FAST_PATH_LARGE, !repairs && automatic);
}
END_TEST

/* The stage knows of no crash that kdump saved, and the gate has what the stage says. */
START_TEST(r57_loop_that_the_stage_cannot_know_of_ends_too)
{
	ck_assert_int_eq(scene_put_all_back(&(int){ 0 }), 0);
	crash_late();
	ck_assert_int_eq(judge_without_time(0), FAST_PATH_LARGE);
	do_behind(DARUMA_ENDING_GOOD, 0);
	ck_assert(scene_all_is_good());
	ck_assert(becomes_good("good-boot"));
}
END_TEST

/* A disk that was broken for a while. */
START_TEST(r57_loop_that_could_not_be_ended_is_tried_again)
{
	char folder[4096], away[4096];

	ck_assert_int_eq(scene_put_all_back(&(int){ 0 }), 0);
	crash_late();
	ck_assert_int_eq(judge_without_time(0), FAST_PATH_LARGE);
	scene_path("/var/lib/daruma/quarantine", folder);
	scene_path("/var/lib/daruma/away", away);
	ck_assert_int_eq(rename(folder, away), 0);
	tree_write(&scene, "/var/lib/daruma/quarantine", "no folder");
	do_in(0);
	ck_assert(scene_all_is_bad());
	ck_assert(!becomes_good("good-boot"));
	ck_assert_int_eq(remove(folder), 0);
	ck_assert_int_eq(rename(away, folder), 0);
	do_in(0);
	ck_assert(scene_all_is_good());
	ck_assert(becomes_good("good-boot"));
}
END_TEST

/* R57: what others bring meanwhile takes nothing of what ends the loop. */
START_TEST(r57_state_from_before_a_loop_is_kept_while_it_is_left)
{
	ck_assert_int_eq(scene_put_all_back(&(int){ 0 }), 0);
	crash_late();
	ck_assert_int_eq(judge_without_time(0), FAST_PATH_LARGE);
	for (unsigned i = 0; i <= scene.policy.generations; i++)
		ck_assert(!becomes_good("run-time"));
	do_in(0);
	ck_assert(scene_all_is_good());
	ck_assert(becomes_good("good-boot"));
	ck_assert_int_eq(tree_query(&scene, "SELECT COUNT(*) FROM generation"),
			 scene.policy.generations);
}
END_TEST

/* What has not failed stays on trial. */
START_TEST(what_is_on_trial_is_left_alone)
{
	ck_assert_int_eq(quarantine_release(&scene.context, scene.database,
					    scene_entry_of(TREE_MODULE), "b1"),
			 0);
	do_in(0);
	ck_assert(scene_module_is("bad module"));
	ck_assert(becomes_good("good-boot"));
}
END_TEST

/* --- what could not be done ---------------------------------------------------------------- */

/* R28, R57: what cannot be finished, on a disk that is full or broken, or behind a verb that runs, is half of an update. */
START_TEST(r57_half_of_what_was_interrupted_is_no_good_state)
{
	static const char *const steps[] = { "planned", "copied", "replaced", "restoring",
					     "purging" };

	ck_assert(becomes_good("good-boot"));
	ck_assert_int_eq(database_run(scene.database,
				      "UPDATE action SET step=?1 WHERE id=(SELECT MIN(id)"
				      " FROM action)",
				      "t", steps[_i]),
			 0);
	ck_assert(has_acme(quarantine_interrupted_products));
	ck_assert(!becomes_good("good-boot"));
	ck_assert(!becomes_good("run-time"));
	run("UPDATE action SET step='done'");
	ck_assert(!has_acme(quarantine_interrupted_products));
	ck_assert(becomes_good("run-time"));
}
END_TEST

/* What no good state has of a product would count as there before it; of one that is watched no more another may have
 * it now. */
START_TEST(work_left_of_a_product_that_was_not_proved_is_in_no_good_state)
{
	int64_t before = last_good();
	char text[16];

	run("UPDATE action SET product='other',step='copied' WHERE id=(SELECT MIN(id) FROM "
	    "action)");
	if (_i == 0)
		scene.products.count = 1;
	else
		run("DELETE FROM object WHERE product='other'");
	take("good-boot", text);
	take("run-time", text);
	ck_assert_int_eq(last_good(), before);
	run("UPDATE action SET step='done'");
	take("good-boot", text);
	ck_assert(is_proved(TREE_RULES, text));
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("left_work");
	TCase *tests = suite_case(whole, "left work", 60);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_loop_test(tests, r27_what_failed_on_trial_goes_before_a_start_is_good, 0,
			    (int)(sizeof(starts) / sizeof(starts[0])));
	tcase_add_loop_test(tests, r25_what_came_back_goes_before_a_start_is_good, 0,
			    (int)(sizeof(starts) / sizeof(starts[0])));
	tcase_add_test(tests, r25_what_the_guard_has_not_seen_yet_is_left_to_it);
	tcase_add_loop_test(tests, r57_loop_of_late_crashes_ends_before_a_start_is_good, 0,
			    (int)(sizeof(starts) / sizeof(starts[0])));
	tcase_add_test(tests, r57_loop_that_the_stage_cannot_know_of_ends_too);
	tcase_add_test(tests, r57_loop_that_could_not_be_ended_is_tried_again);
	tcase_add_test(tests, r57_state_from_before_a_loop_is_kept_while_it_is_left);
	tcase_add_test(tests, what_is_on_trial_is_left_alone);
	tcase_add_loop_test(tests, r57_half_of_what_was_interrupted_is_no_good_state, 0, 5);
	tcase_add_loop_test(tests, work_left_of_a_product_that_was_not_proved_is_in_no_good_state,
			    0, 2);
	return whole;
}
