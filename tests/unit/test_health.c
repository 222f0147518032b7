/* test_health.c: is the system healthy, for how long, and is a hanging start to be given up
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "recovery/deadline.h"
#include "recovery/health.h"
#include "recovery/initramfs_image.h"
#include "tests/unit/suite.h"

#define BLOCK(id, load, file, active, result, condition, job)                                      \
	"Id=" id "\nLoadState=" load "\nUnitFileState=" file "\nActiveState=" active               \
	"\nResult=" result "\nConditionResult=" condition "\nJob=" job "\n"

static const struct {
	const char *block;
	enum health_unit state;
} blocks[] = {
	{ BLOCK("a.service", "loaded", "enabled", "active", "success", "yes", ""),
	  HEALTH_UNIT_FINE },
	{ BLOCK("a.service", "loaded", "enabled", "active", "success", "yes", "0"),
	  HEALTH_UNIT_FINE },
	{ BLOCK("a.service", "loaded", "enabled", "active", "success", "yes", "17"),
	  HEALTH_UNIT_PENDING },
	{ BLOCK("a.service", "loaded", "enabled", "activating", "success", "yes", ""),
	  HEALTH_UNIT_PENDING },
	{ BLOCK("a.service", "loaded", "enabled", "failed", "exit-code", "yes", ""),
	  HEALTH_UNIT_DOWN },
	{ BLOCK("a.service", "loaded", "enabled", "inactive", "exit-code", "yes", ""),
	  HEALTH_UNIT_DOWN },
	{ BLOCK("a.service", "loaded", "enabled-runtime", "failed", "signal", "yes", ""),
	  HEALTH_UNIT_DOWN },
	/* It has done its work, or a condition said no. */
	{ BLOCK("a.service", "loaded", "enabled", "inactive", "success", "yes", ""),
	  HEALTH_UNIT_FINE },
	{ BLOCK("a.service", "loaded", "enabled", "inactive", "exit-code", "no", ""),
	  HEALTH_UNIT_FINE },
	/* Not meant to run. */
	{ BLOCK("a.service", "loaded", "disabled", "inactive", "success", "no", ""),
	  HEALTH_UNIT_FINE },
	{ BLOCK("a.service", "loaded", "disabled", "failed", "exit-code", "yes", ""),
	  HEALTH_UNIT_FINE },
	{ BLOCK("a.service", "masked", "masked", "inactive", "success", "no", ""),
	  HEALTH_UNIT_FINE },
	{ BLOCK("a.service", "not-found", "", "inactive", "success", "no", ""), HEALTH_UNIT_FINE },
};

START_TEST(judges_units)
{
	char id[64];

	ck_assert_int_eq(health_judge_unit(blocks[_i].block, id, sizeof(id)), blocks[_i].state);
	ck_assert_str_eq(id, "a.service");
}
END_TEST

START_TEST(knows_an_oops_by_its_taint)
{
	ck_assert(health_tainted_by_oops("128\n"));
	ck_assert(health_tainted_by_oops("12416\n"));
	ck_assert(!health_tainted_by_oops("0\n"));
	ck_assert(!health_tainted_by_oops("12288\n"));
	ck_assert(!health_tainted_by_oops(""));
}
END_TEST

START_TEST(an_initramfs_is_current_by_program_and_list)
{
	ck_assert(initramfs_image_is_current("abc\nmodule x\n", "abc", "module x\n"));
	ck_assert(initramfs_image_is_current("abc\n", "abc", ""));
	ck_assert(!initramfs_image_is_current("abd\nmodule x\n", "abc", "module x\n"));
	ck_assert(!initramfs_image_is_current("abc\nmodule x\nmodule y\n", "abc", "module x\n"));
	ck_assert(!initramfs_image_is_current("abc\n", "abc", "module x\n"));
	ck_assert(!initramfs_image_is_current("abc", "abc", ""));
	ck_assert(!initramfs_image_is_current("", "abc", ""));
}
END_TEST

/* R6: health must hold without a break. */
START_TEST(a_break_starts_the_streak_again)
{
	struct health_streak streak = { .running = false };

	ck_assert_int_eq(health_streak_feed(&streak, false, 10), 0);
	ck_assert_int_eq(health_streak_feed(&streak, true, 20), 0);
	ck_assert_int_eq(health_streak_feed(&streak, true, 139), 119);
	ck_assert_int_eq(health_streak_feed(&streak, false, 139), 0);
	ck_assert_int_eq(health_streak_feed(&streak, true, 140), 0);
	ck_assert_int_eq(health_streak_feed(&streak, true, 260), 120);
}
END_TEST

/* --- a machine ---------------------------------------------------------------------------------------------------- */

