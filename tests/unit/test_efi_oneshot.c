/* test_efi_oneshot.c: when systemd-boot is asked for the entry of safe starts, and that no other start is of it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/suite.h"

#include <string.h>

#include "policy/bytes.h"
#include "tests/unit/fake_efi_starts.h"

#define ONESHOT "LoaderEntryOneShot"

static const EFI_GUID loader = {
	0x4a67b082, 0x0a4c, 0x41cf, { 0xb6, 0xc7, 0x44, 0x0b, 0x29, 0xbb, 0x8c, 0x4f }
};

static const struct fake_variable *asked(void)
{
	return fake_efi_find(&fake, ONESHOT, &loader);
}

/* The rungs have no target of their own: systemd-boot is what all of them start. */
static void machine(bool laid)
{
	static uint8_t bytes[DARUMA_LIMITS_SIZE];
	struct daruma_limits limits;

	fake_arm();
	ck_assert_int_eq(daruma_limits_decode(fake.files[0].bytes, DARUMA_LIMITS_SIZE, fake_install,
					      &limits),
			 DARUMA_STATE_VALID);
	memset(&limits.safe, 0, sizeof(limits.safe));
	memset(&limits.rescue, 0, sizeof(limits.rescue));
	daruma_limits_encode(&limits, bytes);
	fake_efi_file(&fake, DARUMA_ESP_LIMITS, bytes, sizeof(bytes));
	if (laid)
		fake_efi_file(&fake, DARUMA_ESP_SAFE_ENTRY, (const uint8_t *)"linux /x", 8);
}

static void start_safe(const char *path)
{
	fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_SAFE);
	fake_start_counted(path);
	ck_assert_int_eq(fake_note.rung, DARUMA_RUNG_SAFE);
}

START_TEST(a_safe_start_asks_for_it)
{
	static const CHAR16 wanted[] = L"daruma-safe*.conf";

	machine(true);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_ptr_null(asked());
	start_safe(FAKE_NORMAL);
	ck_assert_ptr_nonnull(asked());
	ck_assert_uint_eq(asked()->attributes, 7);
	ck_assert_uint_eq(asked()->size, sizeof(wanted));
	ck_assert_mem_eq(asked()->bytes, wanted, sizeof(wanted));
	ck_assert_uint_eq(fake_note.troubles, 0);
}
END_TEST

START_TEST(only_where_there_is_one)
{
	machine(false);
	start_safe(FAKE_NORMAL);
	ck_assert_ptr_null(asked());
}
END_TEST

/* It is not systemd-boot then. */
START_TEST(not_for_a_target_of_the_rung_s_own)
{
	fake_arm();
	fake_efi_file(&fake, DARUMA_ESP_SAFE_ENTRY, (const uint8_t *)"linux /x", 8);
	start_safe(FAKE_SAFE);
	ck_assert_ptr_null(asked());
}
END_TEST

/* A loader that did not read it would take it for the next start, in which products run. */
START_TEST(no_other_start_is_of_it)
{
	machine(true);
	start_safe(FAKE_NORMAL);
	ck_assert_ptr_nonnull(asked());
	fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_NORMAL);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.rung, DARUMA_RUNG_NORMAL);
	ck_assert_ptr_null(asked());
	/* And one that somebody else has asked for stays. */
	start_safe(FAKE_NORMAL);
	fake_efi_find(&fake, ONESHOT, &loader)->bytes[0] = 'x';
	fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_NORMAL);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_ptr_nonnull(asked());
}
END_TEST

/* R54 */
START_TEST(r54_other_starts_do_not_look)
{
	unsigned gets;

	machine(true);
	fake_start_counted(FAKE_NORMAL);
	fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_NORMAL);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_uint_eq(fake.nv_writes, 1);
	gets = fake.gets;
	/* Behind a safe start it is one look more. */
	start_safe(FAKE_NORMAL);
	fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_NORMAL);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_uint_eq(fake.gets, gets + 1);
}
END_TEST

START_TEST(a_loader_that_returns_leaves_nothing_behind)
{
	machine(true);
	fake_efi_program(&fake, FAKE_NORMAL)->start_status = EFI_ABORTED;
	fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_SAFE);
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_RETURNED);
	ck_assert_ptr_null(asked());
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("efi_oneshot");
	TCase *tests = suite_case(all, "oneshot", 10);

	tcase_add_test(tests, a_safe_start_asks_for_it);
	tcase_add_test(tests, only_where_there_is_one);
	tcase_add_test(tests, not_for_a_target_of_the_rung_s_own);
	tcase_add_test(tests, no_other_start_is_of_it);
	tcase_add_test(tests, r54_other_starts_do_not_look);
	tcase_add_test(tests, a_loader_that_returns_leaves_nothing_behind);
	return all;
}
