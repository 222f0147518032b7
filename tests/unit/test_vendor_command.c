/* test_vendor_command.c: R19: what of a product file's commands is run, and how
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/vendor_command.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/product_tree.h"
#include "tests/unit/suite.h"

#define FOLDER	"/opt/acme/bin"
#define PROGRAM FOLDER "/ctl"
#define FILE_OF "/etc/daruma/products.d/acme.json"

static struct product_tree tree;
static struct text_list words;
static char output[VENDOR_COMMAND_OUTPUT_SIZE];

/* What was run, a bar between the words. */
static char commands[512];
static int answer_error, answer_status;

static int run(const char *const environment[], const char *const argv[], unsigned seconds,
	       char *ret_output, size_t size, int *ret_status)
{
	ck_assert_uint_eq(seconds, 60);
	ck_assert_str_eq(environment[0], "PATH=/usr/sbin:/usr/bin:/sbin:/bin");
	ck_assert_str_eq(environment[1], "LANG=C");
	ck_assert_ptr_null(environment[2]);
	for (size_t i = 0; argv[i]; i++) {
		strcat(commands, i ? "|" : "");
		strcat(commands, argv[i]);
	}
	snprintf(ret_output, size, "done");
	*ret_status = answer_status;
	return answer_error;
}

static const struct process_port port = { .run_with = run };

static void change_mode(const char *path, mode_t mode)
{
	char whole[4096];

	tree_path(&tree, path, whole);
	ck_assert_int_eq(chmod(whole, mode), 0);
}

static void set_up(void)
{
	product_tree_make(&tree);
	tree_write(&tree, PROGRAM, "#!/bin/sh\n");
	change_mode(PROGRAM, 0755);
	change_mode(FOLDER, 0755);
	change_mode("/opt/acme", 0755);
	change_mode("/opt", 0755);
	text_list_add(&words, PROGRAM);
	text_list_add(&words, "light");
	text_list_add(&words, "");
}

static void tear_down(void)
{
	text_list_free(&words);
	product_tree_remove(&tree);
}

static int run_in(const char *folder)
{
	return vendor_command_run(&tree.context, &port, folder, &words, VENDOR_COMMAND_SECONDS,
				  output);
}

static void expect_refused(int error)
{
	ck_assert_int_eq(run_in(FOLDER), error);
	ck_assert_str_eq(commands, "");
	ck_assert_str_eq(output, "");
}

START_TEST(r19_command_is_run_in_its_root)
{
	char expected[512];

	snprintf(expected, sizeof(expected), "/usr/sbin/chroot|%s|" PROGRAM "|light|",
		 tree.context.root);
	ck_assert_int_eq(run_in(FOLDER), 0);
	ck_assert_str_eq(commands, expected);
	ck_assert_str_eq(output, "done");
	*commands = '\0';
	ck_assert_int_eq(run_in(PROGRAM), 0);
	ck_assert_str_eq(commands, expected);
}
END_TEST

/* The code with which the function ends in a process of its own; 77 where this may not be done here. */
static int in_process(int (*function)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(function());
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int run_uncovered(void)
{
	const struct context here = { .root = "" };
	struct text_list own = { 0 };
	char covered[4096];

	tree_path(&tree, PROGRAM, covered);
	text_list_add(&own, "/usr/bin/findmnt");
	text_list_add(&own, "-M");
	text_list_add(&own, covered);
	if (unshare(CLONE_NEWNS) != 0 || umount(covered) != 0)
		return 77;
	return vendor_command_run(&here, process_of_machine(), "/usr/bin", &own,
				  VENDOR_COMMAND_SECONDS, output) != 0;
}

static int be_first(void)
{
	char covered[4096];

	tree_path(&tree, PROGRAM, covered);
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("proc", "/proc", "proc", 0, NULL) != 0 ||
	    mount("/dev/null", covered, NULL, MS_BIND, NULL) != 0)
		return 77;
	return in_process(run_uncovered);
}

static int with_first(void)
{
	return unshare(CLONE_NEWPID | CLONE_NEWNS) == 0 ? in_process(be_first) : 77;
}

/* Who runs it may have lifted the covers over the modules, for itself: the command finds them. */
START_TEST(r19_command_is_run_among_the_mounts_of_the_machine)
{
	int code = geteuid() == 0 ? in_process(with_first) : 77;

	if (code != 77)
		ck_assert_int_eq(code, 0);
}
END_TEST

START_TEST(r19_environment_of_a_command_is_not_the_callers)
{
	static const char *const environment[] = { "LANG=C", NULL };
	static const char *const env[] = { "/usr/bin/env", NULL };
	int status;

	setenv("ACME", "evil", 1);
	ck_assert_int_eq(process_of_machine()->run_with(environment, env, 60, output,
							sizeof(output), &status),
			 0);
	ck_assert_str_eq(output, "LANG=C\n");
	unsetenv("ACME");
}
END_TEST

