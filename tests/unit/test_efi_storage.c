/* test_efi_storage.c: a start whose variables are not as we left them, or cannot be read or stored
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/suite.h"

#include "efi/variables.h"
#include "tests/unit/fake_efi_starts.h"

/* R33: the names of our variables with attributes that are not ours count for nothing, and do
 * not block us. */
START_TEST(r33_record_with_other_attributes_is_damaged_and_replaced)
{
	struct fake_variable *variable;

	fake_arm();
	fake_start_counted(FAKE_NORMAL);
	fake_efi_find(&fake, FAKE_RECORD, &variables_daruma)->attributes = 7;
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.reason, DARUMA_REASON_RECORD_DAMAGED);
	ck_assert(!fake_record.armed);
	variable = fake_efi_find(&fake, FAKE_RECORD, &variables_daruma);
	ck_assert_uint_eq(variable->attributes, 3);
}
END_TEST

START_TEST(r33_answer_with_other_attributes_counts_for_nothing)
{
	fake_arm();
	fake_start_counted(FAKE_NORMAL);
	fake_efi_answer(&fake, DARUMA_RESULT_GOOD, DARUMA_REQUEST_SAFE);
	fake_efi_find(&fake, FAKE_ANSWER, &variables_daruma)->attributes = 3;
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.answer_state, DARUMA_STATE_DAMAGED);
	ck_assert_uint_eq(fake_note.troubles, DARUMA_TROUBLE_ANSWER_READ);
	ck_assert_uint_eq(fake_record.counters.unexplained, 1);
}
END_TEST

START_TEST(r33_lasting_note_is_replaced_by_a_volatile_one)
{
	uint8_t planted[DARUMA_NOTE_SIZE + 200] = { 0 };

	fake_efi_init(&fake);
	fake.hides_attributes = _i > 1;
	fake_efi_put(&fake, FAKE_NOTE, &variables_daruma, 7, planted,
		     _i % 2 ? 96 : sizeof(planted));
	fake_start_counted(FAKE_NORMAL);
	ck_assert_uint_eq(fake_efi_find(&fake, FAKE_NOTE, &variables_daruma)->attributes, 6);
}
END_TEST

/* A longer one than ours is damaged; firmware that hides its attributes does not keep us from
 * replacing it. */
START_TEST(r33_oversized_record_is_damaged_and_replaced)
{
	uint8_t planted[DARUMA_RECORD_SIZE + 1] = { 0 };

	fake_efi_init(&fake);
	fake.hides_attributes = _i > 1;
	fake_efi_put(&fake, FAKE_RECORD, &variables_daruma, _i % 2 ? 3 : 7, planted,
		     sizeof(planted));
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.reason, DARUMA_REASON_RECORD_DAMAGED);
	ck_assert_uint_eq(fake_note.troubles, 0);
	ck_assert_uint_eq(fake_efi_find(&fake, FAKE_RECORD, &variables_daruma)->attributes, 3);
}
END_TEST

/* R58: nothing can be stored. The ladder stands still, each start is normal, and the note and
 * the console say so. */
START_TEST(r58_record_that_cannot_be_written_makes_a_normal_start)
{
	static const struct {
		enum fake_fault fault;
		EFI_STATUS status;
	} cases[] = {
		{ FAKE_REFUSE, EFI_WRITE_PROTECTED },
		{ FAKE_REFUSE, EFI_OUT_OF_RESOURCES },
		{ FAKE_REFUSE, EFI_DEVICE_ERROR },
		{ FAKE_REFUSE, EFI_INVALID_PARAMETER },
		{ FAKE_LIE, EFI_SUCCESS },
		{ FAKE_GARBLE, EFI_SUCCESS },
	};

	fake_crash_into_safe();
	fake.set_fault_at = 1;
	fake.set_fault = cases[_i].fault;
	fake.refuse_with = cases[_i].status;
	fake_start_into(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.rung, DARUMA_RUNG_NORMAL);
	ck_assert_uint_eq(fake_note.troubles, DARUMA_TROUBLE_RECORD_WRITTEN);
	ck_assert_uint_eq(fake.lines, 1);
	/* With storage back the ladder goes on, or begins anew where the record was garbled. */
	fake.set_fault_at = 0;
	fake_start_counted(cases[_i].fault == FAKE_GARBLE ? FAKE_NORMAL : FAKE_SAFE);
}
END_TEST

START_TEST(r58_no_variable_services_at_all)
{
	fake_efi_init(&fake);
	fake.set_fault_at = FAKE_EVERY;
	fake.set_fault = FAKE_REFUSE;
	fake.refuse_with = EFI_UNSUPPORTED;
	fake.get_fault_at = FAKE_EVERY;
	fake.get_fails_with = EFI_UNSUPPORTED;
	fake.list_fault_at = 1;
	fake.list_fails_with = EFI_UNSUPPORTED;
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_HANDED_OVER);
	ck_assert_str_eq(fake.started, FAKE_NORMAL);
	ck_assert_uint_eq(fake.lines, 1);
}
END_TEST

START_TEST(record_that_cannot_be_read_is_a_trouble)
{
	fake_arm();
	fake.get_fault_at = 1;
	fake.get_fails_with = EFI_DEVICE_ERROR;
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.reason, DARUMA_REASON_RECORD_DAMAGED);
	ck_assert_uint_eq(fake_note.troubles, DARUMA_TROUBLE_RECORD_READ);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("efi_storage");
	TCase *storage = suite_case(all, "storage", 10);

	tcase_add_test(storage, r33_record_with_other_attributes_is_damaged_and_replaced);
	tcase_add_test(storage, r33_answer_with_other_attributes_counts_for_nothing);
	tcase_add_loop_test(storage, r33_lasting_note_is_replaced_by_a_volatile_one, 0, 4);
	tcase_add_loop_test(storage, r33_oversized_record_is_damaged_and_replaced, 0, 4);
	tcase_add_loop_test(storage, r58_record_that_cannot_be_written_makes_a_normal_start, 0, 6);
	tcase_add_test(storage, r58_no_variable_services_at_all);
	tcase_add_test(storage, record_that_cannot_be_read_is_a_trouble);
	return all;
}
