/* test_hardware_error.c: what the firmware's record of a hardware error says
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <string.h>

#include "policy/bytes.h"
#include "recovery/hardware_error.h"
#include "recovery/state.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

#define HEAD	20
#define SECTION 80
#define MEMORY	"\x14\x11\xbc\xa5\x64\x6f\xde\x4e\xb8\x63\x3e\x83\xed\x7c\x83\xb1"

static uint8_t block[HEAD + SECTION];
static struct hardware_error found;

static void make_block(uint32_t status, uint32_t length, uint32_t severity)
{
	memset(block, 0, sizeof(block));
	daruma_put32(block, status);
	daruma_put32(block + 12, length);
	daruma_put32(block + 16, severity);
}

static int parse(size_t size)
{
	return hardware_error_parse(block, size, false, &found);
}

START_TEST(nothing_is_recorded)
{
	ck_assert_int_eq(hardware_error_parse(NULL, 0, false, &found), 0);
	make_block(0, 0, 3);
	ck_assert_int_eq(parse(sizeof(block)), 0);
	ck_assert(!found.uncorrected);
}
END_TEST

/* The kinds as UEFI 2.10, N.2.2 prints them. */
START_TEST(kinds_are_told)
{
	static const struct {
		uint8_t guid[16];
		const char *kind;
	} kinds[] = {
		{ { 0x14, 0x11, 0xbc, 0xa5, 0x64, 0x6f, 0xde, 0x4e, 0xb8, 0x63, 0x3e, 0x83, 0xed,
		    0x7c, 0x83, 0xb1 },
		  "memory" },
		{ { 0xb0, 0xa0, 0x3e, 0xdc, 0x44, 0xa1, 0x97, 0x47, 0xb9, 0x5b, 0x53, 0xfa, 0x24,
		    0x2b, 0x6e, 0x1d },
		  "processor" },
		{ { 0x54, 0xe9, 0x95, 0xd9, 0xc1, 0xbb, 0x0f, 0x43, 0xad, 0x91, 0xb4, 0x4d, 0xcb,
		    0x3c, 0x6f, 0x35 },
		  "pcie" },
		{ { 1, 2, 3 }, "unknown" },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		make_block(1 | 1 << 4, SECTION, 1);
		memcpy(block + HEAD, kinds[i].guid, sizeof(kinds[i].guid));
		ck_assert_int_eq(parse(sizeof(block)), 1);
		ck_assert(found.uncorrected);
		ck_assert_str_eq(found.kind, kinds[i].kind);
	}
}
END_TEST

START_TEST(corrected_errors_take_no_machine_down)
{
	make_block(2 | 1 << 4, SECTION, 2);
	ck_assert_int_eq(parse(sizeof(block)), 1);
	ck_assert(!found.uncorrected);
}
END_TEST

START_TEST(what_is_no_block_is_refused)
{
	make_block(1, SECTION + 1, 1);
	ck_assert_int_eq(parse(sizeof(block)), -EBADMSG);
	make_block(1, UINT32_MAX, 1);
	ck_assert_int_eq(parse(sizeof(block)), -EBADMSG);
	make_block(1, SECTION, 4);
	ck_assert_int_eq(parse(sizeof(block)), -EBADMSG);
	make_block(1, 0, 1);
	ck_assert_int_eq(parse(HEAD - 1), -EBADMSG);
	ck_assert_int_eq(parse(HEAD), 1);
	ck_assert_str_eq(found.kind, "unknown");
}
END_TEST

/* Of what was cut off only what is there is looked at. */
START_TEST(what_is_cut_off_is_not_looked_at)
{
	make_block(1, UINT32_MAX, 1);
	memcpy(block + HEAD, MEMORY, 16);
	for (size_t size = HEAD; size <= sizeof(block); size++) {
		ck_assert_int_eq(hardware_error_parse(block, size, true, &found), 1);
		ck_assert_str_eq(found.kind, size < HEAD + 72 ? "unknown" : "memory");
	}
}
END_TEST

static void record(uint32_t severity)
{
	make_block(1, 0, severity);
	scratch_write(HARDWARE_ERROR_FILE, block, sizeof(block));
}

/* Firmware may write much more than is read: the first section tells what it is of. */
START_TEST(a_long_record_is_a_record)
{
	static uint8_t much[65536];
	struct context context = { .root = scratch_make() };
	struct database *database = NULL;

	scratch_write("/var/lib/daruma/folder", "", 0);
	ck_assert_int_eq(state_open(&context, true, &database), 0);
	make_block(1 | 1 << 4, sizeof(much) - HEAD, 1);
	memcpy(block + HEAD, MEMORY, 16);
	memcpy(much, block, sizeof(block));
	scratch_write(HARDWARE_ERROR_FILE, much, sizeof(much));
	ck_assert_int_eq(hardware_error_find(&context, database, &found), 1);
	ck_assert_str_eq(found.kind, "memory");
	/* One that was not cut off by us is damaged. */
	scratch_write(HARDWARE_ERROR_FILE, much, sizeof(block));
	ck_assert_int_eq(hardware_error_find(&context, database, &found), -EBADMSG);
	database_close(database);
	scratch_remove();
}
END_TEST

/* Some firmware shows an old one in each start: it must not keep the machine from being repaired. */
START_TEST(each_error_is_told_once)
{
	struct context context = { .root = scratch_make() };
	struct database *database = NULL;

	scratch_write("/var/lib/daruma/folder", "", 0);
	ck_assert_int_eq(state_open(&context, true, &database), 0);
	ck_assert_int_eq(hardware_error_find(&context, database, &found), 0);
	ck_assert_int_eq(hardware_error_mark_seen(&context, database), 0);
	record(1);
	ck_assert_int_eq(hardware_error_find(&context, database, &found), 1);
	/* Asking alone remembers nothing: the power may go before the answer. */
	ck_assert_int_eq(hardware_error_find(&context, database, &found), 1);
	ck_assert_int_eq(hardware_error_mark_seen(&context, database), 0);
	ck_assert_int_eq(hardware_error_find(&context, database, &found), 0);
	record(0);
	ck_assert_int_eq(hardware_error_find(&context, database, &found), 1);
	/* What is damaged tells nothing, and keeps no start from being good. */
	record(4);
	ck_assert_int_eq(hardware_error_mark_seen(&context, database), 0);
	ck_assert_int_eq(hardware_error_find(&context, database, &found), -EBADMSG);
	database_close(database);
	scratch_remove();
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("hardware error");
	TCase *blocks = suite_case(all, "blocks", 5);

	tcase_add_test(blocks, nothing_is_recorded);
	tcase_add_test(blocks, kinds_are_told);
	tcase_add_test(blocks, corrected_errors_take_no_machine_down);
	tcase_add_test(blocks, what_is_no_block_is_refused);
	tcase_add_test(blocks, what_is_cut_off_is_not_looked_at);
	tcase_add_test(blocks, a_long_record_is_a_record);
	tcase_add_test(blocks, each_error_is_told_once);
	return all;
}
