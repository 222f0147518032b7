/* test_units.c: what the unit files promise about order and time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A guard that is ordered wrongly ends in emergency mode on some machines and says nothing on the others, so the facts are
 * read from the files themselves. Runs from the top of the tree.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/suite.h"

/* Whether the list `key` of the unit has `word`. */
static bool has(const char *unit, const char *key, const char *word)
{
	char path[256], line[1024];
	size_t length = strlen(key);
	bool found = false;
	FILE *file;

	snprintf(path, sizeof(path), "recovery/units/%s", unit);
	file = fopen(path, "r");
	ck_assert_msg(file != NULL, "%s", path);
	while (!found && fgets(line, sizeof(line), file)) {
		char *rest = NULL;

		if (strncmp(line, key, length) != 0 || line[length] != '=')
			continue;
		for (char *at = strtok_r(line + length + 1, " \n", &rest); at && !found;
		     at = strtok_r(NULL, " \n", &rest))
			found = strcmp(at, word) == 0;
	}
	fclose(file);
	return found;
}

START_TEST(the_guard_comes_after_what_it_stands_on)
{
	ck_assert(has("daruma-guard.service", "DefaultDependencies", "no"));
	ck_assert(has("daruma-guard.service", "After", "local-fs.target"));
	ck_assert(has("daruma-guard.service", "After", "systemd-pstore.service"));
	ck_assert(has("daruma-guard.service", "RequiresMountsFor", "/var/lib/daruma"));
	ck_assert(has("daruma-guard.service", "WantedBy", "sysinit.target"));
}
END_TEST

START_TEST(the_guard_comes_before_the_products)
{
	ck_assert(has("daruma-guard.service", "Before", "sysinit.target"));
}
END_TEST

START_TEST(the_guard_never_comes_before_these)
{
	static const char *const units[] = {
		"systemd-udevd.service",	"systemd-udev-trigger.service",
		"systemd-modules-load.service", "local-fs.target",
		"local-fs-pre.target",		"systemd-remount-fs.service",
		"systemd-journald.service",
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		ck_assert_msg(!has("daruma-guard.service", "Before", units[i]), "%s", units[i]);
}
END_TEST

/* The guard may be masked or wait for a /var that never comes. */
START_TEST(held_modules_have_a_second_way_out)
{
	ck_assert(has("daruma-release.service", "DefaultDependencies", "no"));
	ck_assert(has("daruma-release.service", "After", "daruma-guard.service"));
	ck_assert(has("daruma-release.service", "After", "sysinit.target"));
	ck_assert(has("daruma-release.service", "WantedBy", "basic.target"));
	ck_assert(has("daruma-release.service", "ConditionPathExists",
		      "/run/modprobe.d/daruma-hold.conf"));
	ck_assert(!has("daruma-release.service", "RequiresMountsFor", "/var/lib/daruma"));
	ck_assert(!has("daruma-release.service", "Requires", "daruma-guard.service"));
}
END_TEST

/* Nobody waits for the seal, and it waits for the machine's own drivers. */
START_TEST(the_seal_comes_late_and_only_in_the_safe_profile)
{
	ck_assert(has("daruma-safe.target", "Wants", "daruma-seal.service"));
	ck_assert(has("daruma-seal.service", "After", "basic.target"));
	ck_assert(has("daruma-seal.service", "After", "network.target"));
	ck_assert(!has("daruma-recover.service", "After", "daruma-seal.service"));
}
END_TEST

START_TEST(the_guard_has_a_time_limit_and_fails_open)
{
	char line[1024];
	bool released = false;
	FILE *file = fopen("recovery/units/daruma-guard.service", "r");

	ck_assert(has("daruma-guard.service", "TimeoutStartSec", "30"));
	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file))
		released = released || (strncmp(line, "ExecStopPost=-", 14) == 0 &&
					strstr(line, "rm -f /run/modprobe.d/daruma-hold.conf"));
	fclose(file);
	ck_assert(released);
}
END_TEST

/* A target waits for what it wants, unless the wanted unit has no default dependencies: a start must not take the settle
 * time longer. */
START_TEST(nobody_waits_for_the_gate)
{
	ck_assert(has("daruma-gate.service", "DefaultDependencies", "no"));
	ck_assert(has("daruma-gate.service", "Type", "exec"));
	ck_assert(has("daruma-gate.service", "After", "basic.target"));
	ck_assert(!has("daruma-gate.service", "After", "multi-user.target"));
	ck_assert(!has("daruma-gate.service", "Before", "multi-user.target"));
}
END_TEST

