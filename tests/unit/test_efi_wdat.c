/* test_efi_wdat.c: which tables WDAT are taken, what is done with them, and what happens to any others
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/suite.h"

#include <stdlib.h>
#include <string.h>

#include "efi/acpi.h"
#include "efi/watchdog.h"
#include "efi/wdat.h"
#include "policy/bytes.h"
#include "tests/unit/fake_efi_starts.h"

#define HALT	  0x0800u
#define NO_REBOOT 0x20u
#define FIRST                                                                                      \
	WDAT_HEADER_SIZE /* of the entries: reload, countdown, running … as fake_efi_hardware.c has them */
#define ENTRY(n) (WDAT_HEADER_SIZE + (n)*WDAT_ENTRY_SIZE)

static struct firmware firmware;

static void open_machine(void)
{
	fake_efi_now = &fake;
	fake_efi_hardware_switch_on(&fake);
	ck_assert_uint_eq(firmware_open(&fake, &fake.table, &fake_efi_registers, &firmware),
			  EFI_SUCCESS);
}

/* A machine whose table is sound. */
static struct fake_table *with_table(void)
{
	fake_efi_init(&fake);
	fake_efi_wdat(&fake);
	open_machine();
	return &fake.hardware.tables[FAKE_WDAT];
}

/* From memory of exactly that size, so that the sanitizers see a look behind it. */
static bool decodes(const uint8_t *bytes, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);
	struct wdat wdat;
	bool sound;

	memcpy(exact, bytes, size);
	sound = wdat_decode(exact, size, &wdat);
	free(exact);
	return sound;
}

START_TEST(sound_table_is_read_as_it_is_drawn)
{
	const struct fake_table *table = with_table();
	struct wdat wdat;

	ck_assert(wdat_decode(table->bytes, table->size, &wdat));
	ck_assert_uint_eq(wdat.period, 600);
	ck_assert_uint_eq(wdat.least, 4);
	ck_assert_uint_eq(wdat.most, 0x3ff);
	ck_assert_uint_eq(wdat.count, 9);
	ck_assert_uint_eq(wdat.entries[5].action, 17);
	ck_assert_uint_eq(wdat.entries[5].instruction, 2);
	ck_assert(wdat.entries[5].keeps_others && wdat.entries[5].in_memory);
	ck_assert_uint_eq(wdat.entries[5].width, HARDWARE_32);
	ck_assert_uint_eq(wdat.entries[5].shift, 5);
	ck_assert_uint_eq(wdat.entries[5].address, 0xfed1f410);
	ck_assert_uint_eq(wdat.entries[1].mask, 0x3ff);
	ck_assert_uint_eq(wdat.entries[6].value, 1);
	ck_assert(wdat_is_there(&firmware) && !wdat_is_absent(&firmware));
	ck_assert_uint_eq(fake.hardware.outside, 0);
}
END_TEST

/* R5: it runs for the time that was asked for; other bits of its registers stay. */
START_TEST(r5_armed_by_the_actions_of_the_table)
{
	with_table();
	fake.hardware.control = HALT | 0x1000;
	fake.hardware.ticks = 0xf404;
	ck_assert(wdat_arm(&firmware, 60));
	ck_assert(fake_efi_is_watched(&fake));
	ck_assert_uint_eq(fake.hardware.ticks, 0xf400 | 100);
	ck_assert_uint_eq(fake.hardware.control, 0x1000);
	ck_assert_uint_eq(fake.hardware.gcs, 0xc04);
	ck_assert_uint_eq(fake.hardware.reloads, 1);
	wdat_stop(&firmware);
	ck_assert_uint_eq(fake.hardware.control, HALT | 0x1000);
}
END_TEST

START_TEST(time_is_moved_into_what_it_can_count)
{
	with_table();
	ck_assert(wdat_arm(&firmware, 1800));
	ck_assert_uint_eq(fake.hardware.ticks, 0x3ff);
	ck_assert(wdat_arm(&firmware, 1));
	ck_assert_uint_eq(fake.hardware.ticks, 4);
}
END_TEST

/* R4: one reset counts once, and in the start that it ended. */
START_TEST(r4_status_is_read_once)
{
	with_table();
	fake.hardware.status_is_assigned = _i;
	ck_assert(!wdat_fired(&firmware));
	ck_assert(wdat_arm(&firmware, 60));
	ck_assert(fake_efi_expires(&fake));
	ck_assert(wdat_fired(&firmware));
	ck_assert(!wdat_fired(&firmware));
	/* What was there before this start is not of this start. */
	fake.hardware.status = 6;
	ck_assert(wdat_arm(&firmware, 60));
	ck_assert(!wdat_fired(&firmware));
}
END_TEST

