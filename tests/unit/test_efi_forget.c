/* test_efi_forget.c: the boot entry that is ours: what it starts, and the start that removes all that is ours
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/suite.h"

#include <string.h>

#include "efi/variables.h"
#include "tests/unit/fake_efi_starts.h"

/* A boot entry as `daruma install` writes it, for `path` on our partition. */
static void put_entry_with_options(const char *name, const char *path, const char *options)
{
	static const uint8_t head[] = { 1, 0, 0, 0, 0, 0, 'D', 0, 0, 0 };
	uint8_t entry[350] = { 0 };
	size_t device = 18 + 42;
	size_t file = 4 + 2 * (strlen(path) + 1) + 4;

	memcpy(entry, head, sizeof(head));
	entry[4] = (uint8_t)(device + file);
	memcpy(entry + sizeof(head), fake.device_path, device);
	fake_efi_own_file(&fake, path);
	memcpy(entry + sizeof(head) + device, fake.own_path, file);
	fake_efi_own_file(&fake, DARUMA_ESP_PROGRAM);
	for (size_t i = 0; options[i]; i++)
		entry[sizeof(head) + device + file + 2 * i] = (uint8_t)options[i];
	fake_efi_put(&fake, name, &variables_global, 7, entry,
		     sizeof(head) + device + file + 2 * strlen(options));
}

static void put_boot_entry(const char *name, const char *path)
{
	put_entry_with_options(name, path, "\\x");
}

/* Asks for removal and makes the start that does it. */
static void forget(void)
{
	fake_start_counted(FAKE_NORMAL);
	fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_FORGET);
	fake_start_into(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.reason, DARUMA_REASON_REMOVED);
	ck_assert_uint_eq(fake_note.troubles, 0);
	ck_assert_ptr_null(fake_efi_find(&fake, FAKE_RECORD, &variables_daruma));
	ck_assert_ptr_null(fake_efi_find(&fake, FAKE_ANSWER, &variables_daruma));
}

START_TEST(forget_deletes_all_that_is_ours)
{
	fake_arm();
	put_boot_entry("Boot000A", DARUMA_ESP_PROGRAM);
	put_boot_entry("Boot000B", DARUMA_ESP_PROGRAM);
	fake.boot_current = 10;
	forget();
	ck_assert_ptr_null(fake_efi_find(&fake, "Boot000A", &variables_global));
	ck_assert_ptr_nonnull(fake_efi_find(&fake, "Boot000B", &variables_global));
}
END_TEST

START_TEST(forget_deletes_an_entry_that_starts_shim)
{
	fake_arm();
	put_entry_with_options("Boot000A", FAKE_NORMAL, DARUMA_ESP_PROGRAM " " FAKE_NORMAL);
	fake.boot_current = 10;
	forget();
	ck_assert_ptr_null(fake_efi_find(&fake, "Boot000A", &variables_global));
}
END_TEST

/* Before version 15.2 shim gives us its own path. Once the entry is gone nothing tells it from a target that is ourselves:
 * the firmware's next entry starts the system. */
START_TEST(forget_under_the_path_of_shim_is_followed_by_the_next_entry)
{
	fake_arm();
	put_entry_with_options("Boot000A", FAKE_NORMAL, DARUMA_ESP_PROGRAM " " FAKE_NORMAL);
	fake_efi_own_file(&fake, FAKE_NORMAL);
	fake.boot_current = 10;
	fake_start_counted(FAKE_NORMAL);
	fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_FORGET);
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_RETURNED);
	ck_assert_uint_eq(fake.status, EFI_NOT_FOUND);
	ck_assert_ptr_null(fake_efi_find(&fake, "Boot000A", &variables_global));
	ck_assert_ptr_null(fake_efi_find(&fake, FAKE_RECORD, &variables_daruma));
}
END_TEST

/* R53: under the path of an old shim the target may be shim, and not the program that shim was to start; under our own
 * path it is not ours, whoever started us. */
START_TEST(nobody_starts_itself_behind_shim)
{
	static const char *const paths[] = { DARUMA_ESP_PROGRAM, FAKE_NORMAL };

	fake_arm();
	put_entry_with_options("Boot000A", FAKE_NORMAL, DARUMA_ESP_PROGRAM " " FAKE_NORMAL);
	fake.boot_current = 10;
	fake_efi_program(&fake, DARUMA_ESP_PROGRAM);
	fake_efi_own_file(&fake, paths[_i]);
	fake_start_counted(FAKE_NORMAL);
	fake_efi_limits(&fake, DARUMA_ESP_PROGRAM, "", "");
	fake_efi_options(&fake, "");
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_RETURNED);
	ck_assert_uint_eq(fake_efi_program(&fake, DARUMA_ESP_PROGRAM)->loaded, 0);
}
END_TEST

START_TEST(forget_keeps_an_entry_by_which_shim_starts_others)
{
	static const char *const options[] = { "", FAKE_SAFE, DARUMA_ESP_PROGRAM "x",
					       "x " DARUMA_ESP_PROGRAM, "daruma" };

	fake_arm();
	put_entry_with_options("Boot000A", FAKE_NORMAL, options[_i]);
	fake.boot_current = 10;
	forget();
	ck_assert_ptr_nonnull(fake_efi_find(&fake, "Boot000A", &variables_global));
}
END_TEST

/* BootCurrent is wrong on some firmware: an entry that does not lead to this program stays. */
START_TEST(forget_keeps_entries_of_others)
{
	struct fake_variable *entry;

	fake_arm();
	put_boot_entry("Boot000A", _i == 0 ? FAKE_NORMAL : DARUMA_ESP_PROGRAM);
	entry = fake_efi_find(&fake, "Boot000A", &variables_global);
	fake.boot_current = _i == 1 ? -1 : 10;
	if (_i == 2)
		entry->bytes[10 + 18 + 24] ^= 1; /* another partition */
	if (_i == 3)
		entry->bytes[5] = 0xff; /* path longer than the entry */
	if (_i == 4)
		entry->size = 5;
	if (_i == 5)
		memset(entry->bytes + 6, 'D', entry->size - 6); /* description without end */
	if (_i == 6)
		entry->attributes = 3;
	if (_i == 7)
		entry->size = FAKE_VALUE_SIZE;
	if (_i == 8)
		entry->bytes[4] -= 4; /* path without its end */
	forget();
	ck_assert_ptr_nonnull(fake_efi_find(&fake, "Boot000A", &variables_global));
}
END_TEST

START_TEST(forget_that_fails_says_so)
{
	fake_arm();
	fake_start_counted(FAKE_NORMAL);
	fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_FORGET);
	fake.set_fault_at = 1;
	fake.set_fault = FAKE_REFUSE;
	fake.refuse_with = EFI_WRITE_PROTECTED;
	fake_start_into(FAKE_NORMAL);
	ck_assert_uint_eq(fake_note.troubles, DARUMA_TROUBLE_RECORD_WRITTEN);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("efi_forget");
	TCase *removal = suite_case(all, "removal", 10);

	tcase_add_test(removal, forget_deletes_all_that_is_ours);
	tcase_add_test(removal, forget_deletes_an_entry_that_starts_shim);
	tcase_add_test(removal, forget_under_the_path_of_shim_is_followed_by_the_next_entry);
	tcase_add_loop_test(removal, nobody_starts_itself_behind_shim, 0, 2);
	tcase_add_loop_test(removal, forget_keeps_an_entry_by_which_shim_starts_others, 0, 5);
	tcase_add_loop_test(removal, forget_keeps_entries_of_others, 0, 9);
	tcase_add_test(removal, forget_that_fails_says_so);
	return all;
}
