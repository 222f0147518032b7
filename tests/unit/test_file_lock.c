/* test_file_lock.c: a lock is waited for, and not for ever
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/file_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

/* Two descriptors of their own, as two processes have them. */
static int open_twice(int ret[2])
{
	const char *folder = scratch_make();

	ret[0] = open(folder, O_RDONLY | O_DIRECTORY);
	ret[1] = open(folder, O_RDONLY | O_DIRECTORY);
	scratch_remove();
	return ret[0] < 0 || ret[1] < 0 ? -1 : 0;
}

START_TEST(what_nobody_has_is_had_at_once)
{
	int fds[2];

	ck_assert_int_eq(open_twice(fds), 0);
	ck_assert_int_eq(file_lock_wait(fds[0], 1), 0);
	ck_assert_int_lt(flock(fds[1], LOCK_EX | LOCK_NB), 0);
}
END_TEST

START_TEST(what_is_never_let_go_is_given_up)
{
	int fds[2];
	time_t begin = time(NULL);

	ck_assert_int_eq(open_twice(fds), 0);
	ck_assert_int_eq(flock(fds[0], LOCK_EX), 0);
	ck_assert_int_eq(file_lock_wait(fds[1], 1), -ETIMEDOUT);
	ck_assert_int_lt(time(NULL) - begin, 10);
}
END_TEST

START_TEST(what_is_let_go_is_had)
{
	int fds[2];
	pid_t child;

	ck_assert_int_eq(open_twice(fds), 0);
	ck_assert_int_eq(flock(fds[0], LOCK_EX), 0);
	child = fork();
	if (child == 0) {
		usleep(200000);
		flock(fds[0], LOCK_UN);
		_exit(0);
	}
	ck_assert_int_gt(child, 0);
	ck_assert_int_eq(file_lock_wait(fds[1], 20), 0);
}
END_TEST

START_TEST(what_is_no_file_is_an_error)
{
	ck_assert_int_eq(file_lock_wait(-1, 1), -EBADF);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("file_lock");
	TCase *tests = suite_case(all, "waiting", 30);

	tcase_add_test(tests, what_nobody_has_is_had_at_once);
	tcase_add_test(tests, what_is_never_let_go_is_given_up);
	tcase_add_test(tests, what_is_let_go_is_had);
	tcase_add_test(tests, what_is_no_file_is_an_error);
	return all;
}
