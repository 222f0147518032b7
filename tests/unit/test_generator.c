/* test_generator.c: what the generator writes for systemd, rung by rung
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/early/boot_units.h"
#include "tests/unit/suite.h"

static char folder[64];
static char normal[128], early[128], ours[128], units[128], wants[128];
static char scripts[128], netplan[128], accounts[128];
static const char *const unit_folders[] = { units, NULL };
static const char *const wants_folders[] = { wants, NULL };
static const char *const script_folders[] = { scripts, NULL };
static const char *const netplan_folders[] = { netplan, NULL };
static const struct boot_units where = { .normal = normal,
					 .early = early,
					 .ours = ours,
					 .unit_folders = unit_folders,
					 .wants_folders = wants_folders,
					 .script_folders = script_folders,
					 .netplan_folders = netplan_folders,
					 .accounts = accounts };

static void write_file(const char *in, const char *file, const char *text)
{
	char path[256];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", in, file);
	out = fopen(path, "w");
	ck_assert_ptr_nonnull(out);
	fputs(text, out);
	fclose(out);
}

static void make(char *path, const char *name)
{
	snprintf(path, 128, "%s/%s", folder, name);
	ck_assert_int_eq(mkdir(path, 0755), 0);
}

static void set_up(void)
{
	strcpy(folder, "/tmp/daruma-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	make(normal, "normal");
	make(early, "early");
	make(ours, "ours");
	make(units, "units");
	make(wants, "wants");
	make(scripts, "scripts");
	make(netplan, "netplan");
	make(accounts, "accounts");
	write_file(ours, "daruma-safe.target", "");
	write_file(ours, "daruma-deadline.timer", "");
	write_file(ours, "daruma-held.service", "");
}

static void tear_down(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

static bool exists(const char *in, const char *name)
{
	char path[256];
	struct stat there;

	snprintf(path, sizeof(path), "%s/%s", in, name);
	return lstat(path, &there) == 0;
}

static const char *link_of(const char *in, const char *name)
{
	static char target[256];
	char path[256];
	ssize_t size;

	snprintf(path, sizeof(path), "%s/%s", in, name);
	size = readlink(path, target, sizeof(target) - 1);
	target[size > 0 ? size : 0] = '\0';
	return target;
}

static bool file_has(const char *in, const char *name, const char *needle)
{
	char path[256], text[1024];
	FILE *file;
	size_t size;

	snprintf(path, sizeof(path), "%s/%s", in, name);
	file = fopen(path, "r");
	if (!file)
		return false;
	size = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[size] = '\0';
	return strstr(text, needle) != NULL;
}

static bool is_empty(const char *in)
{
	return rmdir(in) == 0 && mkdir(in, 0755) == 0;
}

static struct boot_units_count write_for(enum daruma_rung rung, bool failures, const char *hold)
{
	struct daruma_note note = { .rung = rung, .counters = { .panic = failures ? 2 : 0 } };
	struct hold_list list = { .count = 0 };
	struct boot_units_count count;

	ck_assert_int_eq(hold_list_parse(&list, hold, strlen(hold)), 0);
	boot_units_write(&where, &note, &list, &count);
	hold_list_free(&list);
	return count;
}

#define EARLY_UNIT "[Unit]\nDescription=x\nDefaultDependencies=no\nBefore=sysinit.target\n"
#define HOLD	   "module acme\nunit acme.service\nunit acme.timer\n"

START_TEST(an_ordinary_start_writes_nothing)
{
	struct boot_units_count count;

	write_file(units, "acme.service", "[Service]\nExecStart=/bin/true\n");
	count = write_for(DARUMA_RUNG_NORMAL, false, HOLD);
	ck_assert_uint_eq(count.failed, 0);
	ck_assert(is_empty(normal));
	ck_assert(is_empty(early));
}
END_TEST

static void check_safe(enum daruma_rung rung)
{
	char target[256];
	struct boot_units_count count = write_for(rung, true, HOLD);

	snprintf(target, sizeof(target), "%s/daruma-safe.target", ours);
	ck_assert(count.safe);
	ck_assert_uint_eq(count.masked, 2);
	ck_assert_uint_eq(count.failed, 0);
	ck_assert_str_eq(link_of(early, "default.target"), target);
	ck_assert_str_eq(link_of(early, "acme.service"), "/dev/null");
	ck_assert_str_eq(link_of(early, "acme.timer"), "/dev/null");
	ck_assert(exists(normal, "sysinit.target.wants/daruma-deadline.timer"));
}

START_TEST(safe_masks_and_takes_the_default_target)
{
	check_safe(DARUMA_RUNG_SAFE);
}
END_TEST

START_TEST(rescue_is_as_safe)
{
	check_safe(DARUMA_RUNG_RESCUE);
}
END_TEST

START_TEST(repeating_it_says_the_same)
{
	check_safe(DARUMA_RUNG_SAFE);
	check_safe(DARUMA_RUNG_SAFE);
}
END_TEST

/* R14: what lets people in and guards the machine stays, where its owner has it on. */
START_TEST(safe_keeps_what_is_enabled_and_nothing_else)
{
	char path[256];
	struct boot_units_count count;

	snprintf(path, sizeof(path), "%s/ssh.service", wants);
	ck_assert_int_eq(symlink("/lib/systemd/system/ssh.service", path), 0);
	snprintf(path, sizeof(path), "%s/docker.service", wants);
	ck_assert_int_eq(symlink("/lib/systemd/system/docker.service", path), 0);
	count = write_for(DARUMA_RUNG_SAFE, true, HOLD);
	ck_assert_uint_eq(count.allowed, 1);
	ck_assert_str_eq(link_of(normal, "daruma-safe.target.wants/ssh.service"),
			 "/lib/systemd/system/ssh.service");
	ck_assert(!exists(normal, "daruma-safe.target.wants/docker.service"));
	ck_assert(!exists(normal, "daruma-safe.target.wants/nftables.service"));
}
END_TEST

