/* test_safe_profile.c: covers over module files, and the look at whether a safe start is safe
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "recovery/module_cover.h"
#include "recovery/safe_check.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

#define SENSOR "usr/lib/modules/6.1.0/updates/acme-sensor.ko"
#define OTHER  "usr/lib/modules/6.1.0/updates/other.ko"
#define HOLD                                                                                       \
	"module acme_sensor\nunit acme.service\nunit acme-updater.timer\nfile /" SENSOR "\n"       \
	"file /usr/lib/modules/6.1.0/updates/gone.ko\n"

static struct context context;

static void write_text(const char *name, const char *text)
{
	scratch_write(name, text, strlen(text));
}

static void set_up(void)
{
	context = (struct context){ .root = scratch_make() };
	write_text("etc/daruma/hold", HOLD);
	write_text(SENSOR, "a module");
	write_text(OTHER, "another module");
	write_text("proc/1/comm", "init");
}

static void tear_down(void)
{
	scratch_remove();
}

static struct stat stat_of(const char *name)
{
	char path[4096];
	struct stat stat;

	snprintf(path, sizeof(path), "%s/%s", context.root, name);
	ck_assert_int_eq(lstat(path, &stat), 0);
	return stat;
}

static bool is_covered(const char *name)
{
	struct stat stat = stat_of(name);

	return S_ISCHR(stat.st_mode) && stat.st_rdev == makedev(1, 3);
}

/* Mounts of one test are its own. False where the machine does not allow that. */
static bool may_mount(void)
{
	return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

/* --- covers --------------------------------------------------------------------------------- */

START_TEST(listed_files_are_covered_once)
{
	if (!may_mount())
		return; /* needs root */
	ck_assert_int_eq(module_cover_put(&context), 1);
	ck_assert(is_covered(SENSOR));
	ck_assert(!is_covered(OTHER));
	ck_assert_int_eq(module_cover_put(&context), 1);
	ck_assert_int_eq(module_cover_lift(&context), 1);
	/* Were it covered twice, the second cover would be seen now. */
	ck_assert(S_ISREG(stat_of(SENSOR).st_mode));
	ck_assert_int_eq(module_cover_lift(&context), 0);
}
END_TEST

START_TEST(covers_are_lifted_for_one_process_only)
{
	int status;
	pid_t child;

	if (!may_mount())
		return; /* needs root */
	ck_assert_int_eq(module_cover_put(&context), 1);
	child = fork();
	if (child == 0)
		_exit(module_cover_lift(&context) == 1 && !is_covered(SENSOR) ? 0 : 1);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert(is_covered(SENSOR));
}
END_TEST

/* R24: a link in the place of a module leads nowhere. */
START_TEST(links_are_not_covered)
{
	char path[4096];

	if (!may_mount())
		return; /* needs root */
	snprintf(path, sizeof(path), "%s/%s", context.root, SENSOR);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(symlink("other.ko", path), 0);
	ck_assert_int_lt(module_cover_put(&context), 0);
	ck_assert(!is_covered(OTHER));
}
END_TEST

START_TEST(without_a_list_nothing_is_covered)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/etc/daruma/hold", context.root);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(module_cover_put(&context), 0);
	ck_assert_int_eq(module_cover_lift(&context), 0);
}
END_TEST

/* --- the look (R39) -------------------------------------------------------------------------- */

static const char *answer;
static int answer_error, answer_status;
static char asked[512];

static int run(const char *const argv[], unsigned seconds, char *output, size_t size,
	       int *ret_status)
{
	(void)seconds;
	asked[0] = '\0';
	for (int i = 0; argv[i]; i++)
		snprintf(asked + strlen(asked), sizeof(asked) - strlen(asked), "%s ", argv[i]);
	snprintf(output, size, "%s", answer);
	*ret_status = answer_status;
	return answer_error;
}

static const struct process_port manager = { .run = run };

static char id[] = "acme", folder[] = "/opt/acme/bin", program[] = "/sbin/acmectl";
static char *folders[] = { folder, program };
static struct product product = { .id = id, .code_paths = { .items = folders, .count = 2 } };
static const struct product_list products = { .items = &product, .count = 1 };

static void reset_manager(void)
{
	set_up();
	answer = "masked\n\nmasked\n";
	answer_error = answer_status = 0;
}

/* Looks, and says what was found: one sentence a line. */
static int look(char ret[1024])
{
	struct text_list breaches = { 0 };
	int error = safe_check(&context, &manager, &products, &breaches);

	ret[0] = '\0';
	for (size_t i = 0; i < breaches.count; i++)
		snprintf(ret + strlen(ret), 1024 - strlen(ret), "%s\n", breaches.items[i]);
	text_list_free(&breaches);
	return error;
}

START_TEST(masked_units_and_no_module_are_safe)
{
	char found[1024];

	ck_assert_int_eq(look(found), 0);
	ck_assert_str_eq(found, "");
	ck_assert_str_eq(asked, "systemctl show -p LoadState --value -- acme.service "
				"acme-updater.timer ");
}
END_TEST

START_TEST(r39_a_unit_that_can_start_is_told)
{
	char found[1024];

	answer = "not-found\n\nloaded\n";
	ck_assert_int_eq(look(found), 0);
	ck_assert_str_eq(found, "unit acme-updater.timer is not masked\n");
}
END_TEST

