/* test_quarantine_failures.c: R28: each call of setting aside and putting back fails in turn
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/quarantine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "tests/unit/quarantine_scene.h"
#include "tests/unit/quarantine_trial.h"
#include "tests/unit/suite.h"

/* Returns false when there were fewer calls than `at`. */
static bool fail_at(const struct trial *trial, enum failing_mode mode, int error, int at)
{
	struct failing_port port;
	int calls, result;
	bool more;

	trial_begin(trial);
	trial_make_port(&port, trial, mode, at, &calls);
	port.error = error;
	result = trial->run(&port.port);
	more = calls >= at;
	/* One failed call leaves the way back open; if all fail, the way back waits for its turn. */
	if (mode == FAIL_ONCE)
		ck_assert_msg(result < 0 ? trial->before() : trial->after(),
			      "call %d: %d and neither state", at, result);
	if (result >= 0)
		ck_assert(trial->after());
	ck_assert_int_ge(scene_resume(), 0);
	ck_assert_msg(trial->before() || trial->after(), "call %d: neither state", at);
	scene_expect_tidy();
	/* And it can be done again. */
	if (trial->before() && (!trial->prepare_new || scene_entry_of(TREE_CHANNEL) > 0))
		ck_assert_int_ge(trial->run(file_port_of_system()), 0);
	ck_assert(trial->after());
	scene_tear_down();
	return more;
}

START_TEST(r28_each_call_fails_once)
{
	int at = 1;

	while (fail_at(&trials[_i], FAIL_ONCE, at % 2 ? -EIO : -ENOSPC, at))
		at++;
	ck_assert_int_gt(at, 40);
}
END_TEST

START_TEST(r28_all_calls_fail_from_one_on)
{
	int at = 1;

	while (fail_at(&trials[_i], FAIL_EVER, at % 2 ? -ENOSPC : -EROFS, at))
		at++;
	ck_assert_int_gt(at, 40);
}
END_TEST

/* R28: a disk that is really full. */
START_TEST(r28_full_disk)
{
	char target[4096], path[64], *large = malloc(60001);

	ck_assert_ptr_nonnull(large);
	memset(large, 'x', 60000);
	large[60000] = 0;
	if (!tree_private_mounts())
		return; /* needs root */
	scene_path("/opt/acme/content", target);
	ck_assert_int_eq(mount("content", target, "tmpfs", 0, "size=64k"), 0);
	tree_write(&scene, TREE_CHANNEL, "bad channel");
	tree_write(&scene, SCENE_EXTRA, "bad extra");
	tree_write(&scene, TREE_MANIFEST, "bad manifest");
	for (int i = 0; i < 20; i++) {
		char whole[4096];
		int fd;

		snprintf(path, sizeof(path), "/opt/acme/content/fill-%d", i);
		scene_path(path, whole);
		fd = open(whole, O_WRONLY | O_CREAT, 0644);
		if (fd >= 0) {
			(void)!write(fd, large, 60000);
			close(fd);
		}
	}
	ck_assert_int_eq(scene_set_aside(), -ENOSPC);
	ck_assert(scene_all_is_bad());
	scene_expect_tidy();
	ck_assert_int_eq(umount(target), 0);
	free(large);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("quarantine_failures");
	TCase *faults = suite_case(whole, "faults", 300);
	TCase *disk = suite_case(whole, "full disk", 60);

	tcase_add_loop_test(faults, r28_each_call_fails_once, 0, TRIALS);
	tcase_add_loop_test(faults, r28_all_calls_fail_from_one_on, 0, TRIALS);
	tcase_add_checked_fixture(disk, scene_set_up, scene_tear_down);
	tcase_add_test(disk, r28_full_disk);
	return whole;
}
