/* test_package_lock.c: dpkg's lock is taken, or seen to be taken
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/products/package_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

static char lock[256];

static void set_up(void)
{
	snprintf(lock, sizeof(lock), "%s/lock-frontend", scratch_make());
	scratch_write("lock-frontend", "", 0);
}

/* Locks of this kind are between processes. Returns what another one gets. */
static int other_takes(void)
{
	int status;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		int result = package_lock_take(lock);

		_exit(result >= 0 ? 0 : -result);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return -WEXITSTATUS(status);
}

START_TEST(it_is_held_until_it_is_closed)
{
	int fd = package_lock_take(lock);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	ck_assert_int_eq(other_takes(), -EINPROGRESS);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(other_takes(), 0);
}
END_TEST

START_TEST(without_dpkg_there_is_none)
{
	ck_assert_int_eq(unlink(lock), 0);
	ck_assert_int_eq(package_lock_take(lock), -ENOENT);
	ck_assert_int_eq(access(lock, F_OK), -1);
}
END_TEST

START_TEST(a_link_is_not_followed)
{
	char other[300];

	snprintf(other, sizeof(other), "%s2", lock);
	ck_assert_int_eq(rename(lock, other), 0);
	ck_assert_int_eq(symlink(other, lock), 0);
	ck_assert_int_eq(package_lock_take(lock), -ELOOP);
}
END_TEST

/* A maintainer script that calls Daruma works under its frontend's lock. */
START_TEST(what_dpkg_started_does_not_wait_for_dpkg)
{
	ck_assert_int_eq(setenv("DPKG_FRONTEND_LOCKED", "true", 1), 0);
	ck_assert_int_eq(package_lock_of_machine(), -EALREADY);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("package_lock");
	TCase *tests = suite_case(whole, "lock", 5);

	tcase_add_checked_fixture(tests, set_up, scratch_remove);
	tcase_add_test(tests, it_is_held_until_it_is_closed);
	tcase_add_test(tests, without_dpkg_there_is_none);
	tcase_add_test(tests, a_link_is_not_followed);
	tcase_add_test(tests, what_dpkg_started_does_not_wait_for_dpkg);
	return whole;
}
