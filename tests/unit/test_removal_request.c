/* test_removal_request.c: a removal that waits for its restart, and installing again before it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <string.h>

#include "policy/bytes.h"
#include "recovery/boot/removal_request.h"
#include "tests/unit/suite.h"
#include "tests/unit/variable_folder.h"

#define ID "2e8f19a4"

static const struct context context = { .root = "/nowhere" };

static struct this_boot boot;

static void set_up(void)
{
	uint8_t bytes[DARUMA_NOTE_SIZE];

	variable_folder_make();
	memset(boot.note.boot_id, 0x5a, sizeof(boot.note.boot_id));
	strcpy(boot.id, ID);
	daruma_note_encode(&boot.note, bytes);
	variable_folder_put(DARUMA_NOTE_NAME ID, DARUMA_NOTE_ATTRIBUTES, bytes, sizeof(bytes));
}

/* An answer of this start that has something in every member. */
static struct daruma_answer answer_with(enum daruma_request request)
{
	struct daruma_answer answer = {
		.result = DARUMA_RESULT_GOOD,
		.changed = true,
		.accused = true,
		.previous = DARUMA_ENDING_OPERATOR,
		.request = request,
		.healthy_minutes = 4711,
		.argument = "an argument",
	};

	daruma_copy(answer.boot_id, boot.note.boot_id, DARUMA_GUID_SIZE);
	return answer;
}

static void expect_stored(const char *id, const struct daruma_answer *expected)
{
	uint8_t bytes[DARUMA_ANSWER_SIZE], expected_bytes[DARUMA_ANSWER_SIZE];
	struct daruma_answer stored;

	ck_assert_int_eq(firmware_read_answer(&context, id, &stored), DARUMA_STATE_VALID);
	daruma_answer_encode(&stored, bytes);
	daruma_answer_encode(expected, expected_bytes);
	ck_assert_mem_eq(bytes, expected_bytes, sizeof(bytes));
}

START_TEST(is_made_and_called_off)
{
	const struct daruma_answer without = answer_with(DARUMA_REQUEST_NONE);
	const struct daruma_answer with = answer_with(DARUMA_REQUEST_FORGET);

	ck_assert_int_eq(firmware_write_answer(&context, ID, &without), 0);
	ck_assert_int_eq(removal_request_make(&context, NULL, &boot), 0);
	expect_stored(ID, &with);
	ck_assert_int_eq(removal_request_call_off(&context), 0);
	expect_stored(ID, &without);
}
END_TEST

/* It would not count any more (answer.h); whether it does is not judged here. */
START_TEST(of_an_earlier_start_is_called_off)
{
	struct daruma_answer answer = answer_with(DARUMA_REQUEST_FORGET);

	memset(answer.boot_id, 0xa5, sizeof(answer.boot_id));
	ck_assert_int_eq(firmware_write_answer(&context, ID, &answer), 0);
	ck_assert_int_eq(removal_request_call_off(&context), 0);
	answer.request = DARUMA_REQUEST_NONE;
	expect_stored(ID, &answer);
}
END_TEST

START_TEST(other_requests_stay)
{
	for (int request = DARUMA_REQUEST_NONE; request < DARUMA_REQUEST_COUNT; request++) {
		const struct daruma_answer answer = answer_with((enum daruma_request)request);

		if (request == DARUMA_REQUEST_FORGET)
			continue;
		ck_assert_int_eq(firmware_write_answer(&context, ID, &answer), 0);
		variable_folder_set_written(DARUMA_ANSWER_NAME ID, 1000);
		ck_assert_int_eq(removal_request_call_off(&context), 0);
		ck_assert_int_eq(variable_folder_written(DARUMA_ANSWER_NAME ID), 1000);
		expect_stored(ID, &answer);
	}
}
END_TEST

/* Two installations on one machine do not meet. */
START_TEST(of_another_installation_stays)
{
	const struct daruma_answer answer = answer_with(DARUMA_REQUEST_FORGET);

	ck_assert_int_eq(firmware_write_answer(&context, "deadbeef", &answer), 0);
	ck_assert_int_eq(removal_request_call_off(&context), 0);
	expect_stored("deadbeef", &answer);
}
END_TEST

START_TEST(nothing_to_call_off)
{
	const struct context without = { .root = "/nowhere", .no_variables = true };
	const struct daruma_answer answer = answer_with(DARUMA_REQUEST_FORGET);
	uint8_t damaged[DARUMA_ANSWER_SIZE];

	ck_assert_int_eq(removal_request_call_off(&context), 0);
	ck_assert_int_eq(variable_folder_written(DARUMA_ANSWER_NAME ID), 0);

	daruma_answer_encode(&answer, damaged);
	damaged[0] ^= 1;
	variable_folder_put(DARUMA_ANSWER_NAME ID, DARUMA_ANSWER_ATTRIBUTES, damaged,
			    sizeof(damaged));
	variable_folder_set_written(DARUMA_ANSWER_NAME ID, 1000);
	ck_assert_int_eq(removal_request_call_off(&context), 0);
	ck_assert_int_eq(variable_folder_written(DARUMA_ANSWER_NAME ID), 1000);

	ck_assert_int_eq(firmware_write_answer(&context, ID, &answer), 0);
	ck_assert_int_eq(removal_request_call_off(&without), 0);
	expect_stored(ID, &answer);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("removal_request");
	TCase *tests = suite_case(all, "removal_request", 20);

	variable_folder_start();
	tcase_add_checked_fixture(tests, set_up, variable_folder_remove);
	tcase_add_test(tests, is_made_and_called_off);
	tcase_add_test(tests, of_an_earlier_start_is_called_off);
	tcase_add_test(tests, other_requests_stay);
	tcase_add_test(tests, of_another_installation_stays);
	tcase_add_test(tests, nothing_to_call_off);
	return all;
}
