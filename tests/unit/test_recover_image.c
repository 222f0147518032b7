/* test_recover_image.c: a safe start makes the initramfs of the next kernel and leaves the others to a good start
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/recover_image.h"

#include <stdio.h>
#include <string.h>

#include "recovery/quarantine/module_image.h"
#include "tests/unit/quarantine_scene.h"
#include "tests/unit/suite.h"

#define BOOT	     "00000000000000000000000000000001"
#define UNIT_SECONDS 900 /* TimeoutStartSec= of daruma-recover.service */
#define COMMANDS     "depmod -a 6.1.0-1\nupdate-initramfs -u -k 6.1.0-1\n"

static char commands[1024];
static unsigned allowed;

static int run(const char *const argv[], unsigned seconds, char *output, size_t size,
	       int *ret_status)
{
	(void)output;
	(void)size;
	allowed += seconds;
	for (size_t i = 0; argv[i]; i++)
		snprintf(commands + strlen(commands), sizeof(commands) - strlen(commands), "%s%s",
			 argv[i], argv[i + 1] ? " " : "\n");
	*ret_status = 0;
	return 0;
}

static const struct process_port port = { .run = run };
/* Only on the machine itself are images made. */
static const struct context here = { .root = "" };

/* A module for the kernel 6.1.0-1 was moved, which surely is not the one that runs here. */
static void set_up(void)
{
	scene_set_up();
	ck_assert_int_eq(scene_set_aside(), 5);
}

/* That kernel was set as the next one in this start. */
static void have_it_next(void)
{
	ck_assert_int_eq(database_run(scene.database,
				      "INSERT INTO boot(boot_id,kernel_boot_id,time,rung,reason,"
				      "previous_ending,kernel,panics,resets,incident)"
				      " VALUES('" BOOT "','',9,'safe','','','',0,0,0)",
				      ""),
			 0);
	ck_assert_int_eq(
		database_run(scene.database,
			     "INSERT INTO previous_kernel(time,boot_id,kernel,blamed,loader,"
			     "entry,state) VALUES(9,'" BOOT "','6.1.0-1','6.2.0-1','x','x','set')",
			     ""),
		0);
}

static void make_of_moved(void)
{
	const struct recover recover = { .context = &here,
					 .processes = &port,
					 .database = scene.database };

	recover_image_of_moved(&recover);
}

static void make_of_switched(const struct context *context, const char *file)
{
	const struct recover recover = { .context = context,
					 .processes = &port,
					 .database = scene.database };
	struct text_list files = { 0 };

	ck_assert_int_eq(text_list_add(&files, file), 0);
	ck_assert_int_eq(text_list_add(&files, "/usr/lib/modules/6.1.0-1/updates/b.ko"), 0);
	recover_image_of_switched(&recover, &files);
	text_list_free(&files);
}

static int64_t is_due(void)
{
	return tree_query(&scene, "SELECT value>0 FROM setting WHERE key='image.due'");
}

START_TEST(next_kernels_image_is_made_at_once)
{
	have_it_next();
	make_of_moved();
	ck_assert_str_eq(commands, COMMANDS);
	/* The gate makes those of all the kernels. */
	ck_assert_int_eq(is_due(), 1);
	ck_assert_int_eq(module_image_catch_up(&here, &port, scene.database), 0);
	ck_assert_str_eq(commands, COMMANDS COMMANDS);
	ck_assert_int_eq(is_due(), 0);
	commands[0] = '\0';
	make_of_moved();
	ck_assert_str_eq(commands, "");
}
END_TEST

/* The repair must be answered for before the service manager ends it. */
START_TEST(it_ends_before_its_unit_does)
{
	have_it_next();
	make_of_moved();
	ck_assert_uint_gt(allowed, 300);
	ck_assert_uint_le(allowed + 60, UNIT_SECONDS);
	allowed = 0;
	make_of_switched(&here, "/lib/modules/6.1.0-1/updates/a.ko");
	ck_assert_str_eq(commands, COMMANDS COMMANDS);
	ck_assert_uint_le(allowed + 60, UNIT_SECONDS);
}
END_TEST

START_TEST(other_kernels_images_are_left_to_a_good_start)
{
	make_of_moved();
	ck_assert_str_eq(commands, "");
	ck_assert_int_eq(is_due(), 1);
}
END_TEST

#define STAMP "/var/lib/daruma/initramfs-"

/* Without its stamp an image is made anew at the next good start. */
START_TEST(images_of_what_is_switched_off_are_due_too)
{
	tree_write(&scene, STAMP "6.1.0-1", "x");
	tree_write(&scene, STAMP "6.3.0-1", "x");
	tree_write(&scene, STAMP "6.4.0-1", "x");
	have_it_next();
	make_of_switched(&scene.context, "/usr/lib/modules/6.3.0-1/updates/a.ko");
	tree_expect(&scene, STAMP "6.1.0-1", "x");
	tree_expect(&scene, STAMP "6.3.0-1", NULL);
	tree_expect(&scene, STAMP "6.4.0-1", "x");
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("recover_image");
	TCase *tests = suite_case(whole, "images", 30);

	tcase_add_checked_fixture(tests, set_up, scene_tear_down);
	tcase_add_test(tests, next_kernels_image_is_made_at_once);
	tcase_add_test(tests, it_ends_before_its_unit_does);
	tcase_add_test(tests, other_kernels_images_are_left_to_a_good_start);
	tcase_add_test(tests, images_of_what_is_switched_off_are_due_too);
	return whole;
}
