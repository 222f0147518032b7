/* test_quarantine_return.c: R25: the same object that comes back is noticed, and set aside again
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/quarantine_return.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "recovery/quarantine/module_image.h"
#include "recovery/quarantine/quarantine.h"
#include "tests/unit/quarantine_scene.h"
#include "tests/unit/suite.h"

static void set_up(void)
{
	scene_set_up();
	ck_assert_int_eq(scene_set_aside(), 5);
}

static int look(void)
{
	return quarantine_return_look(&scene.context, scene.database);
}

static int end(void)
{
	return quarantine_return_end(&scene.context, scene.database, "b2", NULL);
}

static int64_t events(void)
{
	return tree_query(&scene, "SELECT COUNT(*) FROM event WHERE event='object.returned'");
}

static void land_set(void)
{
	tree_write(&scene, TREE_CHANNEL, "bad channel");
	tree_write(&scene, SCENE_EXTRA, "bad extra");
	tree_write(&scene, TREE_MANIFEST, "bad manifest");
	tree_remove_file(&scene, TREE_TABLE);
}

START_TEST(nothing_is_back_by_itself)
{
	ck_assert_int_eq(look(), 0);
	ck_assert_int_eq(end(), 0);
	ck_assert(scene_all_is_good());
	ck_assert_int_eq(events(), 0);
}
END_TEST

START_TEST(r25_same_hash_is_noticed_once_and_set_aside_again)
{
	tree_write(&scene, TREE_MODULE, "bad module");
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(look(), 1);
		ck_assert_int_eq(events(), 1);
	}
	ck_assert(scene_module_is("bad module"));
	ck_assert_int_eq(end(), 1);
	ck_assert(scene_all_is_good());
	scene_expect_tidy();
	/* As often as it comes, and it is kept once. */
	for (int i = 0; i < 3; i++) {
		tree_write(&scene, TREE_MODULE, "bad module");
		ck_assert_int_eq(end(), 1);
		ck_assert_int_eq(end(), 0);
		ck_assert(scene_all_is_good());
		ck_assert_int_eq(events(), 2 + i);
		ck_assert_int_eq(scene_count_objects("/var/lib/daruma/quarantine"), 4);
		scene_expect_tidy();
	}
	ck_assert_int_eq(scene_put_back(TREE_CHANNEL), 0);
	ck_assert(scene_set_is_bad());
}
END_TEST

static int64_t too_large(void)
{
	return tree_query(&scene, "SELECT COUNT(*) FROM event WHERE event='object.returned' AND"
				  " line LIKE '%has time for%'");
}

START_TEST(r25_what_the_guard_has_no_time_for_is_told_and_set_aside_later)
{
	struct guard_budget budget = { 4, 4096 }, whole = guard_budget_whole();

	land_set();
	tree_write(&scene, TREE_MODULE, "bad module");
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(
			quarantine_return_end(&scene.context, scene.database, "b2", &budget), 0);
		ck_assert(scene_all_is_bad());
		ck_assert_int_eq(too_large(), 1);
	}
	ck_assert_int_eq(quarantine_return_end(&scene.context, scene.database, "b2", &whole), 5);
	ck_assert(scene_all_is_good());
	ck_assert_int_eq(whole.objects, GUARD_OBJECTS_MOST - 5);
	scene_expect_tidy();
}
END_TEST

/* Of the same length, and of another. */
START_TEST(other_bytes_are_another_update)
{
	tree_write(&scene, TREE_MODULE, "bax module");
	ck_assert_int_eq(end(), 0);
	tree_write(&scene, TREE_MODULE, "a newer module");
	ck_assert_int_eq(end(), 0);
	ck_assert(scene_module_is("a newer module"));
	ck_assert_int_eq(events(), 0);
}
END_TEST

START_TEST(r25_set_comes_back_as_a_whole)
{
	land_set();
	ck_assert(scene_set_is_bad());
	ck_assert_int_eq(look(), 3);
	ck_assert_int_eq(end(), 4);
	ck_assert(scene_all_is_good());
	ck_assert_int_eq(scene_count_objects("/var/lib/daruma/quarantine"), 4);
	scene_expect_tidy();
}
END_TEST

