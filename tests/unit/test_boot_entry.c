/* test_boot_entry.c: boot entries as bytes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <string.h>

#include "recovery/boot/boot_entry.h"
#include "tests/unit/suite.h"

static const struct boot_entry sample = {
	.active = true,
	.description = "Da",
	.has_partition = true,
	.partition = 1,
	.start = 0x800,
	.size = 0x100000,
	.guid = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 },
	.path = "\\E",
	.options = "\\x",
};

/* UEFI 2.10: 3.1.3, 10.3.5.1, 10.3.5.4. */
static const uint8_t golden[] = {
	0x01, 0x00, 0x00, 0x00,				/* active */
	0x38, 0x00,					/* 56 bytes of device path */
	'D',  0,    'a',  0,	0,    0,		/* description */
	0x04, 0x01, 0x2a, 0x00,				/* hard drive, 42 bytes */
	0x01, 0x00, 0x00, 0x00,				/* partition */
	0x00, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, /* start */
	0x00, 0x00, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00, /* size */
	1,    2,    3,	  4,	5,    6,    7,	  8,	9, 10,
	11,   12,   13,	  14,	15,   16,   0x02, 0x02,	      /* GPT, GUID */
	0x04, 0x04, 0x0a, 0x00, '\\', 0,    'E',  0,	0, 0, /* file path, 10 bytes */
	0x7f, 0xff, 0x04, 0x00,				      /* end */
	'\\', 0,    'x',  0,	0,    0,		      /* load options */
};

START_TEST(writes_the_golden_bytes)
{
	uint8_t bytes[BOOT_ENTRY_SIZE];

	ck_assert_uint_eq(boot_entry_encode(&sample, bytes, sizeof(bytes)), sizeof(golden));
	ck_assert_mem_eq(bytes, golden, sizeof(golden));
}
END_TEST

START_TEST(reads_the_golden_bytes)
{
	struct boot_entry entry;

	ck_assert(boot_entry_decode(golden, sizeof(golden), &entry));
	ck_assert(entry.active && entry.has_partition);
	ck_assert_str_eq(entry.description, "Da");
	ck_assert_str_eq(entry.path, "\\E");
	ck_assert_str_eq(entry.options, "\\x");
	ck_assert_uint_eq(entry.partition, 1);
	ck_assert_uint_eq(entry.start, 0x800);
	ck_assert_uint_eq(entry.size, 0x100000);
	ck_assert_mem_eq(entry.guid, sample.guid, sizeof(entry.guid));
}
END_TEST

/* Nothing is written beyond the end, and nothing half. */
START_TEST(does_not_write_too_much)
{
	uint8_t bytes[sizeof(golden) + 1];

	for (size_t size = 0; size < sizeof(golden); size++) {
		memset(bytes, 0xee, sizeof(bytes));
		ck_assert_uint_eq(boot_entry_encode(&sample, bytes, size), 0);
		ck_assert_uint_eq(bytes[size], 0xee);
	}
}
END_TEST

START_TEST(refuses_text_beyond_ascii)
{
	struct boot_entry entry = sample;
	uint8_t bytes[BOOT_ENTRY_SIZE];

	strcpy(entry.path, "\\\xc3\xa4");
	ck_assert_uint_eq(boot_entry_encode(&entry, bytes, sizeof(bytes)), 0);
	strcpy(entry.path, "\\a\nb");
	ck_assert_uint_eq(boot_entry_encode(&entry, bytes, sizeof(bytes)), 0);
}
END_TEST

/* Cut short anywhere before the load options it is refused; each byte may be anything. */
START_TEST(bears_any_bytes)
{
	const size_t options = sizeof(golden) - 6;
	struct boot_entry entry;
	uint8_t bytes[sizeof(golden)];

	for (size_t size = 0; size < options; size++)
		ck_assert(!boot_entry_decode(golden, size, &entry));
	ck_assert(boot_entry_decode(golden, options, &entry));
	ck_assert_str_eq(entry.options, "");
	ck_assert(boot_entry_decode(golden, sizeof(golden) - 1, &entry));
	ck_assert_str_eq(entry.options, "");
	for (size_t at = 0; at < sizeof(golden); at++) {
		for (unsigned value = 0; value < 256; value++) {
			memcpy(bytes, golden, sizeof(golden));
			bytes[at] = (uint8_t)value;
			boot_entry_decode(bytes, sizeof(bytes), &entry);
			ck_assert_uint_lt(strnlen(entry.path, sizeof(entry.path)),
					  sizeof(entry.path));
		}
	}
}
END_TEST

START_TEST(a_zero_node_length_ends_the_walk)
{
	struct boot_entry entry;
	uint8_t bytes[sizeof(golden)];

	memcpy(bytes, golden, sizeof(golden));
	bytes[14] = 0;
	ck_assert(!boot_entry_decode(bytes, sizeof(bytes), &entry));
	ck_assert(!entry.has_partition);
}
END_TEST

START_TEST(compares_targets_as_fat_does)
{
	struct boot_entry other = sample;

	strcpy(other.path, "\\e");
	strcpy(other.description, "another");
	ck_assert(boot_entry_same_target(&sample, &other));
	other.guid[15] ^= 1;
	ck_assert(!boot_entry_same_target(&sample, &other));
	other = sample;
	strcpy(other.path, "\\Ex");
	ck_assert(!boot_entry_same_target(&sample, &other));
	other = sample;
	other.has_partition = false;
	ck_assert(!boot_entry_same_target(&sample, &other));
}
END_TEST

/* Shim takes what it starts from the first word of its options. Only a program of ours counts there. */
START_TEST(leads_to_what_shim_starts)
{
	static const struct {
		const char *options;
		const char *program;
	} cases[] = {
		{ "", "\\EFI\\debian\\shimx64.efi" },
		{ DARUMA_ESP_PROGRAM, DARUMA_ESP_PROGRAM },
		{ DARUMA_ESP_TRIAL, DARUMA_ESP_TRIAL },
		{ DARUMA_ESP_PROGRAM " \\EFI\\debian\\shimx64.efi", DARUMA_ESP_PROGRAM },
		{ "\\efi\\DARUMA\\darumaX64.EFI x", DARUMA_ESP_PROGRAM },
		{ DARUMA_ESP_PROGRAM "x", "\\EFI\\debian\\shimx64.efi" },
		{ "x " DARUMA_ESP_PROGRAM, "\\EFI\\debian\\shimx64.efi" },
		{ "\\EFI\\other\\daruma.efi", "\\EFI\\debian\\shimx64.efi" },
	};
	struct boot_entry direct = sample, entry = sample;

	strcpy(direct.path, DARUMA_ESP_PROGRAM);
	strcpy(entry.path, "\\EFI\\debian\\shimx64.efi");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool ours = strcmp(cases[i].program, DARUMA_ESP_PROGRAM) == 0;

		strcpy(entry.options, cases[i].options);
		ck_assert_str_eq(boot_entry_program(&entry), cases[i].program);
		ck_assert(boot_entry_same_target(&direct, &entry) == ours);
	}
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("boot_entry");
	TCase *tests = suite_case(all, "bytes", 10);

	tcase_add_test(tests, writes_the_golden_bytes);
	tcase_add_test(tests, reads_the_golden_bytes);
	tcase_add_test(tests, does_not_write_too_much);
	tcase_add_test(tests, refuses_text_beyond_ascii);
	tcase_add_test(tests, bears_any_bytes);
	tcase_add_test(tests, a_zero_node_length_ends_the_walk);
	tcase_add_test(tests, compares_targets_as_fat_does);
	tcase_add_test(tests, leads_to_what_shim_starts);
	return all;
}
