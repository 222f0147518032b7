/* test_boot_order.c: staying first among the boot entries, and leaving again (R56)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/bytes.h"
#include "recovery/boot/boot_order.h"
#include "recovery/boot/install.h"
#include "recovery/boot/own_entry.h"
#include "recovery/state.h"
#include "tests/unit/suite.h"
#include "tests/unit/variable_table.h"

/* --- a machine: entry 1 is Debian's, 2 the firmware's shell; order 1, 2 -------------------------------------------- */

static char root[64];
static struct context context = { .root = root };
static struct database *database;
static struct install_plan plan;

static void put_entry(uint16_t number, const char *path)
{
	struct boot_entry entry = { .active = true, .description = "x", .partition = 1 };
	uint8_t bytes[512];
	char name[16];
	size_t size;

	memcpy(entry.guid, plan.esp.guid, DARUMA_GUID_SIZE);
	snprintf(entry.path, sizeof(entry.path), "%s", path);
	size = boot_entry_encode(&entry, bytes, sizeof(bytes));
	snprintf(name, sizeof(name), "Boot%04X", number);
	variable_table.write(BOOT_ORDER_GLOBAL_GUID, name, bytes, size, 7);
}

static const char *order_now(void)
{
	static char text[64];
	struct boot_order order = { .count = 0 };

	boot_order_read(&variable_table, &order);
	boot_order_print(&order, text, sizeof(text));
	return text;
}

static void set_order(const char *text)
{
	struct boot_order order;

	ck_assert(boot_order_parse(text, &order));
	ck_assert_int_eq(boot_order_write(&variable_table, &order), 0);
}

static void set_up(void)
{
	char path[128];

	variable_table_clear();
	strcpy(root, "/tmp/daruma-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	for (const char *const *at = (const char *const[]){ "/run", "/var", "/var/lib", NULL }; *at;
	     at++) {
		snprintf(path, sizeof(path), "%s%s", root, *at);
		ck_assert_int_eq(mkdir(path, 0755), 0);
	}
	context.keep_order = false;
	ck_assert_int_eq(state_open(&context, true, &database), 0);
	memset(&plan, 0, sizeof(plan));
	plan.esp.identified = true;
	plan.esp.partition = 1;
	plan.esp.guid[0] = 0x42;
	plan.entry = true;
	strcpy(plan.normal, "\\EFI\\debian\\shimx64.efi");
	put_entry(1, plan.normal);
	put_entry(2, "\\shell.efi");
	set_order("0001,0002");
	variable_table_writes = 0;
}

static void tear_down(void)
{
	char command[128];

	database_close(database);
	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	ck_assert_int_eq(system(command), 0);
}

static int keep(void)
{
	struct boot_entry ours;

	ck_assert_int_eq(install_own_entry(&plan, &ours), 0);
	return boot_order_keep(&context, &variable_table, database, &ours);
}

static void restart(void)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/run/daruma/order-mended", root);
	unlink(path);
}

START_TEST(puts_first_and_takes_out)
{
	struct boot_order order = { .numbers = { 3, 1, 2, 1 }, .count = 4 };

	ck_assert(boot_order_put_first(&order, 1));
	ck_assert_uint_eq(order.count, 3);
	ck_assert_uint_eq(order.numbers[0], 1);
	ck_assert_uint_eq(order.numbers[1], 3);
	ck_assert(!boot_order_put_first(&order, 1));
	ck_assert(boot_order_take_out(&order, 3));
	ck_assert(!boot_order_take_out(&order, 3));
	order.count = BOOT_ORDER_MAX;
	ck_assert(boot_order_put_first(&order, 999));
	ck_assert_uint_eq(order.count, BOOT_ORDER_MAX);
}
END_TEST

START_TEST(order_as_text)
{
	static const char *const bad[] = { "1",	   "0001,", "0001;0002", "00012",
					   "xyzw", ",0001", " 123",	 "0001, 12",
					   "0x12", "+123",  "-123" };
	struct boot_order order;
	char text[64];

	ck_assert(boot_order_parse("0001,ABCD", &order));
	boot_order_print(&order, text, sizeof(text));
	ck_assert_str_eq(text, "0001,ABCD");
	ck_assert(boot_order_parse("", &order));
	ck_assert_uint_eq(order.count, 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!boot_order_parse(bad[i], &order), "%s", bad[i]);
}
END_TEST