static char root[64];
static struct context context = { .root = root };
static const char *units_output;
static int units_error, command_error, command_status;
static char asked_units[1024];

static int fake_run(const char *const argv[], unsigned seconds, char *output, size_t size,
		    int *ret_status)
{
	ck_assert_uint_gt(seconds, 0);
	if (strcmp(argv[0], "systemctl") != 0) {
		*ret_status = command_status;
		return command_error;
	}
	asked_units[0] = '\0';
	for (size_t i = 5; argv[i]; i++) {
		strcat(asked_units, argv[i]);
		strcat(asked_units, " ");
	}
	snprintf(output, size, "%s", units_output);
	*ret_status = 0;
	return units_error;
}

static const struct process_port processes = { .run = fake_run };
static char unit_name[] = "acme.service", check[] = "/opt/acme/check", quick[] = "--quick";
static char acme[] = "acme";
static char *unit_names[] = { unit_name };
static char *health_words[] = { check, quick };
static struct product product = { .id = acme,
				  .units = { .items = unit_names, .count = 1 },
				  .health = { .items = health_words, .count = 2 } };
static const struct product_list products = { .items = &product, .count = 1 };

#define FINE BLOCK("ssh.service", "loaded", "enabled", "active", "success", "yes", "")

static void write_file(const char *file, const char *text)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s%s", root, file);
	out = fopen(path, "w");
	ck_assert_ptr_nonnull(out);
	fputs(text, out);
	fclose(out);
}

static void set_up(void)
{
	char command[256];

	strcpy(root, "/tmp/daruma-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	snprintf(command, sizeof(command),
		 "mkdir -p '%s/var/lib/daruma' '%s/proc/sys/kernel' '%s/etc'", root, root, root);
	ck_assert_int_eq(system(command), 0);
	write_file("/proc/sys/kernel/tainted", "4096\n");
	units_output = FINE
		"\n" BLOCK("acme.service", "loaded", "enabled", "active", "success", "yes", "");
	units_error = command_error = command_status = 0;
}

static void tear_down(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	ck_assert_int_eq(system(command), 0);
}

static bool healthy(char why[HEALTH_WHY_SIZE])
{
	why[0] = '\0';
	return health_check(&context, &processes, &products, why);
}

START_TEST(a_good_machine_is_healthy)
{
	char why[HEALTH_WHY_SIZE];

	ck_assert_msg(healthy(why), "%s", why);
	ck_assert_ptr_nonnull(strstr(asked_units, "ssh.service"));
	ck_assert_ptr_nonnull(strstr(asked_units, "acme.service"));
}
END_TEST

START_TEST(each_fault_is_named)
{
	char why[HEALTH_WHY_SIZE];

	units_output =
		FINE "\n" BLOCK("acme.service", "loaded", "enabled", "failed", "signal", "yes", "");
	ck_assert(!healthy(why));
	ck_assert_str_eq(why, "acme.service is enabled and does not run");
	units_output =
		BLOCK("ssh.service", "loaded", "enabled", "failed", "signal", "yes", "") "\n" BLOCK(
			"acme.service", "loaded", "enabled", "active", "success", "yes", "");
	ck_assert(!healthy(why));
	ck_assert_str_eq(why, "ssh.service is enabled and does not run");
	units_error = -ETIMEDOUT;
	ck_assert(!healthy(why));
	ck_assert_str_eq(why, "the service manager does not answer");
}
END_TEST

START_TEST(the_product_s_own_command_counts)
{
	char why[HEALTH_WHY_SIZE];

	command_status = 1;
	ck_assert(!healthy(why));
	ck_assert_str_eq(why, "the health command of acme says no");
	command_error = -ETIMEDOUT;
	ck_assert(!healthy(why));
	ck_assert_str_eq(why, "the health command of acme did not end in time or cannot run");
}
END_TEST

START_TEST(an_oops_is_not_health)
{
	char why[HEALTH_WHY_SIZE];

	write_file("/proc/sys/kernel/tainted", "4224\n");
	ck_assert(!healthy(why));
	ck_assert_str_eq(why, "the kernel reported an oops");
}
END_TEST

/* --- the deadline ------------------------------------------------------------------------------------------------- */

static struct daruma_note failing(void)
{
	return (struct daruma_note){ .rung = DARUMA_RUNG_NORMAL,
				     .changed = true,
				     .counters = { .unexplained = 1 } };
}

START_TEST(a_hang_is_ended_after_its_time)
{
	struct daruma_note note = failing();
	struct policy_file policy;
	struct deadline_facts facts = { .waited_seconds = 599 };

	policy_file_default(&policy);
	ck_assert(!deadline_passed(&note, &policy, &facts));
	facts.waited_seconds = 600;
	ck_assert(deadline_passed(&note, &policy, &facts));
	facts.answered = true;
	ck_assert(!deadline_passed(&note, &policy, &facts));
	facts.answered = false;
	facts.password = true;
	ck_assert(!deadline_passed(&note, &policy, &facts));
}
END_TEST

