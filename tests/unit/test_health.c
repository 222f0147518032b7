/* test_health.c: is the system healthy, and for how long
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "recovery/health.h"
#include "recovery/initramfs_image.h"
#include "tests/unit/suite.h"
#include "tests/unit/systemctl_port.h"

static const struct {
	const char *block;
	enum health_unit state;
} judged[] = {
	{ UNIT_BLOCK("a.service", "loaded", "enabled", "active", "success", "yes", ""),
	  HEALTH_UNIT_FINE },
	{ UNIT_BLOCK("a.service", "loaded", "enabled", "active", "success", "yes", "0"),
	  HEALTH_UNIT_FINE },
	{ UNIT_BLOCK("a.service", "loaded", "enabled", "active", "success", "yes", "17"),
	  HEALTH_UNIT_PENDING },
	{ UNIT_BLOCK("a.service", "loaded", "enabled", "activating", "success", "yes", ""),
	  HEALTH_UNIT_PENDING },
	{ UNIT_BLOCK("a.service", "loaded", "enabled", "activating", "success", "yes", "17"),
	  HEALTH_UNIT_PENDING },
	{ UNIT_BLOCK("a.service", "loaded", "enabled", "failed", "signal", "yes", "17"),
	  HEALTH_UNIT_PENDING },
	/* Its turn has not come. */
	{ UNIT_BLOCK("a.service", "loaded", "enabled", "inactive", "success", "no", "17"),
	  HEALTH_UNIT_WAITING },
	{ UNIT_BLOCK("a.service", "loaded", "disabled", "inactive", "success", "no", "17"),
	  HEALTH_UNIT_WAITING },
	{ UNIT_BLOCK("a.service", "loaded", "enabled", "failed", "exit-code", "yes", ""),
	  HEALTH_UNIT_DOWN },
	{ UNIT_BLOCK("a.service", "loaded", "enabled", "inactive", "exit-code", "yes", ""),
	  HEALTH_UNIT_DOWN },
	{ UNIT_BLOCK("a.service", "loaded", "enabled-runtime", "failed", "signal", "yes", ""),
	  HEALTH_UNIT_DOWN },
	/* It has done its work, or a condition said no. */
	{ UNIT_BLOCK("a.service", "loaded", "enabled", "inactive", "success", "yes", ""),
	  HEALTH_UNIT_FINE },
	{ UNIT_BLOCK("a.service", "loaded", "enabled", "inactive", "exit-code", "no", ""),
	  HEALTH_UNIT_FINE },
	/* Not meant to run. */
	{ UNIT_BLOCK("a.service", "loaded", "disabled", "inactive", "success", "no", ""),
	  HEALTH_UNIT_FINE },
	{ UNIT_BLOCK("a.service", "loaded", "disabled", "failed", "exit-code", "yes", ""),
	  HEALTH_UNIT_FINE },
	{ UNIT_BLOCK("a.service", "masked", "masked", "inactive", "success", "no", ""),
	  HEALTH_UNIT_FINE },
	{ UNIT_BLOCK("a.service", "not-found", "", "inactive", "success", "no", ""),
	  HEALTH_UNIT_FINE },
};

START_TEST(judges_units)
{
	char id[64];

	ck_assert_int_eq(health_judge_unit(judged[_i].block, id, sizeof(id)), judged[_i].state);
	ck_assert_str_eq(id, "a.service");
}
END_TEST

#define UNIT_STARTS                                                                                \
	UNIT_BLOCK("starts.service", "loaded", "enabled", "activating", "success", "yes", "")

/* Each kind of unit, from the best to the worst. */
static const struct {
	const char *block;
	enum health health;
	const char *why;
} kinds[] = {
	{ UNIT_RUNS("runs.service"), HEALTH_HOLDS, "" },
	{ UNIT_WAITS("waits.service"), HEALTH_WAITS, "waits.service waits for other units" },
	{ UNIT_STARTS, HEALTH_FAILS, "starts.service is still starting or stopping" },
	{ UNIT_FAILED("failed.service"), HEALTH_FAILS,
	  "failed.service is enabled and does not run" },
};

#define KINDS ((int)(sizeof(kinds) / sizeof(kinds[0])))

/* Every pair of them: the worse one decides, and of two that are equally bad the first is named. */
START_TEST(the_worst_unit_decides)
{
	int one = _i / KINDS, other = _i % KINDS;
	int worst = kinds[other].health > kinds[one].health ? other : one;
	char text[1024], why[HEALTH_WHY_SIZE] = "";
	char *blocks = text;

	snprintf(text, sizeof(text), "%s\n%s", kinds[one].block, kinds[other].block);
	ck_assert_int_eq(health_judge_units(&blocks, 2, why), kinds[worst].health);
	ck_assert_str_eq(why, kinds[worst].why);
	ck_assert_ptr_null(blocks);
}
END_TEST

