/* test_efi_limits.c: a start whose limits are damaged, unreadable or of another installation
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/suite.h"

#include <string.h>

#include "tests/unit/fake_efi_starts.h"

/* R53: damaged limits are replaced by the second copy, then by the built-in ones. */
START_TEST(r53_second_copy_of_the_limits_is_used)
{
	static uint8_t damaged[DARUMA_LIMITS_SIZE];

	fake_efi_init(&fake);
	fake_efi_file(&fake, DARUMA_ESP_LIMITS, damaged, sizeof(damaged));
	fake_start_counted(FAKE_NORMAL);
	ck_assert_uint_eq(fake_note.troubles, DARUMA_TROUBLE_LIMITS_FIRST);
	ck_assert_int_eq(fake_note.limits_state, DARUMA_STATE_VALID);
}
END_TEST

START_TEST(r53_built_in_limits_are_used)
{
	static uint8_t damaged[DARUMA_LIMITS_SIZE];

	fake_efi_init(&fake);
	fake_efi_file(&fake, DARUMA_ESP_LIMITS, damaged, sizeof(damaged));
	fake_efi_file(&fake, DARUMA_ESP_LIMITS_BACKUP, damaged, sizeof(damaged) - 1);
	fake_efi_options(&fake, FAKE_NORMAL);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_uint_eq(fake_note.troubles, DARUMA_TROUBLE_LIMITS_BUILTIN);
	ck_assert_int_eq(fake_note.limits_state, DARUMA_STATE_DAMAGED);
}
END_TEST

/* A sound copy with something behind it is not a sound file. */
START_TEST(r53_longer_limits_are_damaged)
{
	static uint8_t longer[DARUMA_LIMITS_SIZE + 1];

	fake_efi_init(&fake);
	memcpy(longer, fake.files[0].bytes, DARUMA_LIMITS_SIZE);
	fake_efi_file(&fake, DARUMA_ESP_LIMITS, longer, sizeof(longer));
	fake_start_counted(FAKE_NORMAL);
	ck_assert_uint_eq(fake_note.troubles, DARUMA_TROUBLE_LIMITS_FIRST);
}
END_TEST

START_TEST(r53_unreadable_partition_is_no_obstacle)
{
	fake_efi_init(&fake);
	fake_efi_options(&fake, FAKE_NORMAL);
	fake.no_volume = _i == 0;
	fake.volume_status = _i == 1 ? EFI_VOLUME_CORRUPTED : EFI_SUCCESS;
	for (unsigned i = 0; i < 2; i++) {
		fake.files[i].open_status = _i == 2 ? EFI_ACCESS_DENIED : EFI_SUCCESS;
		fake.files[i].read_status = _i == 3 ? EFI_DEVICE_ERROR : EFI_SUCCESS;
	}
	fake_start_counted(FAKE_NORMAL);
	ck_assert_uint_eq(fake_note.troubles, DARUMA_TROUBLE_LIMITS_BUILTIN);
	ck_assert_int_eq(fake_note.limits_state, DARUMA_STATE_DAMAGED);
}
END_TEST

/* R60: limits of another installation, as on a copied disk. */
START_TEST(r60_limits_of_another_installation_are_foreign)
{
	static uint8_t foreign[DARUMA_LIMITS_SIZE];
	struct daruma_limits limits;

	fake_efi_init(&fake);
	daruma_limits_default(&limits);
	memset(limits.install, 0x5a, sizeof(limits.install));
	strcpy(limits.normal.path, FAKE_SAFE);
	daruma_limits_encode(&limits, foreign);
	fake_efi_file(&fake, DARUMA_ESP_LIMITS, foreign, sizeof(foreign));
	fake_efi_file(&fake, DARUMA_ESP_LIMITS_BACKUP, foreign, sizeof(foreign));
	fake_efi_options(&fake, FAKE_NORMAL);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.limits_state, DARUMA_STATE_FOREIGN);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("efi_limits");
	TCase *limits = suite_case(all, "limits", 10);

	tcase_add_test(limits, r53_second_copy_of_the_limits_is_used);
	tcase_add_test(limits, r53_built_in_limits_are_used);
	tcase_add_test(limits, r53_longer_limits_are_damaged);
	tcase_add_loop_test(limits, r53_unreadable_partition_is_no_obstacle, 0, 4);
	tcase_add_test(limits, r60_limits_of_another_installation_are_foreign);
	return all;
}
