/* test_efi_stage.c: one start of the firmware stage: what it counts, writes and tells
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/suite.h"

#include <string.h>

#include "efi/variables.h"
#include "policy/bytes.h"
#include "policy/throttle.h"
#include "tests/unit/fake_efi_starts.h"

START_TEST(first_start_is_normal_and_leaves_a_record)
{
	fake_efi_init(&fake);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.rung, DARUMA_RUNG_NORMAL);
	ck_assert_int_eq(fake_note.reason, DARUMA_REASON_RECORD_ABSENT);
	ck_assert_uint_eq(fake_note.troubles, 0);
	ck_assert_mem_eq(fake_record.install, fake_install, DARUMA_GUID_SIZE);
	ck_assert_uint_eq(fake.nv_writes, 1);
	ck_assert_uint_eq(fake.lines, 0);
}
END_TEST

START_TEST(variables_have_exactly_their_attributes)
{
	fake_efi_init(&fake);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_uint_eq(fake_efi_find(&fake, FAKE_RECORD, &variables_daruma)->attributes, 3);
	ck_assert_uint_eq(fake_efi_find(&fake, FAKE_NOTE, &variables_daruma)->attributes, 6);
}
END_TEST

/* At most one non-volatile write per start, whatever the system answers; no more calls than
 * record and note. */
START_TEST(good_starts_write_once_each)
{
	fake_arm();
	for (unsigned i = 0; i < 50; i++) {
		fake_start_counted(FAKE_NORMAL);
		ck_assert_uint_eq(fake.nv_writes, 1);
		ck_assert_uint_eq(fake.sets, 2);
		ck_assert_uint_eq(fake_record.counters.panic + fake_record.counters.unexplained, 0);
		fake_efi_answer(&fake, DARUMA_RESULT_GOOD, DARUMA_REQUEST_NONE);
	}
}
END_TEST

START_TEST(crashing_starts_write_once_each)
{
	fake_arm();
	for (unsigned i = 0; i < 30; i++) {
		ck_assert_int_eq(fake_efi_start(&fake), FAKE_HANDED_OVER);
		ck_assert_uint_eq(fake.nv_writes, 1);
		ck_assert_uint_le(fake.lines, 1);
		fake_efi_dump(&fake, i);
	}
}
END_TEST

/* R3: the record of this start is in the flash before the target runs. */
START_TEST(r3_record_is_written_before_hand_over)
{
	fake_arm();
	fake_start_counted(FAKE_NORMAL);
	ck_assert_mem_eq(fake_record.boot_id, fake_note.boot_id, DARUMA_GUID_SIZE);
	ck_assert_uint_eq(fake_record.starts, fake_note.starts);
	ck_assert_uint_eq(fake_efi_program(&fake, FAKE_NORMAL)->started, 3);
}
END_TEST

START_TEST(crashes_lead_to_held_and_then_safe)
{
	fake_crash_into_safe();
	ck_assert_int_eq(fake_note.rung, DARUMA_RUNG_HELD);
	ck_assert_uint_eq(fake.lines, 1);
	fake_start_counted(FAKE_SAFE);
	ck_assert_int_eq(fake_note.rung, DARUMA_RUNG_SAFE);
	ck_assert_int_eq(fake_note.reason, DARUMA_REASON_CRASHES_SAFE);
	ck_assert_uint_eq(fake_note.counters.panic, 3);
	ck_assert_str_eq(fake.console, "Daruma: safe profile, reason crashes-safe, panics 3\r\n");
}
END_TEST

/* Everything the record holds for the operating system, and nothing of the start before. */
START_TEST(note_tells_what_the_record_holds)
{
	struct daruma_thresholds thresholds = { .incident_gap = 1440, .token_return = 10080 };
	struct fake_variable *answer;
	uint8_t last[DARUMA_GUID_SIZE];

	thresholds.incidents = DARUMA_TOKENS;
	fake_crash_into_safe();
	fake_start_counted(FAKE_SAFE);
	memcpy(last, fake_record.boot_id, sizeof(last));
	fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_TRIAL);
	answer = fake_efi_find(&fake, FAKE_ANSWER, &variables_daruma);
	answer->bytes[25] = 3; /* changed, accused */
	answer->bytes[32] = 0xa5;
	daruma_put32(answer->bytes + 60, daruma_crc32(answer->bytes, 60));
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.rung, DARUMA_RUNG_TRIAL);
	ck_assert_int_eq(fake_note.last_ending, DARUMA_ENDING_CLEAN);
	ck_assert_mem_eq(fake_note.previous_boot_id, last, sizeof(last));
	ck_assert_uint_eq(fake_note.argument[0], 0xa5);
	ck_assert_mem_eq(fake_note.argument, fake_record.argument, DARUMA_ARGUMENT_SIZE);
	ck_assert(fake_note.armed && fake_note.incident_open && !fake_note.test);
	ck_assert(fake_note.changed && fake_note.accused);
	ck_assert_mem_eq(&fake_note.counters, &fake_record.counters, sizeof(fake_note.counters));
	ck_assert_uint_eq(fake_note.counters.clean, 1);
	ck_assert_uint_eq(fake_note.tries_left, 1);
	ck_assert_uint_eq(fake_note.incident, 1);
	ck_assert_uint_eq(fake_note.incident_starts, 1);
	ck_assert_uint_eq(fake_note.aside_starts, 0);
	ck_assert_uint_eq(fake_note.cooldown, daruma_throttle_wait(&fake_record, &thresholds));
	ck_assert_uint_eq(fake_note.cooldown, 1440);
	ck_assert_uint_eq(fake_note.dumps_count, 3);
	ck_assert_uint_eq(fake_note.dumps_newest, 1720000002);
	ck_assert_uint_eq(fake_note.starts, fake_record.starts);
	ck_assert_int_eq(fake_note.record_state, DARUMA_STATE_VALID);
	ck_assert_int_eq(fake_note.answer_state, DARUMA_STATE_VALID);
	ck_assert_int_eq(fake_note.limits_state, DARUMA_STATE_VALID);
}
END_TEST