START_TEST(units_are_judged_as_many_as_asked_for)
{
	char text[] = UNIT_RUNS("a.service") "\n" UNIT_FAILED("b.service");
	char why[HEALTH_WHY_SIZE] = "";
	char *blocks = text;

	ck_assert_int_eq(health_judge_units(&blocks, 0, why), HEALTH_HOLDS);
	ck_assert_int_eq(health_judge_units(&blocks, 1, why), HEALTH_HOLDS);
	ck_assert_int_eq(health_judge_units(&blocks, 9, why), HEALTH_FAILS);
	/* Nothing is left, and nothing at all. */
	ck_assert_int_eq(health_judge_units(&blocks, 1, why), HEALTH_HOLDS);
	blocks = text + sizeof(text) - 1;
	ck_assert_int_eq(health_judge_units(&blocks, 1, why), HEALTH_HOLDS);
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
static struct systemctl_machine machine;
static char acme[] = "acme", acme_unit[] = "acme.service", acme_check[] = "/opt/acme/check";
static char other[] = "other", other_unit[] = "other.service", other_check[] = "/opt/other/check";
static char quick[] = "--quick";
static char acme_code[] = "/opt/acme", other_code[] = "/opt/other";
static char acme_file[] = "/etc/acme.json", other_file[] = "/etc/other.json";
static char *acme_codes[] = { acme_code }, *other_codes[] = { other_code };
static char *acme_units[] = { acme_unit }, *acme_health[] = { acme_check, quick };
static char *other_units[] = { other_unit }, *other_health[] = { other_check };
static struct product watched[] = {
	{ .id = acme,
	  .units = { .items = acme_units, .count = 1 },
	  .code_paths = { .items = acme_codes, .count = 1 },
	  .health = { acme_health, 2 },
	  .file = acme_file,
	  .trusted = true },
	{ .id = other,
	  .units = { .items = other_units, .count = 1 },
	  .code_paths = { .items = other_codes, .count = 1 },
	  .health = { other_health, 1 },
	  .file = other_file,
	  .trusted = true },
};
static const struct product_list products = { .items = watched, .count = 2 };

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
		 "cd '%s' && umask 022 && chmod 755 . && mkdir -p var/lib/daruma proc/sys/kernel "
		 "etc "
		 "opt/acme opt/other && touch etc/acme.json etc/other.json opt/acme/check "
		 "opt/other/check && chmod 755 opt/*/check",
		 root);
	ck_assert_int_eq(system(command), 0);
	write_file("/proc/sys/kernel/tainted", "4096\n");
	machine = (struct systemctl_machine){ .units = { UNIT_RUNS("ssh.service"),
							 UNIT_RUNS("acme.service"),
							 UNIT_RUNS("other.service") } };
}

static void tear_down(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	ck_assert_int_eq(system(command), 0);
}

static enum health look(char why[HEALTH_WHY_SIZE])
{
	why[0] = '\0';
	return health_check(&context, systemctl_port(&machine), &products, why);
}

static void expect(enum health health, const char *words)
{
	char why[HEALTH_WHY_SIZE];

	ck_assert_int_eq(look(why), health);
	ck_assert_str_eq(why, words);
}

START_TEST(a_good_machine_is_healthy)
{
	expect(HEALTH_HOLDS, "");
	ck_assert_str_eq(machine.asked, "shutdown.target emergency.target rescue.target"
					" ssh.service sshd.service ssh.socket sshd.socket"
					" acme.service other.service ");
	ck_assert_str_eq(machine.commands, "/opt/acme/check /opt/other/check ");
}
END_TEST

/* Nothing is wanted there that could be missing: such a start must not be called good, nor must one that stops. */
static const struct {
	const char *block, *why;
} modes[] = {
	{ UNIT_BLOCK("emergency.target", "loaded", "static", "active", "success", "yes", ""),
	  "the system is in emergency mode" },
	{ UNIT_BLOCK("emergency.target", "loaded", "static", "inactive", "success", "no", "17"),
	  "the system is in emergency mode" },
	{ UNIT_BLOCK("rescue.target", "loaded", "static", "active", "success", "yes", ""),
	  "the system is in rescue mode" },
	{ UNIT_BLOCK("shutdown.target", "loaded", "static", "inactive", "success", "no", "40"),
	  "the system is stopping" },
};

START_TEST(a_mode_without_units_is_no_health)
{
	machine.units[3] = modes[_i].block;
	expect(HEALTH_FAILS, modes[_i].why);
	machine.units[3] =
		UNIT_BLOCK("emergency.target", "loaded", "static", "inactive", "success", "no", "");
	expect(HEALTH_HOLDS, "");
}
END_TEST

START_TEST(each_fault_is_named)
{
	machine.units[1] = UNIT_FAILED("acme.service");
	expect(HEALTH_FAILS, "acme.service is enabled and does not run");
	machine.units[0] = UNIT_FAILED("ssh.service");
	expect(HEALTH_FAILS, "ssh.service is enabled and does not run");
	machine.error = -ETIMEDOUT;
	expect(HEALTH_FAILS, "the service manager does not answer");
}
END_TEST