static const char *const of_the_domain[] = { "sssd.service", "winbind.service", "nslcd.service",
					     "oddjobd.service" };

/* R14: an administrator whose account is the domain's gets in too. */
START_TEST(r14_safe_keeps_the_accounts_of_the_domain)
{
	char path[256], target[256], name[64];

	snprintf(path, sizeof(path), "%s/%s", wants, of_the_domain[_i]);
	snprintf(target, sizeof(target), "/lib/systemd/system/%s", of_the_domain[_i]);
	snprintf(name, sizeof(name), "daruma-safe.target.wants/%s", of_the_domain[_i]);
	ck_assert_int_eq(symlink(target, path), 0);
	ck_assert_uint_eq(write_for(DARUMA_RUNG_SAFE, true, HOLD).allowed, 1);
	ck_assert_str_eq(link_of(normal, name), target);
}
END_TEST

#define NSLCD "daruma-safe.target.wants/nslcd.service"

/* R14: Debian 12 has no unit file for it. */
START_TEST(r14_safe_keeps_what_a_start_script_enables)
{
	write_file(scripts, "K01nslcd", "");
	write_file(scripts, "S01nslcd-other", "");
	write_file(scripts, "S01nslc", "");
	ck_assert_uint_eq(write_for(DARUMA_RUNG_SAFE, true, HOLD).allowed, 0);
	write_file(scripts, "S01nslcd", "");
	ck_assert_uint_eq(write_for(DARUMA_RUNG_SAFE, true, HOLD).allowed, 1);
	ck_assert_str_eq(link_of(normal, NSLCD), "../nslcd.service");
}
END_TEST

/* With a unit file it is that which is on or off. */
START_TEST(a_start_script_beside_a_unit_file_enables_nothing)
{
	write_file(scripts, "S01nslcd", "");
	write_file(units, "nslcd.service", "[Service]\nExecStart=/bin/true\n");
	ck_assert_uint_eq(write_for(DARUMA_RUNG_SAFE, true, HOLD).allowed, 0);
	ck_assert(!exists(normal, NSLCD));
}
END_TEST

#define NETWORKD "daruma-safe.target.wants/systemd-networkd.service"

/* R14: netplan's generator enables it in this very start, for a target that safe does not reach. */
START_TEST(r14_safe_keeps_the_network_of_netplan)
{
	ck_assert_uint_eq(write_for(DARUMA_RUNG_SAFE, true, HOLD).allowed, 0);
	write_file(netplan, "50-cloud-init.yaml.dpkg-old", "");
	ck_assert_uint_eq(write_for(DARUMA_RUNG_SAFE, true, HOLD).allowed, 0);
	write_file(netplan, "50-cloud-init.yaml", "network: {version: 2}\n");
	ck_assert_uint_eq(write_for(DARUMA_RUNG_SAFE, true, HOLD).allowed, 1);
	ck_assert_str_eq(link_of(normal, NETWORKD), "../systemd-networkd.service");
}
END_TEST

