/* test_hold_list.c: the hold list, the holding of modules, and the words of the command line
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/early/command_line.h"
#include "recovery/early/hold_list.h"
#include "recovery/early/module_hold.h"
#include "recovery/early/panic_switch.h"
#include "tests/unit/suite.h"

static char folder[] = "/tmp/daruma-test-XXXXXX";
static char name[256];

static void make_folder(void)
{
	strcpy(folder, "/tmp/daruma-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void)
{
	char command[300];

	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

static const char *at(const char *file)
{
	snprintf(name, sizeof(name), "%s/%s", folder, file);
	return name;
}

static void write_file(const char *file, const char *text)
{
	FILE *out = fopen(at(file), "w");

	ck_assert_ptr_nonnull(out);
	fputs(text, out);
	fclose(out);
}

static void read_file(const char *file, char *text, size_t size)
{
	FILE *in = fopen(at(file), "r");
	size_t got;

	ck_assert_ptr_nonnull(in);
	got = fread(text, 1, size - 1, in);
	text[got] = '\0';
	fclose(in);
}

static void parse(struct hold_list *list, const char *text)
{
	ck_assert_int_eq(hold_list_parse(list, text, strlen(text)), 0);
}

START_TEST(reads_its_three_kinds)
{
	struct hold_list list = { .count = 0 };

	parse(&list, "# comment\n\nmodule acme_sensor\nunit acme-sensor.service\n"
		     "file /lib/modules/6.1.0-1-amd64/updates/acme_sensor.ko.xz");
	ck_assert_uint_eq(list.count, 3);
	ck_assert_uint_eq(list.refused, 0);
	ck_assert(hold_list_has(&list, HOLD_MODULE, "acme_sensor"));
	ck_assert(hold_list_has(&list, HOLD_UNIT, "acme-sensor.service"));
	ck_assert(hold_list_has(&list, HOLD_FILE,
				"/lib/modules/6.1.0-1-amd64/updates/acme_sensor.ko.xz"));
	hold_list_free(&list);
}
END_TEST

/* R14: what the machine cannot live without is never held, whatever the file says. */
static const char *const refused[] = {
	"module acme-sensor",
	"module a b",
	"module ",
	"module aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	"module x\xc3\xa4",
	"unit acme",
	"unit default.target",
	"unit -.mount",
	"unit ../../x.service",
	"unit .service",
	"unit ssh.service",
	"unit systemd-udevd.service",
	"unit dbus.socket",
	"unit auditd.service",
	"unit apparmor.service",
	"unit nftables.service",
	"unit sssd.service",
	"unit daruma-guard.service",
	"unit getty@tty1.service",
	"file lib/x.ko",
	"file /lib/../etc/passwd.ko",
	"file /lib/./x.ko",
	"file //x.ko",
	"file /etc/passwd",
	"file /x.ko\tz.ko",
	"Module x",
	"modulex",
	"unit\tx.service",
	"remove /",
};

START_TEST(refuses_what_is_not_of_its_form)
{
	struct hold_list list = { .count = 0 };

	parse(&list, refused[_i]);
	ck_assert_uint_eq(list.count, 0);
	ck_assert_uint_eq(list.refused, 1);
}
END_TEST

START_TEST(one_bad_line_leaves_the_others)
{
	struct hold_list list = { .count = 0 };
	static const char text[] =
		"module good\nmodule b\0d\nunit x.service\nnonsense\nmodule last";

	ck_assert_int_eq(hold_list_parse(&list, text, sizeof(text) - 1), 0);
	ck_assert_uint_eq(list.count, 3);
	ck_assert_uint_eq(list.refused, 2);
	hold_list_free(&list);
}
END_TEST