START_TEST(one_that_does_not_run_is_not_armed)
{
	with_table();
	fake.hardware.halt_stays = true;
	ck_assert(!wdat_arm(&firmware, 60));
	ck_assert(!fake_efi_is_watched(&fake));
}
END_TEST

/* The status cannot be asked: such a table is good for a reset all the same. Whether it runs has to be told, or Linux takes
 * nothing over. */
START_TEST(actions_that_may_be_missing)
{
	struct fake_table *table = with_table();

	table->bytes[ENTRY(5)] = 16;
	table->bytes[ENTRY(6)] = table->bytes[ENTRY(7)] = table->bytes[ENTRY(8)] = 200;
	fake_efi_seal_table(table);
	ck_assert(wdat_arm(&firmware, 60));
	ck_assert_uint_eq(fake.hardware.control & HALT, 0);
	fake.hardware.status = 6;
	ck_assert(!wdat_fired(&firmware));
	table->bytes[ENTRY(2)] = 10;
	fake_efi_seal_table(table);
	ck_assert(!wdat_arm(&firmware, 60));
}
END_TEST

/* A count that its register cannot hold would be another time. */
START_TEST(count_that_does_not_fit_is_not_set)
{
	struct fake_table *table = with_table();

	daruma_put32(table->bytes + ENTRY(1) + 20, 0x3f);
	fake_efi_seal_table(table);
	ck_assert(!wdat_arm(&firmware, 60));
	ck_assert(!fake_efi_is_watched(&fake));
	ck_assert_uint_eq(fake.hardware.ticks, 4);
}
END_TEST

START_TEST(cut_table_is_refused_at_every_byte)
{
	struct fake_table *table = with_table();
	size_t whole = table->size;

	for (size_t size = 0; size < whole; size++) {
		ck_assert_msg(!decodes(table->bytes, size), "%zu bytes", size);
		if (size < ACPI_HEADER_SIZE)
			continue;
		table->size = size;
		fake_efi_seal_table(table);
		ck_assert(!wdat_is_there(&firmware));
		ck_assert_uint_eq(fake.hardware.outside, 0);
	}
	table->size = whole;
	fake_efi_seal_table(table);
	ck_assert(wdat_is_there(&firmware));
}
END_TEST

/* Values of one byte that make a sound table none of ours. */
static const struct {
	size_t at;
	uint8_t value;
} wrong[] = {
	/* where the entries begin */
	{ 36, 31 },
	/* a PCI device */
	{ 40, 0 },
	{ 41, 1 },
	{ 42, 0 },
	{ 43, 31 },
	{ 44, 0 },
	/* not enabled */
	{ 60, 0x80 },
	/* the least count above the most */
	{ 57, 9 },
	/* entries that are not there */
	{ 64, 10 },
	{ 65, 1 },
	{ 67, 0x80 },
	/* instructions */
	{ FIRST + 1, 4 },
	{ FIRST + 1, 0x84 },
	{ FIRST + 1, 0x7f },
	/* spaces */
	{ FIRST + 4, 2 },
	{ FIRST + 4, 0x7f },
	/* accesses */
	{ FIRST + 7, 0 },
	{ FIRST + 7, 4 },
	{ FIRST + 7, 0xff },
	/* shifts */
	{ FIRST + 6, 16 },
	{ FIRST + 6, 255 },
	/* ports and memory behind the last one */
	{ FIRST + 10, 1 },
	{ FIRST + 15, 0x80 },
	{ ENTRY(5) + 14, 0x10 },
	{ ENTRY(5) + 15, 0xff },
	/* cannot be reloaded, set, started, stopped */
	{ ENTRY(0), 2 },
	{ ENTRY(1), 7 },
	{ ENTRY(3), 200 },
	{ ENTRY(4), 10 },
};

#define WRONG (sizeof(wrong) / sizeof(wrong[0]))

/* Linux then has no driver for the chip either: nothing may run. */
static void check_refused(struct fake_table *table)
{
	fake_efi_seal_table(table);
	ck_assert(!decodes(table->bytes, table->size));
	ck_assert(!wdat_is_there(&firmware));
	ck_assert(!wdat_is_absent(&firmware));
	ck_assert_int_eq(watchdog_find(&firmware, 0), DARUMA_WATCHDOG_NONE);
	ck_assert(!watchdog_arm(&firmware, DARUMA_WATCHDOG_WDAT, 60));
	ck_assert(!watchdog_fired(&firmware, DARUMA_WATCHDOG_WDAT));
	watchdog_stop(&firmware, DARUMA_WATCHDOG_WDAT);
	ck_assert(!fake_efi_is_watched(&fake));
	ck_assert_uint_eq(fake.hardware.outside, 0);
}