/* A link to a target that is not there would end in systemd's rescue mode. */
START_TEST(safe_without_its_target_changes_nothing)
{
	char path[256];
	struct boot_units_count count;

	snprintf(path, sizeof(path), "%s/daruma-safe.target", ours);
	ck_assert_int_eq(unlink(path), 0);
	count = write_for(DARUMA_RUNG_SAFE, false, HOLD);
	ck_assert(!count.safe);
	ck_assert_uint_eq(count.failed, 1);
	ck_assert(is_empty(early));
	ck_assert(is_empty(normal));
}
END_TEST

START_TEST(held_makes_user_starters_wait)
{
	struct boot_units_count count = write_for(DARUMA_RUNG_HELD, true, HOLD);
	char target[256];

	ck_assert_uint_eq(count.failed, 0);
	ck_assert(!exists(early, "default.target"));
	ck_assert(!exists(early, "acme.service"));
	ck_assert(file_has(normal, "cron.service.d/50-daruma.conf", "After=daruma-held.service"));
	ck_assert(file_has(normal, "atd.service.d/50-daruma.conf", "After=daruma-held.service"));
	ck_assert(file_has(normal, "user@.service.d/50-daruma.conf", "After=daruma-held.service"));
	/* An order and no more: it fails open. */
	ck_assert(!file_has(normal, "cron.service.d/50-daruma.conf", "Requires="));
	/* Root's login does not wait: the file of the same name takes the template's place. */
	ck_assert(exists(normal, "user@0.service.d/50-daruma.conf"));
	ck_assert(!file_has(normal, "user@0.service.d/50-daruma.conf", "After="));
	snprintf(target, sizeof(target), "%s/daruma-held.service", ours);
	ck_assert_str_eq(link_of(normal, "multi-user.target.wants/daruma-held.service"), target);
}
END_TEST

static bool is_let_in(const char *user)
{
	char unit[64];

	snprintf(unit, sizeof(unit), "user@%s.service.d/50-daruma.conf", user);
	return exists(normal, unit) && !file_has(normal, unit, "After=");
}

/* A login waits for the user's service manager: who mends the machine must not be kept out of it. */
START_TEST(held_lets_administrators_in)
{
	write_file(accounts, "group", "root:x:0:\nsudo:x:27:anna,nobody-here\nwheel:x:10:bert\n");
	write_file(accounts, "passwd",
		   "root:x:0:0::/root:/bin/bash\nanna:x:1000:1000::/home/anna:/bin/bash\n"
		   "bert:x:1001:1001::/home/bert:/bin/bash\ncara:x:1002:27::/home/cara:/bin/sh\n"
		   "dora:x:1003:1003::/home/dora:/bin/bash\n");
	ck_assert_uint_eq(write_for(DARUMA_RUNG_HELD, true, HOLD).failed, 0);
	ck_assert(is_let_in("0"));
	ck_assert(is_let_in("1000"));
	ck_assert(is_let_in("1001"));
	ck_assert(is_let_in("1002"));
	ck_assert(!is_let_in("1003"));
}
END_TEST

START_TEST(held_without_accounts_lets_root_in)
{
	ck_assert_uint_eq(write_for(DARUMA_RUNG_HELD, true, HOLD).failed, 0);
	ck_assert(is_let_in("0"));
}
END_TEST

/* Units that wait for a starter must be able to start before the gate is done. */
START_TEST(held_leaves_the_gate_as_it_is)
{
	write_for(DARUMA_RUNG_HELD, true, HOLD);
	ck_assert(!exists(normal, "daruma-gate.service.d"));
	ck_assert(!file_has(normal, "cron.service.d/50-daruma.conf", "daruma-gate.service"));
}
END_TEST

START_TEST(nothing_is_held_where_nothing_would_let_go)
{
	struct boot_units_count count;
	char path[256];

	snprintf(path, sizeof(path), "%s/daruma-held.service", ours);
	ck_assert_int_eq(unlink(path), 0);
	count = write_for(DARUMA_RUNG_HELD, false, HOLD);
	ck_assert_uint_eq(count.failed, 1);
	ck_assert_uint_eq(count.held, 0);
	ck_assert(!exists(normal, "cron.service.d"));
}
END_TEST