START_TEST(failure_is_told)
{
	answer_status = 3;
	ck_assert_int_eq(run_in(FOLDER), -ECHILD);
	answer_error = -ETIMEDOUT;
	ck_assert_int_eq(run_in(FOLDER), -ETIMEDOUT);
}
END_TEST

START_TEST(program_of_another_folder_is_refused)
{
	ck_assert_int_eq(run_in("/opt/acme/bi"), -EXDEV);
	ck_assert_int_eq(run_in("/opt/acme/rules"), -EXDEV);
	ck_assert_int_eq(run_in(FOLDER "/../.."), -EINVAL);
	ck_assert_str_eq(commands, "");
}
END_TEST

START_TEST(program_that_others_may_write_is_refused)
{
	change_mode(PROGRAM, 0775);
	expect_refused(-EPERM);
	change_mode(PROGRAM, 0757);
	expect_refused(-EPERM);
	change_mode(PROGRAM, 0644);
	expect_refused(-EPERM);
	change_mode(PROGRAM, 0755);
	change_mode(FOLDER, 0777);
	expect_refused(-EPERM);
}
END_TEST

static void change_owner(const char *path, uid_t owner)
{
	char whole[4096];

	tree_path(&tree, path, whole);
	ck_assert_int_eq(chown(whole, owner, 0), 0);
}

START_TEST(program_of_another_user_is_refused)
{
	if (geteuid() != 0)
		return;
	change_owner(PROGRAM, 1);
	expect_refused(-EPERM);
}
END_TEST

/* He could put another folder in the place of the one that was looked at. */
START_TEST(r19_program_below_a_folder_of_another_user_is_refused)
{
	static const char *const folders[] = { FOLDER, "/opt/acme", "/opt", "" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		change_mode(folders[i], 0775);
		expect_refused(-EPERM);
		change_mode(folders[i], 0755);
		if (geteuid() != 0)
			continue;
		change_owner(folders[i], 1);
		expect_refused(-EPERM);
		change_owner(folders[i], 0);
	}
	ck_assert_int_eq(run_in("/opt/acme"), 0);
}
END_TEST

START_TEST(what_is_started_is_what_was_looked_at)
{
	char from[4096], target[4096], expected[2 * 4096];

	tree_path(&tree, "/opt", from);
	tree_path(&tree, "/disk", target);
	ck_assert_int_eq(rename(from, target), 0);
	ck_assert_int_eq(symlink("disk", from), 0);
	snprintf(expected, sizeof(expected), "/usr/sbin/chroot|%s|/disk/acme/bin/ctl|light|",
		 tree.context.root);
	ck_assert_int_eq(run_in(FOLDER), 0);
	ck_assert_str_eq(commands, expected);
}
END_TEST

START_TEST(link_is_refused)
{
	char whole[4096];

	tree_path(&tree, PROGRAM, whole);
	ck_assert_int_eq(remove(whole), 0);
	expect_refused(-ENOENT);
	ck_assert_int_eq(symlink("/bin/sh", whole), 0);
	expect_refused(-ELOOP);
	ck_assert_int_eq(remove(whole), 0);
	ck_assert_int_eq(mkdir(whole, 0755), 0);
	expect_refused(-EPERM);
}
END_TEST

START_TEST(only_files_of_root_that_were_put_there_name_commands)
{
	tree.product.file = (char[]){ FILE_OF };
	tree.product.trusted = false;
	ck_assert(!vendor_command_may_be_named(&tree.context, &tree.product));
	tree_write(&tree, FILE_OF, "{}");
	ck_assert(!vendor_command_may_be_named(&tree.context, &tree.product));
	tree.product.trusted = true;
	ck_assert(vendor_command_may_be_named(&tree.context, &tree.product));
	change_mode(FILE_OF, 0664);
	ck_assert(!vendor_command_may_be_named(&tree.context, &tree.product));
	change_mode(FILE_OF, 0646);
	ck_assert(!vendor_command_may_be_named(&tree.context, &tree.product));
	change_mode(FILE_OF, 0600);
	ck_assert(vendor_command_may_be_named(&tree.context, &tree.product));
	tree.product.file = NULL;
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("vendor_command");
	TCase *tests = suite_case(whole, "vendor command", 60);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, r19_command_is_run_in_its_root);
	tcase_add_test(tests, r19_command_is_run_among_the_mounts_of_the_machine);
	tcase_add_test(tests, r19_environment_of_a_command_is_not_the_callers);
	tcase_add_test(tests, failure_is_told);
	tcase_add_test(tests, program_of_another_folder_is_refused);
	tcase_add_test(tests, program_that_others_may_write_is_refused);
	tcase_add_test(tests, program_of_another_user_is_refused);
	tcase_add_test(tests, r19_program_below_a_folder_of_another_user_is_refused);
	tcase_add_test(tests, what_is_started_is_what_was_looked_at);
	tcase_add_test(tests, link_is_refused);
	tcase_add_test(tests, only_files_of_root_that_were_put_there_name_commands);
	return whole;
}
