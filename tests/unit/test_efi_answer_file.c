/* test_efi_answer_file.c: answers in a file of our partition, on firmware that cannot store variables at run time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/suite.h"

#include <string.h>

#include "policy/answer_file.h"
#include "tests/unit/fake_efi_starts.h"

#define PATH "\\EFI\\daruma\\answer.bin"

static uint8_t file[DARUMA_ANSWER_FILE_SIZE + 1];
static struct fake_file *laid;

/* A machine whose limits name the file, which is laid. */
static void set_up(void)
{
	static uint8_t bytes[DARUMA_LIMITS_SIZE];
	struct daruma_limits limits;

	fake_efi_init(&fake);
	daruma_limits_decode(fake.files[0].bytes, DARUMA_LIMITS_SIZE, fake_install, &limits);
	strcpy(limits.answer_path, PATH);
	daruma_limits_encode(&limits, bytes);
	fake_efi_file(&fake, DARUMA_ESP_LIMITS, bytes, sizeof(bytes));
	memset(file, 0, sizeof(file));
	laid = fake_efi_file(&fake, PATH, file, DARUMA_ANSWER_FILE_SIZE);
}

/* The operating system answers the last start there. */
static void answer_by_file(enum daruma_result result, enum daruma_request request)
{
	struct daruma_answer answer = { .result = result, .request = request };
	struct daruma_answer_file before;

	daruma_answer_file_decode(file, DARUMA_ANSWER_FILE_SIZE, &before);
	memcpy(answer.boot_id, fake_note.boot_id, DARUMA_GUID_SIZE);
	daruma_answer_slot_encode(&answer, before.sequence,
				  file + before.slot * DARUMA_ANSWER_SLOT_SIZE);
}

/* R58: counting is on by an answer in the file alone, the ladder is climbed, and an answer closes it. */
START_TEST(r58_answers_by_file_are_answers)
{
	fake_start_counted(FAKE_NORMAL);
	ck_assert(fake_note.answers_by_file);
	answer_by_file(DARUMA_RESULT_GOOD, DARUMA_REQUEST_NONE);
	fake_start_counted(FAKE_NORMAL);
	ck_assert(fake_record.armed);
	ck_assert_int_eq(fake_note.answer_state, DARUMA_STATE_VALID);
	ck_assert_uint_eq(fake_note.troubles, 0);
	answer_by_file(DARUMA_RESULT_NONE, DARUMA_REQUEST_NONE);
	answer_by_file(DARUMA_RESULT_CLEAN, DARUMA_REQUEST_SAFE);
	fake_start_counted(FAKE_SAFE);
	ck_assert_int_eq(fake_note.reason, DARUMA_REASON_REQUESTED);
}
END_TEST

/* R2: one for another start is none, and the variable is asked then. */
START_TEST(r2_old_answer_in_the_file_leaves_the_variable)
{
	fake_start_counted(FAKE_NORMAL);
	answer_by_file(DARUMA_RESULT_CLEAN, DARUMA_REQUEST_SAFE);
	fake_start_counted(FAKE_SAFE);
	fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_NONE);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.last_ending, DARUMA_ENDING_CLEAN);
	ck_assert_uint_eq(fake_note.troubles, 0);
}
END_TEST

/* A file that is not there, cannot be read, or is somebody else's: said, and the variable counts. */
START_TEST(r58_unreadable_file_leaves_the_variable)
{
	fake_start_counted(FAKE_NORMAL);
	fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_SAFE);
	laid->open_status = _i == 0 ? EFI_NOT_FOUND : _i == 1 ? EFI_ACCESS_DENIED : EFI_SUCCESS;
	laid->read_status = _i == 2 ? EFI_DEVICE_ERROR : EFI_SUCCESS;
	laid->size += _i == 3;
	file[0] = _i == 4 ? 'M' : 0;
	fake_start_counted(FAKE_SAFE);
	ck_assert_uint_eq(fake_note.troubles, DARUMA_TROUBLE_ANSWER_READ);
	ck_assert_int_eq(fake_note.answer_state, DARUMA_STATE_VALID);
}
END_TEST

/* Limits that name none: the note says so, and no file is looked for. */
START_TEST(no_file_without_limits_that_name_it)
{
	fake_efi_init(&fake);
	fake_efi_file(&fake, PATH, file, DARUMA_ANSWER_FILE_SIZE);
	fake_start_counted(FAKE_NORMAL);
	ck_assert(!fake_note.answers_by_file);
	answer_by_file(DARUMA_RESULT_CLEAN, DARUMA_REQUEST_SAFE);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.answer_state, DARUMA_STATE_ABSENT);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("efi_answer_file");
	TCase *answers = suite_case(all, "answers", 10);

	tcase_add_checked_fixture(answers, set_up, NULL);
	tcase_add_test(answers, r58_answers_by_file_are_answers);
	tcase_add_test(answers, r2_old_answer_in_the_file_leaves_the_variable);
	tcase_add_loop_test(answers, r58_unreadable_file_leaves_the_variable, 0, 5);
	tcase_add_test(answers, no_file_without_limits_that_name_it);
	return all;
}
