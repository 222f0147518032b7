/* test_efi_targets.c: which program a start hands over to, and what stands in for one that fails
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/suite.h"

#include "tests/unit/fake_efi_starts.h"

START_TEST(options_reach_the_target)
{
	static const char wanted[] = "daruma.safe quiet";
	const struct fake_program *safe;

	fake_crash_into_safe();
	fake_start_counted(FAKE_SAFE);
	safe = fake_efi_program(&fake, FAKE_SAFE);
	ck_assert_uint_eq(safe->options_size, 2 * sizeof(wanted));
	for (unsigned i = 0; i < sizeof(wanted); i++)
		ck_assert_int_eq(safe->options[i], wanted[i]);
	/* No options is none at all, not an empty text. */
	ck_assert_uint_eq(fake_efi_program(&fake, FAKE_NORMAL)->options_size, 0);
}
END_TEST

/* Shim's LoadImage leaves ours with an image: they say nothing to it. */
START_TEST(own_options_do_not_reach_the_target)
{
	fake_efi_init(&fake);
	fake_efi_options(&fake, FAKE_SAFE " x");
	fake_start_into(FAKE_NORMAL);
	ck_assert_uint_eq(fake_efi_program(&fake, FAKE_NORMAL)->options_size, 0);
	fake_efi_limits(&fake, "", "", "");
	fake_start_into(FAKE_SAFE);
	ck_assert_uint_eq(fake_efi_program(&fake, FAKE_SAFE)->options_size, 0);
}
END_TEST

START_TEST(empty_safe_path_is_the_normal_target)
{
	fake_crash_into_safe();
	fake_efi_limits(&fake, FAKE_NORMAL, "", "");
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.rung, DARUMA_RUNG_SAFE);
	ck_assert_uint_eq(fake_note.troubles, 0);
}
END_TEST

/* Load, verification and start may each fail; the normal target stands in, and the note says so. */
START_TEST(failing_safe_target_is_replaced)
{
	static const struct {
		EFI_STATUS load;
		EFI_STATUS start;
		uint32_t troubles; /* beside that of a target that was replaced */
	} cases[] = {
		{ EFI_NOT_FOUND, FAKE_RUNS, 0 },
		{ EFI_SECURITY_VIOLATION, FAKE_RUNS, DARUMA_TROUBLE_TARGET_REFUSED },
		{ EFI_ACCESS_DENIED, FAKE_RUNS, DARUMA_TROUBLE_TARGET_REFUSED },
		{ EFI_SUCCESS, EFI_LOAD_ERROR, 0 },
		/* What it says for itself is no refusal of the firmware. */
		{ EFI_SUCCESS, EFI_ACCESS_DENIED, 0 },
	};
	struct fake_program *safe;

	fake_crash_into_safe();
	safe = fake_efi_program(&fake, FAKE_SAFE);
	safe->load_status = cases[_i].load;
	safe->start_status = cases[_i].start;
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.rung, DARUMA_RUNG_SAFE);
	ck_assert_uint_eq(fake_note.troubles, DARUMA_TROUBLE_TARGET_REPLACED | cases[_i].troubles);
	ck_assert_uint_eq(fake.nv_writes, 1);
	/* A refused image does not stay in memory. */
	ck_assert_uint_eq(safe->unloaded, cases[_i].load == EFI_SECURITY_VIOLATION);
}
END_TEST

START_TEST(missing_target_gives_an_error_to_the_firmware)
{
	fake_efi_init(&fake);
	fake_efi_program(&fake, FAKE_NORMAL)->load_status = EFI_NOT_FOUND;
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_RETURNED);
	ck_assert_uint_eq(fake.status, EFI_NOT_FOUND);
	ck_assert_uint_eq(fake.lines, 1);
	ck_assert_uint_eq(fake.waits, 0);
}
END_TEST

/* The firmware starts its next entry, and what runs there finds the reason in the note (R31). */
START_TEST(refused_target_is_told_to_the_next_entry)
{
	static const EFI_STATUS statuses[] = { EFI_SECURITY_VIOLATION, EFI_ACCESS_DENIED };

	fake_efi_init(&fake);
	fake_efi_program(&fake, FAKE_NORMAL)->load_status = statuses[_i];
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_RETURNED);
	/* Shim would take the status itself for a reason to start us once more. */
	ck_assert_uint_eq(fake.status, EFI_LOAD_ERROR);
	ck_assert_uint_eq(fake_efi_program(&fake, FAKE_NORMAL)->started, 0);
	ck_assert_uint_eq(fake.lines, 1);
	ck_assert_ptr_nonnull(strstr(fake.console, "not signed by a trusted key"));
	ck_assert_int_eq(fake_efi_note(&fake, &fake_note), DARUMA_STATE_VALID);
	ck_assert_uint_eq(fake_note.troubles, DARUMA_TROUBLE_TARGET_REFUSED);
}
END_TEST

/* The first one is missing, the second one refused: the note of the third names both. */
START_TEST(refusal_of_a_stand_in_is_told)
{
	fake_crash_into_safe();
	fake_efi_options(&fake, FAKE_RESCUE);
	fake_efi_program(&fake, FAKE_SAFE)->load_status = EFI_NOT_FOUND;
	fake_efi_program(&fake, FAKE_NORMAL)->load_status = EFI_ACCESS_DENIED;
	fake_start_counted(FAKE_RESCUE);
	ck_assert_uint_eq(fake_note.troubles,
			  DARUMA_TROUBLE_TARGET_REPLACED | DARUMA_TROUBLE_TARGET_REFUSED);
}
END_TEST