static int64_t notes(void)
{
	return tree_query(&scene, "SELECT COUNT(*) FROM event WHERE event='object.returned' AND"
				  " line LIKE '%\"note\":\"another update%'");
}

static bool is_known(void)
{
	struct text_list products = { 0 };
	bool known;

	ck_assert_int_eq(quarantine_return_products(scene.database, &products), 0);
	known = text_list_has(&products, "acme");
	ck_assert_uint_eq(products.count, known);
	text_list_free(&products);
	return known;
}

START_TEST(set_with_something_new_in_it_is_only_noticed)
{
	land_set();
	tree_write(&scene, TREE_MANIFEST, "next manifest");
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(look(), 0);
		ck_assert_int_eq(end(), 0);
		tree_expect(&scene, TREE_CHANNEL, "bad channel");
		tree_expect(&scene, TREE_MANIFEST, "next manifest");
		ck_assert_int_eq(events(), 2);
		ck_assert_int_eq(notes(), 2);
	}
	ck_assert(!is_known());
}
END_TEST

/* A fixed version often has files of the bad one in it; what was set aside together is one update, sets or not. */
START_TEST(r25_another_update_is_not_torn_apart)
{
	int64_t id;

	tree_write(&scene, TREE_MODULE, "bad module");
	tree_write(&scene, TREE_MANIFEST, "next manifest");
	ck_assert_int_eq(end(), 0);
	ck_assert(scene_module_is("bad module"));
	tree_expect(&scene, TREE_MANIFEST, "next manifest");
	ck_assert_int_eq(notes(), 1);
	/* Another one is gone again. */
	tree_write(&scene, TREE_MANIFEST, "good " TREE_MANIFEST);
	tree_write(&scene, TREE_MODULE, "good " TREE_MODULE);
	tree_write(&scene, TREE_CHANNEL, "bad channel");
	ck_assert_int_eq(look(), 1);
	ck_assert(is_known());
	/* No state with it is good. */
	ck_assert_int_eq(generation_take(&scene.context, scene.database, &scene.products,
					 &scene.policy, "run-time", "b1", &id),
			 0);
	ck_assert_int_eq(tree_query(&scene, "SELECT COUNT(*) FROM object JOIN generation ON"
					    " id=generation WHERE good=1 AND sha256 IN"
					    " (SELECT sha256 FROM action)"),
			 0);
	ck_assert_int_eq(end(), 1);
	ck_assert(scene_all_is_good());
	ck_assert(!is_known());
	ck_assert_int_eq(events(), 2);
	scene_expect_tidy();
}
END_TEST

/* The rest of the set is good: so it is whole afterwards. */
START_TEST(part_of_a_set_that_came_back_goes)
{
	tree_write(&scene, TREE_CHANNEL, "bad channel");
	ck_assert_int_eq(end(), 1);
	ck_assert(scene_all_is_good());
	scene_expect_tidy();
}
END_TEST

/* What a person put back is meant to be there, though another entry has the same bytes. */
START_TEST(what_was_put_back_is_no_return)
{
	int64_t first = scene_entry_of(TREE_MODULE), second = 0;

	tree_write(&scene, TREE_MODULE, "bad module");
	ck_assert_int_eq(scene_set_path_aside(TREE_MODULE, &second), 0);
	ck_assert_int_eq(quarantine_release(&scene.context, scene.database, first, "b1"), 0);
	ck_assert(scene_module_is("bad module"));
	ck_assert_int_eq(end(), 0);
	ck_assert(scene_module_is("bad module"));
	ck_assert_int_eq(events(), 0);
}
END_TEST