START_TEST(emergency_mode_waits_for_a_person)
{
	struct daruma_note note = failing();
	struct policy_file policy;
	struct deadline_facts facts = { .emergency = true, .waited_seconds = 9999 };

	policy_file_default(&policy);
	ck_assert(!deadline_passed(&note, &policy, &facts));
	facts.emergency_seconds = 299;
	ck_assert(!deadline_passed(&note, &policy, &facts));
	facts.emergency_seconds = 300;
	ck_assert(deadline_passed(&note, &policy, &facts));
}
END_TEST

START_TEST(without_open_failures_or_aside_nothing_is_ended)
{
	struct daruma_note note = failing();
	struct policy_file policy;
	struct deadline_facts facts = { .waited_seconds = 9999 };

	policy_file_default(&policy);
	note.rung = DARUMA_RUNG_ASIDE;
	ck_assert(!deadline_passed(&note, &policy, &facts));
	note = (struct daruma_note){ .rung = DARUMA_RUNG_NORMAL };
	ck_assert(!deadline_passed(&note, &policy, &facts));
}
END_TEST

/* R38, R62: nothing changed, so restarting again and again leads nowhere. */
START_TEST(restarts_without_a_change_end)
{
	struct daruma_note note = failing();
	struct policy_file policy;
	struct deadline_facts facts = { .waited_seconds = 9999 };

	policy_file_default(&policy);
	note.changed = false;
	note.counters.unexplained = 3;
	ck_assert(deadline_passed(&note, &policy, &facts));
	note.counters.unexplained = 4;
	ck_assert(!deadline_passed(&note, &policy, &facts));
}
END_TEST

START_TEST(restarts_that_the_policy_lets_lead_nowhere_end)
{
	struct daruma_note note = failing();
	struct policy_file policy;
	struct deadline_facts facts = { .waited_seconds = 9999 };

	policy_file_default(&policy);
	note.counters.unexplained = 4;
	ck_assert(deadline_passed(&note, &policy, &facts));
	policy.limits.thresholds.unexplained_rule = DARUMA_UNEXPLAINED_NEVER;
	ck_assert(!deadline_passed(&note, &policy, &facts));
	policy.limits.thresholds.unexplained_rule = DARUMA_UNEXPLAINED_ALWAYS;
	note.changed = false;
	ck_assert(deadline_passed(&note, &policy, &facts));
}
END_TEST

/* R20: a safe start that is to stay stays; one that repairs has the time its repair may take. */
START_TEST(the_safe_profile_is_ended_only_while_it_repairs)
{
	struct daruma_note note = failing();
	struct policy_file policy;
	struct deadline_facts facts = { .waited_seconds = 1199 };

	policy_file_default(&policy);
	note.rung = DARUMA_RUNG_SAFE;
	ck_assert(!deadline_passed(&note, &policy, &facts));
	facts.waited_seconds = 1200;
	ck_assert(deadline_passed(&note, &policy, &facts));
	policy.automatic = false;
	ck_assert(!deadline_passed(&note, &policy, &facts));
	policy.automatic = true;
	note.reason = DARUMA_REASON_REQUESTED;
	ck_assert(!deadline_passed(&note, &policy, &facts));
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("health");
	TCase *pure = suite_case(all, "pure", 5);
	TCase *machine = suite_case(all, "machine", 5);
	TCase *deadline = suite_case(all, "deadline", 5);

	tcase_add_loop_test(pure, judges_units, 0, (int)(sizeof(blocks) / sizeof(blocks[0])));
	tcase_add_test(pure, knows_an_oops_by_its_taint);
	tcase_add_test(pure, an_initramfs_is_current_by_program_and_list);
	tcase_add_test(pure, a_break_starts_the_streak_again);
	tcase_add_checked_fixture(machine, set_up, tear_down);
	tcase_add_test(machine, a_good_machine_is_healthy);
	tcase_add_test(machine, each_fault_is_named);
	tcase_add_test(machine, the_product_s_own_command_counts);
	tcase_add_test(machine, an_oops_is_not_health);
	tcase_add_test(deadline, a_hang_is_ended_after_its_time);
	tcase_add_test(deadline, emergency_mode_waits_for_a_person);
	tcase_add_test(deadline, without_open_failures_or_aside_nothing_is_ended);
	tcase_add_test(deadline, restarts_without_a_change_end);
	tcase_add_test(deadline, restarts_that_the_policy_lets_lead_nowhere_end);
	tcase_add_test(deadline, the_safe_profile_is_ended_only_while_it_repairs);
	return all;
}