START_TEST(safe_that_fails_leads_to_rescue_and_then_aside)
{
	fake_crash_into_safe();
	fake_start_counted(FAKE_SAFE);
	fake_efi_dump(&fake, 10);
	fake_start_counted(FAKE_SAFE);
	fake_efi_dump(&fake, 11);
	fake_start_counted(FAKE_RESCUE);
	fake_efi_dump(&fake, 12);
	fake_start_counted(FAKE_RESCUE);
	fake_efi_dump(&fake, 13);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.rung, DARUMA_RUNG_ASIDE);
}
END_TEST

/* R2: a good answer for another start changes nothing. */
START_TEST(r2_answer_with_another_boot_id_changes_nothing)
{
	fake_arm();
	fake_start_counted(FAKE_NORMAL);
	fake_efi_answer(&fake, DARUMA_RESULT_GOOD, DARUMA_REQUEST_NONE);
	fake_start_counted(FAKE_NORMAL);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_uint_eq(fake_record.counters.unexplained, 1);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_uint_eq(fake_record.counters.unexplained, 2);
}
END_TEST

START_TEST(boot_ids_differ_without_random_numbers)
{
	uint8_t last[DARUMA_GUID_SIZE] = { 0 };

	fake_efi_init(&fake);
	fake.no_random = _i == 0;
	fake.random_status = _i == 1 ? EFI_NOT_READY : EFI_SUCCESS;
	fake.clock_fails = true;
	for (unsigned i = 0; i < 100; i++) {
		fake_start_counted(FAKE_NORMAL);
		ck_assert_uint_eq(fake_note.troubles, DARUMA_TROUBLE_RANDOM_WEAK);
		ck_assert_mem_ne(fake_note.boot_id, last, DARUMA_GUID_SIZE);
		ck_assert_mem_eq(fake_note.previous_boot_id, last, DARUMA_GUID_SIZE);
		memcpy(last, fake_note.boot_id, sizeof(last));
	}
}
END_TEST

START_TEST(machine_without_console_starts)
{
	fake_crash_into_safe();
	fake.no_console = true;
	fake_start_counted(FAKE_SAFE);
}
END_TEST

/* Two installations on one machine do not meet: the name has the first field of the partition
 * GUID. */
START_TEST(names_carry_the_installation)
{
	fake_efi_init(&fake);
	fake_start_counted(FAKE_NORMAL);
	fake.device_path[18 + 24] ^= 0xff;
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_RETURNED); /* the limits are foreign */
	ck_assert_ptr_nonnull(fake_efi_find(&fake, "DarumaRecord-112233bb", &variables_daruma));
	ck_assert_int_eq(fake_efi_record(&fake, &fake_record), DARUMA_STATE_VALID);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("efi_stage");
	TCase *starts = suite_case(all, "starts", 10);

	tcase_add_test(starts, first_start_is_normal_and_leaves_a_record);
	tcase_add_test(starts, variables_have_exactly_their_attributes);
	tcase_add_test(starts, good_starts_write_once_each);
	tcase_add_test(starts, crashing_starts_write_once_each);
	tcase_add_test(starts, r3_record_is_written_before_hand_over);
	tcase_add_test(starts, crashes_lead_to_held_and_then_safe);
	tcase_add_test(starts, note_tells_what_the_record_holds);
	tcase_add_test(starts, safe_that_fails_leads_to_rescue_and_then_aside);
	tcase_add_test(starts, r2_answer_with_another_boot_id_changes_nothing);
	tcase_add_loop_test(starts, boot_ids_differ_without_random_numbers, 0, 2);
	tcase_add_test(starts, machine_without_console_starts);
	tcase_add_test(starts, names_carry_the_installation);
	return all;
}
