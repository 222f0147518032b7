/* test_own_trust.c: behind shim, what may be installed and what may come first (R53)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/own_trust.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recovery/boot/boot_order.h"
#include "recovery/boot/install.h"
#include "recovery/boot/own_entry.h"
#include "recovery/boot/stage_file.h"
#include "recovery/state.h"
#include "tests/unit/scratch.h"
#include "tests/unit/signed_program.h"
#include "tests/unit/suite.h"
#include "tests/unit/variable_table.h"

#define SHIM	  "\\EFI\\debian\\shimx64.efi"
#define SHIM_GUID "605dab50-e046-4300-abb6-3dd810dd8b23"

/* --- a machine with Secure Boot, whose shim knows the certificate of 'k's ------------------------------------------- */

static struct context context;
static struct database *database;
static struct install_plan plan;

static void put_program(const char *path, char letter)
{
	uint8_t program[SIGNED_SIZE];

	signed_program_make(letter, program);
	scratch_write(path, (const char *)program, sizeof(program));
}

static void set_secure_boot(uint8_t on)
{
	variable_table.write(BOOT_ORDER_GLOBAL_GUID, "SecureBoot", &on, 1, 7);
}

static void put_known(void)
{
	uint8_t list[SIGNED_LIST];

	signed_list_make('k', list);
	variable_table.write(SHIM_GUID, "MokListRT", list, sizeof(list), 7);
}

static void set_up(void)
{
	context = (struct context){ .root = scratch_make(), .quiet = true };
	scratch_write("run/x", "", 0);
	scratch_write("var/lib/x", "", 0);
	scratch_write("esp/EFI/debian/shimx64.efi", "MZ", 2);
	scratch_write("esp/EFI/BOOT/BOOTX64.EFI", "MZ", 2);
	put_program("usr/lib/daruma/darumax64.efi", 'k');
	put_program("esp/EFI/daruma/darumax64.efi", 'k');
	variable_table_clear();
	set_secure_boot(1);
	put_known();
	memset(&plan, 0, sizeof(plan));
	snprintf(plan.esp.path, sizeof(plan.esp.path), "%s/esp", context.root);
	plan.esp.identified = true;
	plan.esp.partition = 1;
	plan.entry = true;
	strcpy(plan.normal, SHIM);
	strcpy(plan.shim, SHIM);
	ck_assert_int_eq(state_open(&context, true, &database), 0);
}

static void tear_down(void)
{
	database_close(database);
	scratch_remove();
}

static int may_come_first(void)
{
	struct boot_entry ours;

	ck_assert_int_eq(install_own_entry(&plan, &ours), 0);
	return own_trust_may_come_first(&variable_table, &plan.esp, &ours);
}

START_TEST(what_shim_would_wait_for_does_not_come_first)
{
	ck_assert_int_eq(may_come_first(), 1);
	put_program("esp/EFI/daruma/darumax64.efi", 'x');
	ck_assert_int_eq(may_come_first(), 0);
	put_program("esp/EFI/daruma/darumax64.efi", 0);
	ck_assert_int_eq(may_come_first(), 0);
	/* The firmware passes over it. */
	plan.shim[0] = '\0';
	ck_assert_int_eq(may_come_first(), 1);
	strcpy(plan.shim, SHIM);
	set_secure_boot(0);
	ck_assert_int_eq(may_come_first(), 1);
	set_secure_boot(1);
	ck_assert_int_eq(stage_file_delete(&plan.esp), 0);
	ck_assert_int_eq(may_come_first(), 1);
}
END_TEST

START_TEST(lists_that_are_gone_know_nobody)
{
	variable_table.remove(SHIM_GUID, "MokListRT");
	ck_assert_int_eq(may_come_first(), 0);
}
END_TEST

static enum shim_trust trust(const struct variables *variables)
{
	enum shim_trust found;

	ck_assert_int_eq(install_look_at_trust(&context, variables, &found), 0);
	return found;
}

START_TEST(what_is_to_be_installed_is_looked_at)
{
	enum shim_trust found;

	ck_assert_int_eq(trust(&variable_table), SHIM_TRUST_KNOWN);
	ck_assert_int_eq(trust(NULL), SHIM_TRUST_SILENT);
	put_program("usr/lib/daruma/darumax64.efi", 'x');
	ck_assert_int_eq(trust(&variable_table), SHIM_TRUST_UNKNOWN);
	put_program("usr/lib/daruma/darumax64.efi", 0);
	ck_assert_int_eq(trust(&variable_table), SHIM_TRUST_UNSIGNED);
	scratch_write("usr/lib/daruma/darumax64.efi", "no program", 10);
	ck_assert_int_eq(install_look_at_trust(&context, &variable_table, &found), -EBADMSG);
}
END_TEST

