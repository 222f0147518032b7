/* test_quarantine_meddling.c: somebody changes files meanwhile: what is in place stays, and nothing is lost
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/quarantine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/failing_port.h"
#include "tests/unit/quarantine_scene.h"
#include "tests/unit/suite.h"

static char meddle_at;

static void replace_file(const char *path, const char *text)
{
	char from[4096], to[4096];

	tree_write(&scene, "/opt/acme/third", text);
	scene_path("/opt/acme/third", from);
	scene_path(path, to);
	ck_assert_int_eq(rename(from, to), 0);
}

/* Once, before the first call of that kind. */
static void replace_channel(char letter, int number)
{
	(void)number;
	if (letter != meddle_at)
		return;
	meddle_at = 0;
	replace_file(TREE_CHANNEL, "a third channel");
}

static void replace_module(char letter, int number)
{
	(void)number;
	if (letter != meddle_at)
		return;
	meddle_at = 0;
	replace_file(TREE_MODULE, "a third module");
}

static void meddle(void (*with)(char letter, int number), char letter)
{
	struct failing_port port;
	int calls;

	failing_port_make(&port, FAIL_NEVER, 0, &calls);
	port.meddle = with;
	meddle_at = letter;
	ck_assert_int_eq(scene_set_aside_through(&port.port), -EAGAIN);
	ck_assert_int_eq(meddle_at, 0);
	scene_expect_tidy();
	ck_assert_int_eq(quarantine_open_count(scene.database), 0);
}

START_TEST(file_replaced_before_it_is_kept)
{
	meddle(replace_module, 'F');
	ck_assert(scene_module_is("a third module"));
	ck_assert(scene_set_is_bad());
}
END_TEST

START_TEST(file_replaced_while_it_is_linked)
{
	/* The first link is that of the manifest, whose turn comes first: the channel's is next. */
	meddle(replace_channel, 'L');
	tree_expect(&scene, TREE_CHANNEL, "a third channel");
	tree_expect(&scene, TREE_MANIFEST, "bad manifest");
	tree_expect(&scene, SCENE_EXTRA, "bad extra");
}
END_TEST

START_TEST(file_replaced_before_the_swap)
{
	meddle(replace_channel, 'X');
	tree_expect(&scene, TREE_CHANNEL, "a third channel");
	tree_expect(&scene, TREE_MANIFEST, "bad manifest");
	tree_expect(&scene, SCENE_EXTRA, "bad extra");
	ck_assert(scene_module_is("bad module"));
}
END_TEST

/* Nothing takes the place of an added file: it is taken by a rename. */
static void replace_extra(char letter, int number)
{
	(void)number;
	if (letter != meddle_at)
		return;
	meddle_at = 0;
	replace_file(SCENE_EXTRA, "a third extra");
}

START_TEST(added_file_replaced_before_it_is_taken)
{
	meddle(replace_extra, 'X');
	tree_expect(&scene, SCENE_EXTRA, "a third extra");
	tree_expect(&scene, TREE_CHANNEL, "bad channel");
}
END_TEST

/* A file that comes into the place of a removed one is not written over. */
static void fill_table(char letter, int number)
{
	(void)number;
	if (letter != meddle_at)
		return;
	meddle_at = 0;
	replace_file(TREE_TABLE, "a third table");
}

START_TEST(file_that_comes_into_an_empty_place_stays)
{
	struct failing_port port;
	int calls;

	failing_port_make(&port, FAIL_NEVER, 0, &calls);
	port.meddle = fill_table;
	meddle_at = 'X';
	ck_assert_int_eq(scene_set_aside_through(&port.port), -EEXIST);
	tree_expect(&scene, TREE_TABLE, "a third table");
	tree_expect(&scene, TREE_CHANNEL, "bad channel");
	scene_expect_tidy();
}
END_TEST

/* R23: a running agent has it open, and goes on writing into it. */
START_TEST(file_that_is_open_for_writing_is_kept_as_it_was)
{
	char path[4096];
	int fd;

	scene_path(TREE_MODULE, path);
	fd = open(path, O_WRONLY);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(scene_set_aside(), 5);
	scene_expect_tidy();
	ck_assert_int_eq(pwrite(fd, "written later", 13, 0), 13);
	close(fd);
	ck_assert_int_eq(scene_put_back(TREE_MODULE), 0);
	ck_assert(scene_module_is("bad module"));
}
END_TEST

START_TEST(file_that_nobody_writes_is_not_copied)
{
	struct failing_port port;
	char log[400] = "";
	int calls;

	failing_port_make(&port, FAIL_NEVER, 0, &calls);
	port.log = log;
	ck_assert_int_eq(scene_set_aside_through(&port.port), 5);
	ck_assert_ptr_nonnull(strchr(log, 'L'));
	ck_assert(!strchr(log, 'C') || strchr(log, 'C') > strrchr(log, 'L'));
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("quarantine_meddling");
	TCase *meddling = suite_case(whole, "meddling", 60);

	tcase_add_checked_fixture(meddling, scene_set_up, scene_tear_down);
	tcase_add_test(meddling, file_replaced_before_it_is_kept);
	tcase_add_test(meddling, file_replaced_while_it_is_linked);
	tcase_add_test(meddling, file_replaced_before_the_swap);
	tcase_add_test(meddling, added_file_replaced_before_it_is_taken);
	tcase_add_test(meddling, file_that_comes_into_an_empty_place_stays);
	tcase_add_test(meddling, file_that_is_open_for_writing_is_kept_as_it_was);
	tcase_add_test(meddling, file_that_nobody_writes_is_not_copied);
	return whole;
}
