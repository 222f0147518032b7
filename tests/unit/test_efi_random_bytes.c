/* test_efi_random_bytes.c: anything may lie in our variables and files
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * R7: a lost, damaged, newer or foreign record gives the normal rung, and the note says why.
 * Half of the inputs are random throughout; the other half are sound objects with a few bytes
 * changed and the checksum often made right again, so that the checks behind it are met too.
 */
#include "tests/unit/suite.h"

#include <stdlib.h>
#include <string.h>

#include "efi/variables.h"
#include "policy/bytes.h"
#include "tests/unit/fake_efi.h"

#define NORMAL "\\EFI\\normal.efi"
#define RECORD DARUMA_RECORD_NAME FAKE_ID
#define ANSWER DARUMA_ANSWER_NAME FAKE_ID
#define NOTE   DARUMA_NOTE_NAME FAKE_ID
#define ROUNDS 10000

static struct fake_efi fake;
static struct daruma_note note;

static size_t fill(uint8_t *bytes, size_t most)
{
	size_t size = (size_t)rand() % (most + 1);

	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)rand();
	return size;
}

/* Changes up to four bytes of a sound object. */
static size_t spoil(uint8_t *bytes, size_t size)
{
	for (int i = rand() % 5; i > 0; i--)
		bytes[(size_t)rand() % size] = (uint8_t)rand();
	if (rand() % 4 != 0)
		daruma_put32(bytes + size - 4, daruma_crc32(bytes, size - 4));
	return rand() % 8 == 0 ? (size_t)rand() % size : size;
}

static size_t make_record(uint8_t *bytes)
{
	struct daruma_record record = { .armed = rand() % 2,
					.rung = DARUMA_RUNG_SAFE,
					.tries_left = 1,
					.counters = { .panic = (uint8_t)(rand() % 5) } };

	memcpy(record.install, fake_install, DARUMA_GUID_SIZE);
	daruma_record_encode(&record, bytes);
	return spoil(bytes, DARUMA_RECORD_SIZE);
}

static size_t make_answer(uint8_t *bytes)
{
	struct daruma_answer answer = {
		.result = (enum daruma_result)(rand() % DARUMA_RESULT_COUNT),
		.request = (enum daruma_request)(rand() % DARUMA_REQUEST_COUNT),
	};

	daruma_answer_encode(&answer, bytes);
	return spoil(bytes, DARUMA_ANSWER_SIZE);
}

static size_t make_limits(uint8_t *bytes)
{
	struct daruma_limits limits;

	daruma_limits_default(&limits);
	memcpy(limits.install, fake_install, DARUMA_GUID_SIZE);
	strcpy(limits.normal.path, NORMAL);
	daruma_limits_encode(&limits, bytes);
	return spoil(bytes, DARUMA_LIMITS_SIZE);
}

static void start(void)
{
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_HANDED_OVER);
	ck_assert_str_eq(fake.started, NORMAL);
	ck_assert_int_eq(fake_efi_note(&fake, &note), DARUMA_STATE_VALID);
	ck_assert_uint_eq(fake.open_files, 0);
}

/* The reason that a record of this state has to give. */
static const enum daruma_reason reason_of[DARUMA_STATE_COUNT] = {
	[DARUMA_STATE_ABSENT] = DARUMA_REASON_RECORD_ABSENT,
	[DARUMA_STATE_DAMAGED] = DARUMA_REASON_RECORD_DAMAGED,
	[DARUMA_STATE_NEWER] = DARUMA_REASON_RECORD_NEWER,
	[DARUMA_STATE_FOREIGN] = DARUMA_REASON_RECORD_FOREIGN,
};

START_TEST(r7_any_record_is_a_normal_start_with_a_reason)
{
	unsigned met[DARUMA_STATE_COUNT] = { 0 };

	srand(7);
	for (unsigned i = 0; i < ROUNDS; i++) {
		uint8_t bytes[300];
		size_t size = rand() % 2 ? fill(bytes, sizeof(bytes)) : make_record(bytes);
		UINT32 attributes = rand() % 4 ? 3u : (UINT32)rand() % 8;

		fake_efi_init(&fake);
		fake_efi_limits(&fake, NORMAL, "", "");
		fake_efi_put(&fake, RECORD, &variables_daruma, attributes | 1u, bytes, size);
		start();
		ck_assert_uint_eq(note.troubles, 0);
		met[note.record_state]++;
		if (note.record_state != DARUMA_STATE_VALID) {
			ck_assert_int_eq(note.rung, DARUMA_RUNG_NORMAL);
			ck_assert_int_eq(note.reason, reason_of[note.record_state]);
		}
	}
	for (unsigned state = 0; state < DARUMA_STATE_COUNT; state++)
		ck_assert_uint_ge(met[state], 10);
}
END_TEST