START_TEST(install_comes_first_and_repeating_is_harmless)
{
	ck_assert_int_eq(install_entry(&context, &variable_table, database, &plan), 0);
	ck_assert_str_eq(order_now(), "0000,0001,0002");
	variable_table_writes = 0;
	ck_assert_int_eq(install_entry(&context, &variable_table, database, &plan), 0);
	ck_assert_uint_eq(variable_table_writes, 0);
	ck_assert_str_eq(order_now(), "0000,0001,0002");
}
END_TEST

START_TEST(install_can_leave_the_order)
{
	context.keep_order = true;
	ck_assert_int_eq(install_entry(&context, &variable_table, database, &plan), 0);
	ck_assert_str_eq(order_now(), "0001,0002,0000");
	ck_assert_int_eq(keep(), 0);
	ck_assert_str_eq(order_now(), "0001,0002,0000");
}
END_TEST

START_TEST(comes_first_again_after_an_upgrade)
{
	install_entry(&context, &variable_table, database, &plan);
	ck_assert_int_eq(keep(), 0);
	set_order("0001,0000,0002");
	ck_assert_int_eq(keep(), 1);
	ck_assert_str_eq(order_now(), "0000,0001,0002");
}
END_TEST

/* Firmware that rewrites the order at each start must not be fought over and over. */
START_TEST(mends_once_in_a_start)
{
	install_entry(&context, &variable_table, database, &plan);
	set_order("0001,0000,0002");
	ck_assert_int_eq(keep(), 1);
	set_order("0001,0000,0002");
	ck_assert_int_eq(keep(), 0);
	ck_assert_str_eq(order_now(), "0001,0000,0002");
	restart();
	ck_assert_int_eq(keep(), 1);
}
END_TEST

START_TEST(makes_a_lost_entry_again)
{
	install_entry(&context, &variable_table, database, &plan);
	variable_table.remove(BOOT_ORDER_GLOBAL_GUID, "Boot0000");
	set_order("0001,0002");
	ck_assert_int_eq(keep(), 1);
	ck_assert_str_eq(order_now(), "0000,0001,0002");
	ck_assert_ptr_nonnull(variable_table_find("Boot0000"));
}
END_TEST

static const struct boot_entry *our_entry(void)
{
	static struct boot_entry entry;

	ck_assert_int_eq(boot_order_entry(&variable_table, 0, &entry), 0);
	return &entry;
}

/* The same entry, whoever starts the stage: it stays one, and a lost one is made again as it was. */
START_TEST(shim_starts_the_stage_where_that_is_wanted)
{
	install_entry(&context, &variable_table, database, &plan);
	ck_assert_str_eq(our_entry()->path, DARUMA_ESP_PROGRAM);
	ck_assert_str_eq(our_entry()->options, plan.normal);
	strcpy(plan.shim, plan.normal);
	install_entry(&context, &variable_table, database, &plan);
	ck_assert_str_eq(order_now(), "0000,0001,0002");
	ck_assert_str_eq(our_entry()->path, plan.normal);
	ck_assert_str_eq(our_entry()->options, DARUMA_ESP_PROGRAM " \\EFI\\debian\\shimx64.efi");
	variable_table.remove(BOOT_ORDER_GLOBAL_GUID, "Boot0000");
	set_order("0001,0002");
	ck_assert_int_eq(keep(), 1);
	ck_assert_str_eq(our_entry()->path, plan.normal);
	plan.shim[0] = '\0';
	install_entry(&context, &variable_table, database, &plan);
	ck_assert_str_eq(order_now(), "0000,0001,0002");
	ck_assert_str_eq(our_entry()->path, DARUMA_ESP_PROGRAM);
	ck_assert_int_eq(install_delete_entry(&variable_table, &plan), 0);
	ck_assert_ptr_null(variable_table_find("Boot0000"));
	ck_assert_ptr_nonnull(variable_table_find("Boot0001"));
}
END_TEST

/* Firmware that drops the data of entries must not get one more of them in each start. */
START_TEST(entry_without_its_data_is_written_again_in_its_place)
{
	struct boot_entry left;

	strcpy(plan.shim, plan.normal);
	install_entry(&context, &variable_table, database, &plan);
	for (int i = 0; i < 3; i++) {
		left = *our_entry();
		left.options[0] = '\0';
		ck_assert_int_eq(boot_order_write_entry(&variable_table, 0, &left), 0);
		restart();
		ck_assert_int_eq(keep(), 1);
		ck_assert_str_eq(order_now(), "0000,0001,0002");
		ck_assert_str_eq(boot_entry_program(our_entry()), DARUMA_ESP_PROGRAM);
	}
	ck_assert_ptr_null(variable_table_find("Boot0003"));
	/* The same number, and somebody else's now. */
	strcpy(left.description, "debian");
	ck_assert_int_eq(boot_order_write_entry(&variable_table, 0, &left), 0);
	restart();
	ck_assert_int_eq(keep(), 1);
	ck_assert_str_eq(order_now(), "0003,0000,0001,0002");
}
END_TEST