START_TEST(refusal_without_a_name_is_no_note)
{
	fake_efi_init(&fake);
	fake_efi_options(&fake, FAKE_SAFE);
	fake_efi_program(&fake, FAKE_SAFE)->load_status = EFI_ACCESS_DENIED;
	fake.device_path[18 + 41] = 1; /* signature of an MBR disk */
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_RETURNED);
	ck_assert_uint_eq(fake.sets, 0);
}
END_TEST

START_TEST(no_target_at_all_gives_an_error_to_the_firmware)
{
	fake_efi_init(&fake);
	fake_efi_limits(&fake, "", "", "");
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_RETURNED);
	ck_assert_uint_eq(fake.status, EFI_NOT_FOUND);
}
END_TEST

/* What the normal target returns goes to the firmware as if we had not been there. */
START_TEST(status_of_the_normal_target_is_passed_on)
{
	static const EFI_STATUS statuses[] = { EFI_SUCCESS, EFI_LOAD_ERROR };

	fake_efi_init(&fake);
	fake_efi_options(&fake, FAKE_SAFE);
	fake_efi_program(&fake, FAKE_NORMAL)->start_status = statuses[_i];
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_RETURNED);
	ck_assert_uint_eq(fake.status, statuses[_i]);
	ck_assert_uint_eq(fake_efi_program(&fake, FAKE_SAFE)->started, 0);
}
END_TEST

START_TEST(load_options_name_the_target_without_limits)
{
	fake_efi_init(&fake);
	fake_efi_file(&fake, DARUMA_ESP_LIMITS, NULL, 0);
	fake_efi_file(&fake, DARUMA_ESP_LIMITS_BACKUP, NULL, 0);
	fake_efi_options(&fake, FAKE_SAFE " more words");
	fake_start_counted(FAKE_SAFE);
	ck_assert_uint_eq(fake_note.troubles, DARUMA_TROUBLE_LIMITS_BUILTIN);
	ck_assert_int_eq(fake_note.limits_state, DARUMA_STATE_ABSENT);
}
END_TEST

START_TEST(load_options_stand_in_for_a_missing_target)
{
	fake_efi_init(&fake);
	fake_efi_limits(&fake, "\\EFI\\gone.efi", "", "");
	fake_efi_options(&fake, FAKE_NORMAL);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_uint_eq(fake_note.troubles, DARUMA_TROUBLE_TARGET_REPLACED);
}
END_TEST

START_TEST(load_options_that_are_no_path_are_ignored)
{
	static const char *const cases[] = { "EFI\\normal.efi", " " FAKE_NORMAL, "", "\\\t", "/x" };

	fake_efi_init(&fake);
	fake_efi_limits(&fake, "", "", "");
	fake_efi_options(&fake, cases[_i]);
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_RETURNED);
	ck_assert_uint_eq(fake.status, EFI_NOT_FOUND);
}
END_TEST

/* A target that is this program would start itself for ever. */
START_TEST(own_program_is_never_the_target)
{
	struct fake_program *own;

	fake_efi_init(&fake);
	fake_efi_limits(&fake, "\\efi\\DARUMA\\darumaX64.efi", "", "");
	fake_efi_options(&fake, DARUMA_ESP_PROGRAM);
	own = fake_efi_program(&fake, DARUMA_ESP_PROGRAM);
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_RETURNED);
	ck_assert_uint_eq(own->loaded, 0);
}
END_TEST

/* Started from something that is no GPT partition: no name for the variables, so nothing is
 * counted. */
START_TEST(start_off_a_partition_uses_load_options)
{
	fake_efi_init(&fake);
	fake_efi_options(&fake, FAKE_SAFE);
	fake.device_path[18 + 41] = 1; /* signature of an MBR disk */
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_HANDED_OVER);
	ck_assert_str_eq(fake.started, FAKE_SAFE);
	ck_assert_uint_eq(fake.sets, 0);
}
END_TEST

START_TEST(start_without_device_path_returns_to_the_firmware)
{
	fake_efi_init(&fake);
	fake_efi_options(&fake, FAKE_NORMAL);
	fake.no_device_path = true;
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_RETURNED);
	ck_assert(EFI_ERROR(fake.status));
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("efi_targets");
	TCase *targets = suite_case(all, "targets", 10);

	tcase_add_test(targets, options_reach_the_target);
	tcase_add_test(targets, own_options_do_not_reach_the_target);
	tcase_add_test(targets, empty_safe_path_is_the_normal_target);
	tcase_add_loop_test(targets, failing_safe_target_is_replaced, 0, 5);
	tcase_add_test(targets, missing_target_gives_an_error_to_the_firmware);
	tcase_add_loop_test(targets, refused_target_is_told_to_the_next_entry, 0, 2);
	tcase_add_test(targets, refusal_of_a_stand_in_is_told);
	tcase_add_test(targets, refusal_without_a_name_is_no_note);
	tcase_add_test(targets, no_target_at_all_gives_an_error_to_the_firmware);
	tcase_add_loop_test(targets, status_of_the_normal_target_is_passed_on, 0, 2);
	tcase_add_test(targets, load_options_name_the_target_without_limits);
	tcase_add_test(targets, load_options_stand_in_for_a_missing_target);
	tcase_add_loop_test(targets, load_options_that_are_no_path_are_ignored, 0, 5);
	tcase_add_test(targets, own_program_is_never_the_target);
	tcase_add_test(targets, start_off_a_partition_uses_load_options);
	tcase_add_test(targets, start_without_device_path_returns_to_the_firmware);
	return all;
}