START_TEST(the_product_s_own_command_counts)
{
	machine.command_no = acme_check;
	expect(HEALTH_FAILS, "the health command of acme says no");
	machine.command_error = -ETIMEDOUT;
	expect(HEALTH_FAILS, "the health command of acme did not end in time or cannot run");
}
END_TEST

static void shell(const char *text)
{
	char command[256];

	snprintf(command, sizeof(command), "cd '%s' && %s", root, text);
	ck_assert_int_eq(system(command), 0);
}

/* What could run anybody's program as root is not run, and says nothing against the machine. */
static const struct {
	const char *made_by;
	bool trusted;
} not_run[] = {
	{ "true", false },
	{ "chmod 664 etc/acme.json", true },
	{ "chmod 775 opt/acme/check", true },
	{ "chmod 757 opt/acme", true },
	{ "chmod 777 opt", true },
	{ "mv opt/acme/check opt/acme/real && ln -s real opt/acme/check", true },
	{ "chmod 644 opt/acme/check", true },
};

START_TEST(command_that_others_could_have_put_there_is_not_run)
{
	machine.command_no = acme_check;
	watched[0].trusted = not_run[_i].trusted;
	ck_assert(not_run[_i].trusted == (health_command_refused(&context, &watched[0]) == NULL));
	shell(not_run[_i].made_by);
	ck_assert_ptr_nonnull(health_command_refused(&context, &watched[0]));
	expect(HEALTH_HOLDS, "");
	ck_assert_ptr_null(strstr(machine.commands, acme_check));
}
END_TEST

START_TEST(command_that_is_gone_does_not_say_yes)
{
	shell("rm opt/acme/check");
	ck_assert_ptr_null(health_command_refused(&context, &watched[0]));
	expect(HEALTH_FAILS, "the health command of acme did not end in time or cannot run");
}
END_TEST

START_TEST(an_oops_is_not_health)
{
	write_file("/proc/sys/kernel/tainted", "4224\n");
	expect(HEALTH_FAILS, "the kernel reported an oops");
}
END_TEST

/* Its command could not say yes. */
START_TEST(a_product_that_waits_is_all_that_health_lacks)
{
	machine.units[1] = UNIT_WAITS("acme.service");
	machine.command_no = acme_check;
	expect(HEALTH_WAITS, "acme.service waits for other units");
	ck_assert_str_eq(machine.commands, "/opt/other/check ");
}
END_TEST

START_TEST(waiting_excuses_no_other_fault)
{
	machine.units[1] = UNIT_WAITS("acme.service");
	machine.command_no = other_check;
	expect(HEALTH_FAILS, "the health command of other says no");
	machine.units[2] = UNIT_FAILED("other.service");
	expect(HEALTH_FAILS, "other.service is enabled and does not run");
	write_file("/proc/sys/kernel/tainted", "4224\n");
	expect(HEALTH_FAILS, "the kernel reported an oops");
}
END_TEST

/* Nobody can log in meanwhile. */
START_TEST(a_remote_login_that_waits_is_a_fault)
{
	machine.units[0] = UNIT_WAITS("ssh.service");
	expect(HEALTH_FAILS, "ssh.service waits for other units");
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("health");
	TCase *pure = suite_case(all, "pure", 5);
	TCase *whole = suite_case(all, "machine", 5);

	tcase_add_loop_test(pure, judges_units, 0, (int)(sizeof(judged) / sizeof(judged[0])));
	tcase_add_loop_test(pure, the_worst_unit_decides, 0, KINDS * KINDS);
	tcase_add_test(pure, units_are_judged_as_many_as_asked_for);
	tcase_add_test(pure, knows_an_oops_by_its_taint);
	tcase_add_test(pure, an_initramfs_is_current_by_program_and_list);
	tcase_add_test(pure, a_break_starts_the_streak_again);
	tcase_add_checked_fixture(whole, set_up, tear_down);
	tcase_add_test(whole, a_good_machine_is_healthy);
	tcase_add_test(whole, each_fault_is_named);
	tcase_add_test(whole, the_product_s_own_command_counts);
	tcase_add_loop_test(whole, command_that_others_could_have_put_there_is_not_run, 0,
			    sizeof(not_run) / sizeof(not_run[0]));
	tcase_add_test(whole, command_that_is_gone_does_not_say_yes);
	tcase_add_test(whole, an_oops_is_not_health);
	tcase_add_test(whole, a_product_that_waits_is_all_that_health_lacks);
	tcase_add_test(whole, waiting_excuses_no_other_fault);
	tcase_add_loop_test(whole, a_mode_without_units_is_no_health, 0, 4);
	tcase_add_test(whole, a_remote_login_that_waits_is_a_fault);
	return all;
}