/* One that shim does not start is nothing to fall back to: the new one takes its place at once. */
START_TEST(trial_needs_a_stage_to_fall_back_to)
{
	ck_assert_int_eq(state_set_number(database, BOOT_ORDER_NUMBER_KEY, 0), 0);
	ck_assert_int_eq(database_run(database,
				      "INSERT INTO boot(boot_id,kernel_boot_id,time,rung,reason,"
				      "previous_ending,kernel,panics,resets,incident,outcome)"
				      " VALUES('1','k',1,'normal','ordinary','good','6',0,0,0,"
				      "'good')",
				      ""),
			 0);
	ck_assert(!install_needs_trial(&context, &variable_table, database, &plan));
	put_program("esp/EFI/daruma/darumax64.efi", 'x');
	ck_assert(!install_needs_trial(&context, &variable_table, database, &plan));
	plan.shim[0] = '\0';
	ck_assert(install_needs_trial(&context, &variable_table, database, &plan));
	strcpy(plan.shim, SHIM);
	put_known();
	scratch_write("usr/lib/daruma/darumax64.efi",
		      "MZ another one, as long as a program has to be, "
		      "which are 64 bytes",
		      66);
	put_program("esp/EFI/daruma/darumax64.efi", 'k');
	ck_assert(install_needs_trial(&context, &variable_table, database, &plan));
	plan.entry = false;
	ck_assert(!install_needs_trial(&context, &variable_table, database, &plan));
}
END_TEST

START_TEST(choice_of_shim_is_kept_until_another_one)
{
	static const char *const wrong[] = { "\\EFI\\debian\\gone.efi", "\\EFI\\debian",
					     DARUMA_ESP_PROGRAM, "\\EFI\\BOOT\\BOOTX64.EFI" };
	char longer[400];

	ck_assert_int_eq(install_choose_shim(database, NULL, &plan), 0);
	ck_assert_str_eq(plan.shim, "");
	ck_assert_int_eq(install_choose_shim(database, SHIM, &plan), 0);
	ck_assert_str_eq(plan.shim, SHIM);
	ck_assert_int_eq(install_entry(&context, &variable_table, database, &plan), 0);
	plan.shim[0] = '\0';
	ck_assert_int_eq(install_choose_shim(database, NULL, &plan), 0);
	ck_assert_str_eq(plan.shim, SHIM);
	ck_assert_int_eq(install_choose_shim(database, "none", &plan), 0);
	ck_assert_str_eq(plan.shim, "");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_int_eq(install_choose_shim(database, wrong[i], &plan), -ENOENT);
	memset(longer, '\\', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	ck_assert_int_eq(install_choose_shim(NULL, longer, &plan), -ENAMETOOLONG);
	/* One that was chosen and is gone. */
	ck_assert_int_eq(state_set_text(database, OWN_ENTRY_SHIM_KEY, wrong[0]), 0);
	ck_assert_int_eq(install_choose_shim(database, NULL, &plan), -ENOENT);
	ck_assert_str_eq(plan.shim, wrong[0]);
}
END_TEST

static const char *order_now(void)
{
	static char text[64];
	struct boot_order order = { .count = 0 };

	ck_assert_int_eq(boot_order_read(&variable_table, &order), 0);
	boot_order_print(&order, text, sizeof(text));
	return text;
}

START_TEST(entry_steps_back_behind_the_others)
{
	const struct boot_order others = { .numbers = { 7, 8 }, .count = 2 };
	struct boot_entry ours;

	ck_assert_int_eq(boot_order_write(&variable_table, &others), 0);
	ck_assert_int_eq(install_own_entry(&plan, &ours), 0);
	ck_assert_int_eq(boot_order_step_back(&variable_table, database, &ours), 0);
	ck_assert_int_eq(install_entry(&context, &variable_table, database, &plan), 0);
	ck_assert_str_eq(order_now(), "0000,0007,0008");
	ck_assert_int_eq(boot_order_step_back(&variable_table, database, &ours), 1);
	ck_assert_str_eq(order_now(), "0007,0008,0000");
	ck_assert_int_eq(boot_order_step_back(&variable_table, database, &ours), 0);
	/* The owner keeps the order. */
	context.keep_order = true;
	ck_assert_int_eq(install_entry(&context, &variable_table, database, &plan), 0);
	ck_assert_int_eq(boot_order_write(&variable_table,
					  &(struct boot_order){ .numbers = { 0, 7 }, .count = 2 }),
			 0);
	ck_assert_int_eq(boot_order_step_back(&variable_table, database, &ours), 0);
	ck_assert_str_eq(order_now(), "0000,0007");
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("own_trust");
	TCase *tests = suite_case(all, "shim", 10);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, what_shim_would_wait_for_does_not_come_first);
	tcase_add_test(tests, lists_that_are_gone_know_nobody);
	tcase_add_test(tests, what_is_to_be_installed_is_looked_at);
	tcase_add_test(tests, trial_needs_a_stage_to_fall_back_to);
	tcase_add_test(tests, choice_of_shim_is_kept_until_another_one);
	tcase_add_test(tests, entry_steps_back_behind_the_others);
	return all;
}