/* Everything that users control waits for its end, so it has one, and nothing that it needs may wait for them. */
START_TEST(what_is_held_is_let_go)
{
	ck_assert(has("daruma-held.service", "Type", "oneshot"));
	ck_assert(has("daruma-held.service", "RemainAfterExit", "yes"));
	ck_assert(has("daruma-held.service", "TimeoutStartSec", "15min"));
	ck_assert(has("daruma-held.service", "ExecStart", "held"));
	ck_assert(has("daruma-held.service", "DefaultDependencies", "no"));
	ck_assert(has("daruma-held.service", "Conflicts", "shutdown.target"));
	ck_assert(!has("daruma-held.service", "After", "multi-user.target"));
	ck_assert(!has("daruma-held.service", "After", "daruma-gate.service"));
	ck_assert(!has("daruma-held.service", "RequiresMountsFor", "/var/lib/daruma"));
	/* Only the generator puts it in place. */
	ck_assert(!has("daruma-held.service", "WantedBy", "multi-user.target"));
	ck_assert(!has("daruma-gate.service", "After", "daruma-held.service"));
}
END_TEST

/* It does its work when it is stopped: after all ordinary services, which are after sysinit.target; and emergency mode is
 * no shutdown. */
START_TEST(the_clean_stop_is_late_and_only_at_a_shutdown)
{
	ck_assert(has("daruma-clean-stop.service", "DefaultDependencies", "no"));
	ck_assert(has("daruma-clean-stop.service", "Before", "sysinit.target"));
	ck_assert(has("daruma-clean-stop.service", "Before", "shutdown.target"));
	ck_assert(has("daruma-clean-stop.service", "Conflicts", "shutdown.target"));
	ck_assert(has("daruma-clean-stop.service", "IgnoreOnIsolate", "yes"));
	ck_assert(has("daruma-clean-stop.service", "RemainAfterExit", "yes"));
	ck_assert(has("daruma-clean-stop.service", "ExecStop", "clean"));
	ck_assert(has("daruma-clean-stop.service", "TimeoutStopSec", "20"));
}
END_TEST

/* A /var that never comes keeps neither a healthy start nor an orderly stop from being answered; one that is there is there
 * before them, and until they have ended. */
START_TEST(an_answer_does_not_need_the_state)
{
	static const char *const units[] = { "daruma-gate.service", "daruma-clean-stop.service" };
	static const char *const mounts[] = { "var.mount", "var-lib.mount",
					      "var-lib-daruma.mount" };
	const char *unit = units[_i];

	ck_assert(!has(unit, "RequiresMountsFor", "/var/lib/daruma"));
	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		ck_assert(has(unit, "Wants", mounts[i]));
		ck_assert(has(unit, "After", mounts[i]));
		ck_assert(!has(unit, "Requires", mounts[i]));
	}
}
END_TEST

/* R26: the safe profile ends by itself, and it is an allow-list. */
START_TEST(the_safe_profile_ends_and_is_small)
{
	ck_assert(has("daruma-safe.target", "Requires", "basic.target"));
	ck_assert(has("daruma-safe.target", "Wants", "daruma-recover.service"));
	ck_assert(!has("daruma-safe.target", "Wants", "multi-user.target"));
	ck_assert(!has("daruma-safe.target", "Requires", "multi-user.target"));
	ck_assert(has("daruma-recover.service", "FailureAction", "reboot"));
	ck_assert(has("daruma-recover.service", "TimeoutStartSec", "15min"));
}
END_TEST

START_TEST(the_deadline_runs_in_a_start_that_hangs)
{
	static const char *const units[] = { "daruma-deadline.timer", "daruma-deadline.service" };

	for (size_t i = 0; i < 2; i++) {
		ck_assert(has(units[i], "DefaultDependencies", "no"));
		ck_assert(has(units[i], "IgnoreOnIsolate", "yes"));
		ck_assert(has(units[i], "Conflicts", "shutdown.target"));
	}
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("units");
	TCase *tests = suite_case(all, "order", 5);

	tcase_add_test(tests, held_modules_have_a_second_way_out);
	tcase_add_test(tests, the_seal_comes_late_and_only_in_the_safe_profile);
	tcase_add_test(tests, the_guard_comes_after_what_it_stands_on);
	tcase_add_test(tests, the_guard_comes_before_the_products);
	tcase_add_test(tests, the_guard_never_comes_before_these);
	tcase_add_test(tests, the_guard_has_a_time_limit_and_fails_open);
	tcase_add_test(tests, nobody_waits_for_the_gate);
	tcase_add_test(tests, what_is_held_is_let_go);
	tcase_add_test(tests, the_clean_stop_is_late_and_only_at_a_shutdown);
	tcase_add_loop_test(tests, an_answer_does_not_need_the_state, 0, 2);
	tcase_add_test(tests, the_safe_profile_ends_and_is_small);
	tcase_add_test(tests, the_deadline_runs_in_a_start_that_hangs);
	return all;
}