/* Content may be large: it is read once where its size tells nothing. */
START_TEST(what_was_read_is_not_read_again)
{
	tree_write(&scene, TREE_MODULE, "bax module");
	ck_assert_int_eq(look(), 0);
	ck_assert_int_eq(tree_query(&scene, "SELECT COUNT(*) FROM place_digest"), 0);
	/* It is old enough to be remembered. */
	usleep(1200000);
	ck_assert_int_eq(look(), 0);
	ck_assert_int_eq(tree_query(&scene, "SELECT COUNT(*) FROM place_digest"), 1);
	/* What is remembered is believed, until the file is another. */
	ck_assert_int_eq(database_run(scene.database,
				      "UPDATE place_digest SET sha256="
				      "(SELECT sha256 FROM action WHERE id=?1)",
				      "i", scene_entry_of(TREE_MODULE)),
			 0);
	ck_assert_int_eq(look(), 1);
	tree_write(&scene, TREE_MODULE, "bay module");
	ck_assert_int_eq(look(), 0);
	tree_write(&scene, TREE_MODULE, "bad module");
	ck_assert_int_eq(look(), 1);
	ck_assert_int_eq(end(), 1);
	ck_assert_int_eq(look(), 0);
}
END_TEST

static char commands[1024];
static int status; /* of the next ones */

static int run(const char *const argv[], unsigned seconds, char *output, size_t size,
	       int *ret_status)
{
	(void)output;
	(void)size;
	ck_assert_uint_gt(seconds, 0);
	for (size_t i = 0; argv[i]; i++)
		snprintf(commands + strlen(commands), sizeof(commands) - strlen(commands), "%s%s",
			 argv[i], argv[i + 1] ? " " : "\n");
	*ret_status = status;
	return 0;
}

/* The guard has no time to make it; and what is no module is in none. */
START_TEST(initramfs_is_made_later)
{
	static const struct process_port port = { .run = run };
	const struct context here = { .root = "" };

	/* By the first time, which has it due. */
	ck_assert_int_eq(module_image_catch_up(&here, &port, scene.database), 0);
	ck_assert_str_eq(commands, "depmod -a 6.1.0-1\nupdate-initramfs -u -k 6.1.0-1\n");
	commands[0] = '\0';
	land_set();
	ck_assert_int_eq(end(), 4);
	ck_assert_int_eq(module_image_catch_up(&here, &port, scene.database), 0);
	ck_assert_str_eq(commands, "");
	tree_write(&scene, TREE_MODULE, "bad module");
	ck_assert_int_eq(end(), 1);
	ck_assert_int_eq(module_image_catch_up(&here, &port, scene.database), 0);
	ck_assert_str_eq(commands, "depmod -a 6.1.0-1\nupdate-initramfs -u -k 6.1.0-1\n");
	ck_assert_int_eq(module_image_catch_up(&here, &port, scene.database), 0);
	ck_assert_uint_lt(strlen(commands), 60);
}
END_TEST

static int64_t setting(const char *statement)
{
	return tree_query(&scene, statement);
}

/* An old image starts the module again that was set aside; so it stays due, though not for ever. */
START_TEST(initramfs_that_fails_is_tried_again)
{
	static const struct process_port port = { .run = run };
	const struct context here = { .root = "" };

	status = 1;
	for (int i = 1; i <= 5; i++) {
		ck_assert_int_gt(setting("SELECT value FROM setting WHERE key='image.due'"), 0);
		ck_assert_int_eq(setting("SELECT COUNT(*) FROM event WHERE event='image.failed'"),
				 0);
		ck_assert_int_eq(module_image_catch_up(&here, &port, scene.database), -ECHILD);
		if (i == 2 && _i) {
			status = 0;
			ck_assert_int_eq(module_image_catch_up(&here, &port, scene.database), 0);
			break;
		}
	}
	ck_assert_int_eq(setting("SELECT COUNT(*) FROM event WHERE event='image.failed'"), !_i);
	ck_assert_int_eq(setting("SELECT value FROM setting WHERE key='image.due'"), 0);
	ck_assert_int_eq(setting("SELECT value FROM setting WHERE key='image.attempts'"), 0);
	commands[0] = '\0';
	ck_assert_int_eq(module_image_catch_up(&here, &port, scene.database), 0);
	ck_assert_str_eq(commands, "");
}
END_TEST