START_TEST(table_with_one_wrong_value_is_refused)
{
	struct fake_table *table = with_table();

	table->bytes[wrong[_i].at] = wrong[_i].value;
	check_refused(table);
}
END_TEST

/* Ports of the clock, by whichever of its bytes an access gets there; port 0, and the end of ports. */
START_TEST(ports_of_the_clock_are_refused)
{
	static const uint16_t ports[] = { 0x6f, 0x70, 0x71, 0x72, 0x73, 0, 0xffff };

	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		struct fake_table *table = with_table();

		daruma_put64(table->bytes + FIRST + 8, ports[i]);
		check_refused(table);
	}
	for (uint16_t port = 0x6e; port <= 0x74; port += 6) {
		struct fake_table *table = with_table();

		daruma_put64(table->bytes + FIRST + 8, port);
		ck_assert(decodes(table->bytes, table->size));
	}
}
END_TEST

START_TEST(table_with_too_many_entries_is_refused)
{
	struct fake_table *table = with_table();

	for (unsigned i = 9; i <= WDAT_ENTRIES; i++) {
		memcpy(table->bytes + ENTRY(i), table->bytes + ENTRY(8), WDAT_ENTRY_SIZE);
		daruma_put32(table->bytes + 64, i + 1);
		table->size = ENTRY(i + 1);
		fake_efi_seal_table(table);
		ck_assert_int_eq(wdat_is_there(&firmware), i + 1 <= WDAT_ENTRIES);
	}
	check_refused(table);
}
END_TEST

/* What lies behind the entries is nobody's; no more of it is read than of a full table. */
START_TEST(long_table_is_refused)
{
	struct fake_table *table = with_table();

	table->size = WDAT_TABLE_MOST;
	fake_efi_seal_table(table);
	ck_assert(decodes(table->bytes, table->size));
	ck_assert(wdat_is_there(&firmware));
	table->size++;
	fake_efi_seal_table(table);
	ck_assert(!decodes(table->bytes, table->size));
	ck_assert(!wdat_is_there(&firmware));
	ck_assert(!wdat_is_absent(&firmware));
}
END_TEST

/* A watchdog whose longest time is shorter than a start may take. */
START_TEST(short_time_is_refused)
{
	struct fake_table *table = with_table();

	daruma_put32(table->bytes + 52, 99);
	check_refused(table);
	daruma_put32(table->bytes + 52, 100);
	ck_assert(decodes(table->bytes, table->size));
	daruma_put32(table->bytes + 48, 0);
	check_refused(table);
	daruma_put32(table->bytes + 48, 0xffffffff);
	daruma_put32(table->bytes + 52, 0xffffffff);
	ck_assert(decodes(table->bytes, table->size));
}
END_TEST

/* Half of the inputs are random; the others are a sound table with a few bytes changed. What is taken is
 * also used: the fake machine ends the test at a port of the clock, or behind the last one. */
START_TEST(any_bytes_are_survived)
{
	unsigned taken = 0;

	srand(13);
	for (unsigned i = 0; i < 20000; i++) {
		struct fake_table *table = with_table();

		for (int n = rand() % 2 ? 4 : 400; n > 0; n--)
			table->bytes[(size_t)rand() % table->size] = (uint8_t)rand();
		if (rand() % 4 == 0)
			table->size = (size_t)rand() % table->size;
		if (rand() % 4 == 0)
			table->bytes[64] = (uint8_t)(rand() % 12);
		(void)decodes(table->bytes, table->size);
		memcpy(table->bytes, "WDAT", 4);
		fake_efi_seal_table(table);
		taken += wdat_is_there(&firmware);
		(void)wdat_fired(&firmware);
		(void)wdat_arm(&firmware, (unsigned)rand() % 2000);
		wdat_stop(&firmware);
	}
	ck_assert_uint_ge(taken, 1000);
}
END_TEST

/* --- the way to it ---------------------------------------- */

/* Where the list of tables is not sound nobody knows what Linux finds: no watchdog at all. */
static void check_unknown(void)
{
	open_machine();
	ck_assert(!wdat_is_there(&firmware) && !wdat_is_absent(&firmware));
	ck_assert_int_eq(watchdog_find(&firmware, 0), DARUMA_WATCHDOG_NONE);
	ck_assert_uint_eq(fake.hardware.outside, 0);
}