START_TEST(r7_any_answer_is_a_normal_start)
{
	srand(8);
	fake_efi_init(&fake);
	start();
	fake_efi_answer(&fake, DARUMA_RESULT_GOOD, DARUMA_REQUEST_NONE);
	for (unsigned i = 0; i < ROUNDS; i++) {
		uint8_t bytes[300];
		size_t size = rand() % 2 ? fill(bytes, sizeof(bytes)) : make_answer(bytes);

		start();
		ck_assert_int_eq(note.rung, DARUMA_RUNG_NORMAL);
		fake_efi_put(&fake, ANSWER, &variables_daruma, rand() % 4 ? 7u : 3u, bytes, size);
		start();
		ck_assert_int_eq(note.rung, DARUMA_RUNG_NORMAL);
		ck_assert_int_eq(!!(note.troubles & DARUMA_TROUBLE_ANSWER_READ),
				 note.answer_state != DARUMA_STATE_VALID &&
					 note.answer_state != DARUMA_STATE_ABSENT);
	}
}
END_TEST

START_TEST(r7_any_note_is_replaced)
{
	srand(9);
	for (unsigned i = 0; i < ROUNDS; i++) {
		uint8_t bytes[300];
		size_t size = fill(bytes, sizeof(bytes));

		fake_efi_init(&fake);
		fake_efi_put(&fake, NOTE, &variables_daruma, rand() % 2 ? 7u : 3u, bytes, size);
		start();
		ck_assert_int_eq(note.reason, DARUMA_REASON_RECORD_ABSENT);
		ck_assert_uint_eq(note.troubles, 0);
	}
}
END_TEST

START_TEST(r53_any_limits_are_a_normal_start_with_a_trouble)
{
	static uint8_t bytes[2][DARUMA_LIMITS_SIZE + 200];
	unsigned troubled = 0;

	srand(10);
	for (unsigned i = 0; i < ROUNDS; i++) {
		fake_efi_init(&fake);
		for (unsigned copy = 0; copy < 2; copy++) {
			size_t size = rand() % 2 ? fill(bytes[copy], sizeof(bytes[copy])) :
						   make_limits(bytes[copy]);

			fake_efi_file(&fake, copy ? DARUMA_ESP_LIMITS_BACKUP : DARUMA_ESP_LIMITS,
				      bytes[copy], size);
		}
		/* Sound limits may name a target that does not exist: the one of our options
		 * stands in. */
		fake_efi_options(&fake, NORMAL);
		start();
		ck_assert_int_eq(note.rung, DARUMA_RUNG_NORMAL);
		ck_assert(!(note.troubles & ~(uint32_t)(DARUMA_TROUBLE_LIMITS_FIRST |
							DARUMA_TROUBLE_LIMITS_BUILTIN |
							DARUMA_TROUBLE_TARGET_REPLACED)));
		/* What is not of use is said, each time. */
		ck_assert_int_eq(note.limits_state != DARUMA_STATE_VALID,
				 (note.troubles & DARUMA_TROUBLE_LIMITS_BUILTIN) != 0);
		troubled += note.troubles != 0;
	}
	ck_assert_uint_ge(troubled, ROUNDS / 4);
}
END_TEST

START_TEST(any_load_options_are_survived)
{
	srand(11);
	fake_efi_init(&fake);
	for (unsigned i = 0; i < ROUNDS; i++) {
		fake.load_options_size = (UINT32)fill(fake.load_options, sizeof(fake.load_options));
		start();
	}
}
END_TEST

/* All at once, for several starts on end. */
START_TEST(r7_any_bytes_everywhere)
{
	static uint8_t limits[2][DARUMA_LIMITS_SIZE + 200];

	srand(12);
	for (unsigned i = 0; i < ROUNDS / 4; i++) {
		uint8_t bytes[300];

		fake_efi_init(&fake);
		fake_efi_options(&fake, NORMAL);
		fake_efi_file(&fake, DARUMA_ESP_LIMITS, limits[0],
			      fill(limits[0], sizeof(limits[0])));
		fake_efi_file(&fake, DARUMA_ESP_LIMITS_BACKUP, limits[1],
			      fill(limits[1], sizeof(limits[1])));
		fake_efi_put(&fake, RECORD, &variables_daruma, 3, bytes,
			     fill(bytes, sizeof(bytes)));
		fake_efi_put(&fake, ANSWER, &variables_daruma, 7, bytes,
			     fill(bytes, sizeof(bytes)));
		fake_efi_put(&fake, NOTE, &variables_daruma, 7, bytes, fill(bytes, sizeof(bytes)));
		for (unsigned again = 0; again < 4; again++) {
			start();
			ck_assert_int_eq(note.rung, DARUMA_RUNG_NORMAL);
		}
	}
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("efi_random_bytes");
	TCase *variables = suite_case(all, "variables", 60);
	TCase *files = suite_case(all, "files", 60);

	tcase_add_test(variables, r7_any_record_is_a_normal_start_with_a_reason);
	tcase_add_test(variables, r7_any_answer_is_a_normal_start);
	tcase_add_test(variables, r7_any_note_is_replaced);
	tcase_add_test(variables, r7_any_bytes_everywhere);
	tcase_add_test(files, r53_any_limits_are_a_normal_start_with_a_trouble);
	tcase_add_test(files, any_load_options_are_survived);
	return all;
}