static int at_work(void)
{
	return -EINPROGRESS;
}

/* Two that make one image spoil it. Waiting is no failure, however often. */
START_TEST(initramfs_waits_for_the_package_manager)
{
	static const struct process_port busy = { .run = run, .lock_packages = at_work };
	static const struct process_port port = { .run = run };
	const struct context here = { .root = "" };

	for (int i = 0; i < 7; i++)
		ck_assert_int_eq(module_image_catch_up(&here, &busy, scene.database), -EINPROGRESS);
	ck_assert_ptr_null(strstr(commands, "update-initramfs"));
	ck_assert_int_eq(setting("SELECT COUNT(*) FROM event WHERE event='image.failed'"), 0);
	commands[0] = '\0';
	ck_assert_int_eq(module_image_catch_up(&here, &port, scene.database), 0);
	ck_assert_str_eq(commands, "depmod -a 6.1.0-1\nupdate-initramfs -u -k 6.1.0-1\n");
}
END_TEST

/* A command does not wait either: what it moved becomes due, back into its place too. */
START_TEST(initramfs_of_a_command_is_put_off)
{
	static const struct process_port busy = { .run = run, .lock_packages = at_work };
	static const struct process_port port = { .run = run };
	const struct context here = { .root = "", .quiet = true };
	struct action_list moved = { 0 };

	ck_assert_int_eq(module_image_catch_up(&here, &port, scene.database), 0);
	ck_assert_int_eq(scene_put_back(TREE_MODULE), 0);
	ck_assert_int_eq(action_list_load(scene.database, "step='restored'", 0, &moved), 0);
	ck_assert_uint_gt(moved.count, 0);
	ck_assert_int_eq(module_image_follow(&here, &busy, scene.database, &moved), 0);
	action_list_free(&moved);
	commands[0] = '\0';
	ck_assert_int_eq(module_image_catch_up(&here, &port, scene.database), 0);
	ck_assert_str_eq(commands, "depmod -a 6.1.0-1\nupdate-initramfs -u -k 6.1.0-1\n");
}
END_TEST

START_TEST(links_are_not_followed)
{
	char whole[4096];

	tree_write(&scene, "/home/user/module", "bad module");
	tree_remove_file(&scene, TREE_MODULE);
	scene_path(TREE_MODULE, whole);
	ck_assert_int_eq(symlink("/home/user/module", whole), 0);
	ck_assert_int_eq(look(), 0);
	ck_assert_int_eq(end(), 0);
	tree_expect(&scene, "/home/user/module", "bad module");
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("quarantine_return");
	TCase *tests = suite_case(whole, "returns", 60);

	tcase_add_checked_fixture(tests, set_up, scene_tear_down);
	tcase_add_test(tests, nothing_is_back_by_itself);
	tcase_add_test(tests, r25_same_hash_is_noticed_once_and_set_aside_again);
	tcase_add_test(tests, r25_what_the_guard_has_no_time_for_is_told_and_set_aside_later);
	tcase_add_test(tests, other_bytes_are_another_update);
	tcase_add_test(tests, r25_set_comes_back_as_a_whole);
	tcase_add_test(tests, set_with_something_new_in_it_is_only_noticed);
	tcase_add_test(tests, r25_another_update_is_not_torn_apart);
	tcase_add_test(tests, part_of_a_set_that_came_back_goes);
	tcase_add_test(tests, what_was_put_back_is_no_return);
	tcase_add_test(tests, initramfs_is_made_later);
	tcase_add_loop_test(tests, initramfs_that_fails_is_tried_again, 0, 2);
	tcase_add_test(tests, initramfs_waits_for_the_package_manager);
	tcase_add_test(tests, initramfs_of_a_command_is_put_off);
	tcase_add_test(tests, what_was_read_is_not_read_again);
	tcase_add_test(tests, links_are_not_followed);
	return whole;
}
