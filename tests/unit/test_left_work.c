/* test_left_work.c: what the guard left for lack of time: done before a start is good, or no state is good
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdio.h>

#include "recovery/generation.h"
#include "recovery/quarantine.h"
#include "tests/unit/quarantine_scene.h"
#include "tests/unit/suite.h"

static void set_up(void)
{
	scene_set_up();
	ck_assert_int_eq(scene_set_aside(), 5);
}

static void run(const char *statement)
{
	ck_assert_int_eq(database_run(scene.database, statement, ""), 0);
}

/* Whether what is there now becomes a good state. The file keeps it from being the one that is known. */
static bool becomes_good(const char *cause)
{
	static int times;
	char text[16];
	int64_t id;

	snprintf(text, sizeof(text), "rules %d", times++);
	tree_write(&scene, TREE_RULES, text);
	ck_assert_int_eq(generation_take(&scene.context, scene.database, &scene.products,
					 &scene.policy, cause, "b2", &id),
			 0);
	return tree_query(&scene, "SELECT good FROM generation ORDER BY id DESC LIMIT 1") == 1;
}

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
	ck_assert(quarantine_is_interrupted(scene.database));
	ck_assert(!becomes_good("good-boot"));
	ck_assert(!becomes_good("run-time"));
	run("UPDATE action SET step='done'");
	ck_assert(!quarantine_is_interrupted(scene.database));
	ck_assert(becomes_good("run-time"));
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("left_work");
	TCase *tests = suite_case(whole, "left work", 60);

	tcase_add_checked_fixture(tests, set_up, scene_tear_down);
	tcase_add_loop_test(tests, r57_half_of_what_was_interrupted_is_no_good_state, 0, 5);
	return whole;
}