START_TEST(is_bounded)
{
	struct hold_list list = { .count = 0 };
	char module[16];

	for (unsigned i = 0; i < HOLD_LIST_MAX; i++) {
		snprintf(module, sizeof(module), "m%u", i);
		ck_assert_int_eq(hold_list_add(&list, HOLD_MODULE, module), 0);
	}
	ck_assert_int_eq(hold_list_add(&list, HOLD_MODULE, "m0"), 0);
	ck_assert_int_eq(hold_list_add(&list, HOLD_MODULE, "more"), -ENOSPC);
	ck_assert_uint_eq(list.count, HOLD_LIST_MAX);
	hold_list_free(&list);
}
END_TEST

START_TEST(survives_writing_and_reading)
{
	struct hold_list list = { .count = 0 }, again = { .count = 0 };
	struct stat there;

	parse(&list, "module a_b\nunit a.service\nfile /x/a.ko\n");
	ck_assert_int_eq(hold_list_write(&list, at("hold")), 1);
	/* Saying the same writes nothing. */
	ck_assert_int_eq(hold_list_write(&list, at("hold")), 0);
	ck_assert_int_eq(hold_list_read(&again, at("hold")), 0);
	ck_assert_uint_eq(again.count, 3);
	ck_assert_uint_eq(again.refused, 0);
	ck_assert(hold_list_has(&again, HOLD_FILE, "/x/a.ko"));
	ck_assert_int_eq(stat(at("hold.new"), &there), -1);
	hold_list_free(&list);
	hold_list_free(&again);
}
END_TEST

START_TEST(large_and_missing_files_are_errors)
{
	struct hold_list list = { .count = 0 };
	FILE *out = fopen(at("large"), "w");

	for (int i = 0; i < HOLD_LIST_SIZE / 8 + 1; i++)
		fputs("# 34567\n", out);
	fclose(out);
	ck_assert_int_eq(hold_list_read(&list, at("large")), -EFBIG);
	ck_assert_int_eq(hold_list_read(&list, at("none")), -ENOENT);
	ck_assert_int_eq(hold_list_write(&list, at("none/hold")), -ENOENT);
}
END_TEST

START_TEST(holds_and_releases_modules)
{
	struct hold_list list = { .count = 0 };
	char run[256], text[256];

	snprintf(run, sizeof(run), "%s", at("modprobe.d"));
	parse(&list, "unit x.service\n");
	ck_assert_int_eq(module_hold_write(&list, run, MODULE_HOLD_GUARD), 0);
	ck_assert_int_eq(module_hold_release(run, MODULE_HOLD_GUARD), 0);
	parse(&list, "module acme_sensor\nmodule two\n");
	ck_assert_int_eq(module_hold_write(&list, run, MODULE_HOLD_GUARD), 2);
	read_file("modprobe.d/" MODULE_HOLD_GUARD, text, sizeof(text));
	ck_assert_str_eq(text, "install acme_sensor /bin/false\ninstall two /bin/false\n");
	ck_assert_int_eq(module_hold_release(run, MODULE_HOLD_GUARD), 1);
	ck_assert_int_eq(module_hold_release(run, MODULE_HOLD_GUARD), 0);
	hold_list_free(&list);
}
END_TEST

START_TEST(takes_copies_out_and_nothing_else)
{
	struct hold_list list = { .count = 0 };
	struct stat there;

	mkdir(at("modules"), 0755);
	mkdir(at("modules/6.1"), 0755);
	mkdir(at("modules/6.1/updates"), 0755);
	mkdir(at("elsewhere"), 0755);
	write_file("modules/6.1/updates/acme-sensor.ko", "x");
	write_file("modules/6.1/updates/acme_sensor.ko.xz", "x");
	write_file("modules/6.1/updates/acme_sensor2.ko", "x");
	write_file("modules/6.1/acme_sensor", "x");
	write_file("elsewhere/acme_sensor.ko", "x");
	ck_assert_int_eq(symlink("../../elsewhere", at("modules/6.1/link")), 0);
	parse(&list, "module acme_sensor\n");
	ck_assert_int_eq(module_hold_remove_copies(&list, at("modules")), 2);
	ck_assert_int_eq(stat(at("modules/6.1/updates/acme_sensor2.ko"), &there), 0);
	ck_assert_int_eq(stat(at("modules/6.1/acme_sensor"), &there), 0);
	ck_assert_int_eq(stat(at("elsewhere/acme_sensor.ko"), &there), 0);
	hold_list_free(&list);
}
END_TEST