START_TEST(entry_that_does_not_fit_is_not_made)
{
	struct boot_entry ours;

	strcpy(plan.shim, plan.normal);
	memset(plan.normal, 'x', sizeof(plan.normal) - 1);
	ck_assert_int_eq(install_own_entry(&plan, &ours), 0);
	ck_assert_int_eq(own_entry_make(&plan.esp, plan.normal, plan.shim, plan.normal, &ours),
			 -E2BIG);
	plan.esp.identified = false;
	ck_assert_int_eq(install_own_entry(&plan, &ours), -ENODEV);
}
END_TEST

START_TEST(never_installed_means_nothing_to_keep)
{
	ck_assert_int_eq(keep(), 0);
	ck_assert_uint_eq(variable_table_writes, 0);
}
END_TEST

/* R56: the order before comes back, without entries that are gone, with those made since. */
START_TEST(remove_gives_the_order_back)
{
	set_order("0002,0001");
	install_entry(&context, &variable_table, database, &plan);
	put_entry(7, "\\new.efi");
	set_order("0000,0001,0002,0007");
	variable_table.remove(BOOT_ORDER_GLOBAL_GUID, "Boot0001");
	ck_assert_int_eq(install_restore_order(&variable_table, database, false), 0);
	ck_assert_str_eq(order_now(), "0002,0001,0007");
	ck_assert_ptr_null(variable_table_find("BootNext"));
	ck_assert_int_eq(install_delete_entry(&variable_table, &plan), 0);
	ck_assert_ptr_null(variable_table_find("Boot0000"));
	ck_assert_int_eq(install_delete_entry(&variable_table, &plan), 0);
}
END_TEST

/* A setting that cannot be read is not one that is absent. */
START_TEST(an_unreadable_setting_brings_nothing_back)
{
	install_entry(&context, &variable_table, database, &plan);
	set_order("0001,0000,0002");
	ck_assert_int_eq(database_run(database, "ALTER TABLE setting RENAME TO stored", ""), 0);
	ck_assert_int_eq(database_run(database,
				      "CREATE VIEW setting AS SELECT key,CASE key WHEN"
				      " '" BOOT_ORDER_REMOVED_KEY "' THEN json('{')"
				      " ELSE value END AS value FROM (SELECT key,value FROM stored"
				      " UNION SELECT '" BOOT_ORDER_REMOVED_KEY "','0')",
				      ""),
			 0);
	variable_table_writes = 0;
	ck_assert_int_eq(keep(), -EIO);
	ck_assert_uint_eq(variable_table_writes, 0);
}
END_TEST

START_TEST(remove_asks_for_one_more_start)
{
	install_entry(&context, &variable_table, database, &plan);
	ck_assert_int_eq(install_restore_order(&variable_table, database, true), 0);
	ck_assert_str_eq(order_now(), "0001,0002");
	ck_assert_ptr_nonnull(variable_table_find("BootNext"));
	ck_assert_uint_eq(daruma_get16(variable_table_find("BootNext")->bytes), 0);
	ck_assert_int_eq(state_set_number(database, BOOT_ORDER_REMOVED_KEY, 1), 0);
	restart();
	ck_assert_int_eq(keep(), 0);
	ck_assert_str_eq(order_now(), "0001,0002");
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("boot_order");
	TCase *tests = suite_case(all, "order", 10);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, puts_first_and_takes_out);
	tcase_add_test(tests, order_as_text);
	tcase_add_test(tests, install_comes_first_and_repeating_is_harmless);
	tcase_add_test(tests, install_can_leave_the_order);
	tcase_add_test(tests, comes_first_again_after_an_upgrade);
	tcase_add_test(tests, mends_once_in_a_start);
	tcase_add_test(tests, makes_a_lost_entry_again);
	tcase_add_test(tests, shim_starts_the_stage_where_that_is_wanted);
	tcase_add_test(tests, entry_without_its_data_is_written_again_in_its_place);
	tcase_add_test(tests, entry_that_does_not_fit_is_not_made);
	tcase_add_test(tests, never_installed_means_nothing_to_keep);
	tcase_add_test(tests, remove_gives_the_order_back);
	tcase_add_test(tests, an_unreadable_setting_brings_nothing_back);
	tcase_add_test(tests, remove_asks_for_one_more_start);
	return all;
}