static const enum daruma_rung free_rungs[] = { DARUMA_RUNG_NORMAL, DARUMA_RUNG_TRIAL,
					       DARUMA_RUNG_SAFE, DARUMA_RUNG_RESCUE,
					       DARUMA_RUNG_ASIDE };

START_TEST(other_rungs_hold_nothing)
{
	write_for(free_rungs[_i], true, HOLD);
	ck_assert(!exists(normal, "multi-user.target.wants"));
	ck_assert(!exists(normal, "cron.service.d"));
}
END_TEST

static const enum daruma_rung ordered_rungs[] = { DARUMA_RUNG_NORMAL, DARUMA_RUNG_TRIAL,
						  DARUMA_RUNG_HELD };

START_TEST(early_units_wait_for_the_guard)
{
	struct boot_units_count count;

	write_file(units, "acme.service", EARLY_UNIT);
	count = write_for(ordered_rungs[_i], false, HOLD);
	ck_assert_uint_eq(count.ordered, 1);
	ck_assert(file_has(normal, "acme.service.d/50-daruma.conf", "Wants=daruma-guard.service"));
	ck_assert(file_has(normal, "acme.service.d/50-daruma.conf", "After=daruma-guard.service"));
	ck_assert(!exists(normal, "acme.timer.d"));
}
END_TEST

START_TEST(what_the_guard_waits_for_is_not_made_to_wait_for_it)
{
	struct boot_units_count count;

	write_file(units, "acme.service", EARLY_UNIT "Before=local-fs.target\n");
	count = write_for(DARUMA_RUNG_NORMAL, false, HOLD);
	ck_assert_uint_eq(count.ordered, 0);
	ck_assert_uint_eq(count.too_early, 1);
	ck_assert(is_empty(normal));
}
END_TEST

/* Aside: nothing but the log. */
START_TEST(aside_writes_nothing)
{
	write_file(units, "acme.service", EARLY_UNIT);
	write_for(DARUMA_RUNG_ASIDE, true, HOLD);
	ck_assert(is_empty(normal));
	ck_assert(is_empty(early));
}
END_TEST

START_TEST(open_failures_bring_the_deadline)
{
	write_for(DARUMA_RUNG_NORMAL, true, "");
	ck_assert(exists(normal, "sysinit.target.wants/daruma-deadline.timer"));
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("generator");
	TCase *rungs = suite_case(all, "rungs", 5);

	tcase_add_checked_fixture(rungs, set_up, tear_down);
	tcase_add_test(rungs, an_ordinary_start_writes_nothing);
	tcase_add_test(rungs, safe_masks_and_takes_the_default_target);
	tcase_add_test(rungs, rescue_is_as_safe);
	tcase_add_test(rungs, repeating_it_says_the_same);
	tcase_add_test(rungs, safe_keeps_what_is_enabled_and_nothing_else);
	tcase_add_loop_test(rungs, r14_safe_keeps_the_accounts_of_the_domain, 0, 4);
	tcase_add_test(rungs, r14_safe_keeps_what_a_start_script_enables);
	tcase_add_test(rungs, a_start_script_beside_a_unit_file_enables_nothing);
	tcase_add_test(rungs, r14_safe_keeps_the_network_of_netplan);
	tcase_add_test(rungs, safe_without_its_target_changes_nothing);
	tcase_add_test(rungs, held_makes_user_starters_wait);
	tcase_add_test(rungs, held_lets_administrators_in);
	tcase_add_test(rungs, held_without_accounts_lets_root_in);
	tcase_add_test(rungs, held_leaves_the_gate_as_it_is);
	tcase_add_test(rungs, nothing_is_held_where_nothing_would_let_go);
	tcase_add_loop_test(rungs, other_rungs_hold_nothing, 0, 5);
	tcase_add_loop_test(rungs, early_units_wait_for_the_guard, 0, 3);
	tcase_add_test(rungs, what_the_guard_waits_for_is_not_made_to_wait_for_it);
	tcase_add_test(rungs, aside_writes_nothing);
	tcase_add_test(rungs, open_failures_bring_the_deadline);
	return all;
}