/* What switches off goes by the list; a list that is lost switches nothing off and must not hide that. */
START_TEST(a_lost_list_does_not_vouch_for_itself)
{
	static char unit[] = "acme.service", ssh[] = "ssh.service", module[] = "acme_sensor";
	static char *units[] = { unit, ssh }, *modules[] = { module };
	char found[1024], path[4096];

	product.units = (struct text_list){ .items = units, .count = 2 };
	product.modules = (struct text_list){ .items = modules, .count = 1 };
	snprintf(path, sizeof(path), "%s/etc/daruma/hold", context.root);
	ck_assert_int_eq(unlink(path), 0);
	write_text("sys/module/acme_sensor/initstate", "live");
	answer = "loaded\n";
	ck_assert_int_eq(look(found), 0);
	ck_assert_str_eq(found, "unit acme.service is not masked\n"
				"kernel module acme_sensor is loaded\n");
	/* R14: that one is never off. */
	ck_assert(!strstr(asked, "ssh.service"));
}
END_TEST

START_TEST(r39_a_module_that_a_pattern_means_is_told)
{
	static char pattern[] = "acme_pinned_*", *modules[] = { pattern };
	char found[1024];

	product.modules = (struct text_list){ .items = modules, .count = 1 };
	write_text("sys/module/acme_pinned_17/initstate", "live");
	write_text("sys/module/acme_pinned/initstate", "live");
	ck_assert_int_eq(look(found), 0);
	ck_assert_str_eq(found, "kernel module acme_pinned_17 is loaded\n");
}
END_TEST

START_TEST(only_two_states_are_off)
{
	static const char *const on[] = { "loaded", "error", "bad-setting", "stub", "merged", "" };

	for (size_t i = 0; i < sizeof(on) / sizeof(on[0]); i++)
		ck_assert(!safe_check_is_off(on[i]));
	ck_assert(safe_check_is_off("masked"));
	ck_assert(safe_check_is_off("not-found"));
}
END_TEST

START_TEST(a_manager_that_does_not_answer_proves_nothing)
{
	char found[1024];

	answer = "masked\n";
	ck_assert_int_lt(look(found), 0);
	answer = "masked\n\nmasked\n";
	answer_status = 1;
	ck_assert_int_lt(look(found), 0);
	answer_status = 0;
	answer_error = -ETIMEDOUT;
	ck_assert_int_eq(look(found), -ETIMEDOUT);
}
END_TEST

START_TEST(r39_a_loaded_module_is_told)
{
	char found[1024];

	/* Built in: a folder without state. */
	write_text("sys/module/acme_sensor/version", "1");
	ck_assert_int_eq(look(found), 0);
	ck_assert_str_eq(found, "");
	write_text("sys/module/acme_sensor/initstate", "live");
	ck_assert_int_eq(look(found), 0);
	ck_assert_str_eq(found, "kernel module acme_sensor is loaded\n");
}
END_TEST

static void run_program(const char *pid, const char *executable)
{
	char path[4096], name[64];

	snprintf(name, sizeof(name), "proc/%s/comm", pid);
	write_text(name, "x");
	snprintf(path, sizeof(path), "%s/proc/%s/exe", context.root, pid);
	ck_assert_int_eq(symlink(executable, path), 0);
}

START_TEST(r39_a_running_program_is_told)
{
	char found[1024];

	run_program("1", "/usr/lib/systemd/systemd");
	run_program("12", "/opt/acme/binary");
	run_program("self", "/opt/acme/bin/acmed");
	ck_assert_int_eq(look(found), 0);
	ck_assert_str_eq(found, "");
	run_program("77", "/opt/acme/bin/acmed (deleted)");
	ck_assert_int_eq(look(found), 0);
	ck_assert_str_eq(found, "process 77 (/opt/acme/bin/acmed) of acme runs\n");
}
END_TEST

/* On a merged system it runs from /usr. */
START_TEST(r39_a_running_program_of_sbin_is_told)
{
	char found[1024];

	run_program("12", "/usr/sbin/acmectl2");
	run_program("77", "/usr/sbin/acmectl");
	ck_assert_int_eq(look(found), 0);
	ck_assert_str_eq(found, "process 77 (/usr/sbin/acmectl) of acme runs\n");
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("safe profile");
	TCase *covers = suite_case(all, "covers", 10);
	TCase *looks = suite_case(all, "look", 10);

	tcase_add_checked_fixture(covers, set_up, tear_down);
	tcase_add_test(covers, listed_files_are_covered_once);
	tcase_add_test(covers, covers_are_lifted_for_one_process_only);
	tcase_add_test(covers, links_are_not_covered);
	tcase_add_test(covers, without_a_list_nothing_is_covered);
	tcase_add_checked_fixture(looks, reset_manager, tear_down);
	tcase_add_test(looks, masked_units_and_no_module_are_safe);
	tcase_add_test(looks, r39_a_unit_that_can_start_is_told);
	tcase_add_test(looks, a_lost_list_does_not_vouch_for_itself);
	tcase_add_test(looks, r39_a_module_that_a_pattern_means_is_told);
	tcase_add_test(looks, only_two_states_are_off);
	tcase_add_test(looks, a_manager_that_does_not_answer_proves_nothing);
	tcase_add_test(looks, r39_a_loaded_module_is_told);
	tcase_add_test(looks, r39_a_running_program_is_told);
	tcase_add_test(looks, r39_a_running_program_of_sbin_is_told);
	return all;
}