START_TEST(finds_the_word_off)
{
	static const struct {
		const char *line;
		bool off;
	} lines[] = {
		{ "ro quiet\n", false },      { "ro daruma=off quiet\n", true },
		{ "daruma=off", true },	      { "daruma=offline\n", false },
		{ "xdaruma=off", false },     { "daruma=on\n", false },
		{ "ro\tdaruma=off\n", true }, { "", false },
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		write_file("cmdline", lines[i].line);
		ck_assert_msg(command_line_says_off(at("cmdline")) == lines[i].off, "%s",
			      lines[i].line);
	}
	ck_assert(!command_line_says_off(at("none")));
}
END_TEST

static long number_in(const char *file)
{
	char text[32];

	read_file(file, text, sizeof(text));
	return strtol(text, NULL, 10);
}

START_TEST(sets_and_gives_back_the_panic_switch)
{
	char sysctl[256], run[256];
	const struct panic_switch where = { .sysctl = sysctl, .run = run };

	snprintf(sysctl, sizeof(sysctl), "%s", folder);
	snprintf(run, sizeof(run), "%s", at("run"));
	write_file("panic", "0\n");
	write_file("panic_on_oops", "0\n");
	ck_assert_int_eq(panic_switch_set(&where), 0);
	ck_assert_int_eq(number_in("panic"), PANIC_SWITCH_SECONDS);
	ck_assert_int_eq(number_in("panic_on_oops"), 1);
	/* The guard asks again after the early program: the value from before must survive. */
	ck_assert_int_eq(panic_switch_set(&where), 0);
	ck_assert_int_eq(panic_switch_give_back(&where), 1);
	ck_assert_int_eq(number_in("panic_on_oops"), 0);
	ck_assert_int_eq(number_in("panic"), PANIC_SWITCH_SECONDS);
	ck_assert_int_eq(panic_switch_give_back(&where), 0);
}
END_TEST

START_TEST(leaves_the_owner_s_panic_settings)
{
	char sysctl[256], run[256];
	const struct panic_switch where = { .sysctl = sysctl, .run = run };

	snprintf(sysctl, sizeof(sysctl), "%s", folder);
	snprintf(run, sizeof(run), "%s", at("run"));
	write_file("panic", "3\n");
	write_file("panic_on_oops", "1\n");
	ck_assert_int_eq(panic_switch_set(&where), 0);
	ck_assert_int_eq(number_in("panic"), 3);
	ck_assert_int_eq(panic_switch_give_back(&where), 1);
	ck_assert_int_eq(number_in("panic_on_oops"), 1);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("hold_list");
	TCase *text = suite_case(all, "text", 5);
	TCase *files = suite_case(all, "files", 5);

	tcase_add_test(text, reads_its_three_kinds);
	tcase_add_loop_test(text, refuses_what_is_not_of_its_form, 0,
			    (int)(sizeof(refused) / sizeof(refused[0])));
	tcase_add_test(text, one_bad_line_leaves_the_others);
	tcase_add_test(text, is_bounded);
	tcase_add_checked_fixture(files, make_folder, remove_folder);
	tcase_add_test(files, survives_writing_and_reading);
	tcase_add_test(files, large_and_missing_files_are_errors);
	tcase_add_test(files, holds_and_releases_modules);
	tcase_add_test(files, takes_copies_out_and_nothing_else);
	tcase_add_test(files, finds_the_word_off);
	tcase_add_test(files, sets_and_gives_back_the_panic_switch);
	tcase_add_test(files, leaves_the_owner_s_panic_settings);
	return all;
}
