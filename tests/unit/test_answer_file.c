/* test_answer_file.c: the answer in two slots of a file, and power cuts in writing it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <string.h>

#include "policy/answer_file.h"
#include "policy/bytes.h"
#include "tests/unit/suite.h"

static uint8_t bytes[DARUMA_ANSWER_FILE_SIZE + 1];

static enum daruma_state read_file(struct daruma_answer_file *ret)
{
	return daruma_answer_file_decode(bytes, DARUMA_ANSWER_FILE_SIZE, ret);
}

/* As a writer does: into the slot that reading names, with the number that it names. */
static void write_answer(uint32_t healthy_minutes)
{
	struct daruma_answer answer = { .boot_id = { 9 },
					.result = DARUMA_RESULT_GOOD,
					.healthy_minutes = healthy_minutes };
	struct daruma_answer_file file;

	read_file(&file);
	daruma_answer_slot_encode(&answer, file.sequence,
				  bytes + file.slot * DARUMA_ANSWER_SLOT_SIZE);
}

/* The bytes as policy/answer_file.h draws them; a change here is a change of the format. */
START_TEST(slot_golden_bytes)
{
	static const uint8_t head[] = { 'D', 'S', 'l', 't', 1,	 0,   80,  0,
					4,   3,	  2,   1,   'D', 'A', 'n', 's' };
	static const uint8_t checksum[] = { 0xa6, 0x35, 0x44, 0xe3 };
	struct daruma_answer answer = { .boot_id = { 1, 2, 3 }, .result = DARUMA_RESULT_GOOD };
	uint8_t inner[DARUMA_ANSWER_SIZE];

	memset(bytes, 0xff, sizeof(bytes));
	daruma_answer_slot_encode(&answer, 0x01020304, bytes);
	daruma_answer_encode(&answer, inner);
	ck_assert_mem_eq(bytes, head, sizeof(head));
	ck_assert_mem_eq(bytes + 12, inner, sizeof(inner));
	ck_assert_mem_eq(bytes + 76, checksum, sizeof(checksum));
	ck_assert(daruma_is_zero(bytes + 80, DARUMA_ANSWER_SLOT_SIZE - 80));
	ck_assert_uint_eq(bytes[DARUMA_ANSWER_SLOT_SIZE], 0xff);
}
END_TEST

START_TEST(newest_answer_counts)
{
	struct daruma_answer_file file;

	ck_assert_int_eq(read_file(&file), DARUMA_STATE_ABSENT);
	for (uint32_t i = 1; i < 10; i++) {
		write_answer(i);
		ck_assert_int_eq(read_file(&file), DARUMA_STATE_VALID);
		ck_assert_uint_eq(file.answer.healthy_minutes, i);
		ck_assert_uint_eq(file.sequence, i);
		ck_assert_uint_eq(file.slot, i % DARUMA_ANSWER_SLOTS);
	}
}
END_TEST

START_TEST(numbers_run_over)
{
	struct daruma_answer answer = { .healthy_minutes = 1 };
	struct daruma_answer_file file;

	daruma_answer_slot_encode(&answer, UINT32_MAX, bytes);
	write_answer(2);
	ck_assert_int_eq(read_file(&file), DARUMA_STATE_VALID);
	ck_assert_uint_eq(file.answer.healthy_minutes, 2);
	ck_assert_uint_eq(file.sequence, 1);
}
END_TEST

/* R1: a power cut in the middle of a slot, at each byte, leaves the answer before. */
START_TEST(r1_torn_slot_leaves_the_answer_before)
{
	uint8_t before[DARUMA_ANSWER_FILE_SIZE], after[DARUMA_ANSWER_FILE_SIZE];
	struct daruma_answer_file file;

	write_answer(1);
	write_answer(2);
	memcpy(before, bytes, sizeof(before));
	write_answer(3);
	memcpy(after, bytes, sizeof(after));
	for (size_t written = 0; written <= 80; written++) {
		memcpy(bytes, after, written);
		memcpy(bytes + written, before + written, sizeof(before) - written);
		ck_assert_int_eq(read_file(&file), DARUMA_STATE_VALID);
		ck_assert_uint_eq(file.answer.healthy_minutes,
				  memcmp(bytes, after, sizeof(after)) == 0 ? 3 : 2);
	}
}
END_TEST

START_TEST(other_files_are_damaged)
{
	struct daruma_answer_file file;

	ck_assert_int_eq(daruma_answer_file_decode(NULL, 0, &file), DARUMA_STATE_ABSENT);
	write_answer(1);
	ck_assert_int_eq(daruma_answer_file_decode(bytes, sizeof(bytes), &file),
			 DARUMA_STATE_DAMAGED);
	ck_assert_int_eq(daruma_answer_file_decode(bytes, DARUMA_ANSWER_SLOT_SIZE, &file),
			 DARUMA_STATE_DAMAGED);
	memcpy(bytes, "MZ", 2);
	ck_assert_int_eq(read_file(&file), DARUMA_STATE_DAMAGED);
	ck_assert(daruma_is_zero((const uint8_t *)&file.answer, sizeof(file.answer)));
}
END_TEST

/* A slot that is sound with an answer that is not: what is in it is not ours to judge. */
START_TEST(newer_answer_is_newer)
{
	struct daruma_answer_file file;

	write_answer(1);
	bytes[12 + 4] = 2;
	daruma_put32(bytes + 76, daruma_crc32(bytes, 76));
	ck_assert_int_eq(read_file(&file), DARUMA_STATE_NEWER);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("answer file");
	TCase *slots = suite_case(all, "slots", 10);

	tcase_add_test(slots, slot_golden_bytes);
	tcase_add_test(slots, newest_answer_counts);
	tcase_add_test(slots, numbers_run_over);
	tcase_add_test(slots, r1_torn_slot_leaves_the_answer_before);
	tcase_add_test(slots, other_files_are_damaged);
	tcase_add_test(slots, newer_answer_is_newer);
	return all;
}