START_TEST(machine_without_tables_has_no_watchdog)
{
	with_table();
	fake.configuration[1].VendorTable = NULL;
	check_unknown();
	fake.table.NumberOfTableEntries = 1;
	check_unknown();
	fake.table.NumberOfTableEntries = 2;
	fake.table.ConfigurationTable = NULL;
	check_unknown();
}
END_TEST

/* Every bit of the root and of the list. */
START_TEST(damaged_lists_are_refused)
{
	with_table();
	for (unsigned which = FAKE_RSDP; which <= FAKE_XSDT; which++) {
		struct fake_table *table = &fake.hardware.tables[which];

		for (size_t bit = 0; bit < 8 * table->size; bit++) {
			table->bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
			open_machine();
			ck_assert_msg(!wdat_is_there(&firmware) && !wdat_is_absent(&firmware),
				      "table %u, bit %zu", which, bit);
			table->bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
	}
	open_machine();
	ck_assert(wdat_is_there(&firmware));
}
END_TEST

START_TEST(old_root_is_refused)
{
	struct fake_table *root;

	with_table();
	root = &fake.hardware.tables[FAKE_RSDP];
	root->bytes[15] = 0; /* both checksums lose 2 */
	root->bytes[8] = (uint8_t)(root->bytes[8] + 2);
	check_unknown();
}
END_TEST

START_TEST(list_ends_where_its_length_says)
{
	struct fake_table *list;

	with_table();
	list = &fake.hardware.tables[FAKE_XSDT];
	list->size = ACPI_HEADER_SIZE + 8 + 7;
	fake_efi_seal_table(list);
	open_machine();
	ck_assert(wdat_is_absent(&firmware));
	ck_assert_int_eq(watchdog_find(&firmware, 0), DARUMA_WATCHDOG_TCO);
	list->size = ACPI_HEADER_SIZE - 1;
	fake_efi_seal_table(list);
	check_unknown();
}
END_TEST

START_TEST(addresses_that_no_machine_has_are_passed_over)
{
	static const uint64_t addresses[] = { 0, 1ull << 52, (1ull << 52) - 8, UINT64_MAX,
					      UINT64_MAX - 20 };

	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		struct fake_table *list;

		with_table();
		list = &fake.hardware.tables[FAKE_XSDT];
		daruma_put64(list->bytes + ACPI_HEADER_SIZE, addresses[i]);
		fake_efi_seal_table(list);
		ck_assert(wdat_is_there(&firmware));
		daruma_put64(list->bytes + ACPI_HEADER_SIZE + 8, addresses[i]);
		fake_efi_seal_table(list);
		ck_assert(wdat_is_absent(&firmware));
		ck_assert_uint_eq(fake.hardware.outside, 0);
	}
}
END_TEST

START_TEST(wrong_checksum_is_refused)
{
	struct fake_table *table = with_table();

	table->bytes[10] ^= 1;
	ck_assert(!wdat_is_there(&firmware));
	ck_assert_int_eq(watchdog_find(&firmware, 0), DARUMA_WATCHDOG_NONE);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("efi_wdat");
	TCase *use = suite_case(all, "use", 10);
	TCase *table = suite_case(all, "table", 60);
	TCase *way = suite_case(all, "way", 10);

	tcase_add_test(use, sound_table_is_read_as_it_is_drawn);
	tcase_add_test(use, r5_armed_by_the_actions_of_the_table);
	tcase_add_test(use, time_is_moved_into_what_it_can_count);
	tcase_add_loop_test(use, r4_status_is_read_once, 0, 2);
	tcase_add_test(use, one_that_does_not_run_is_not_armed);
	tcase_add_test(use, actions_that_may_be_missing);
	tcase_add_test(use, count_that_does_not_fit_is_not_set);
	tcase_add_test(table, cut_table_is_refused_at_every_byte);
	tcase_add_loop_test(table, table_with_one_wrong_value_is_refused, 0, WRONG);
	tcase_add_test(table, ports_of_the_clock_are_refused);
	tcase_add_test(table, table_with_too_many_entries_is_refused);
	tcase_add_test(table, long_table_is_refused);
	tcase_add_test(table, short_time_is_refused);
	tcase_add_test(table, any_bytes_are_survived);
	tcase_add_test(way, machine_without_tables_has_no_watchdog);
	tcase_add_test(way, damaged_lists_are_refused);
	tcase_add_test(way, old_root_is_refused);
	tcase_add_test(way, list_ends_where_its_length_says);
	tcase_add_test(way, addresses_that_no_machine_has_are_passed_over);
	tcase_add_test(way, wrong_checksum_is_refused);
	return all;
}
