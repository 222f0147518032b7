/* test_formats.c: golden bytes and every bit flip of record, answer, note and limits
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdio.h>
#include <string.h>

#include "policy/answer.h"
#include "policy/bytes.h"
#include "policy/limits.h"
#include "policy/note.h"
#include "policy/record.h"
#include "tests/unit/suite.h"

static const uint8_t install[16] = { 0x28, 0x73, 0x2a, 0xc1, 0x1f, 0xf8, 0xd2, 0x11,
				     0xba, 0x4b, 0x00, 0xa0, 0xc9, 0x3e, 0xc9, 0x3b };
static const uint8_t boot[16] = { 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17,
				  0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f };

static const struct daruma_record record = {
	.install = { 0x28, 0x73, 0x2a, 0xc1, 0x1f, 0xf8, 0xd2, 0x11, 0xba, 0x4b, 0x00, 0xa0, 0xc9,
		     0x3e, 0xc9, 0x3b },
	.boot_id = { 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c,
		     0x1d, 0x1e, 0x1f },
	.armed = true,
	.accused = true,
	.incident_open = true,
	.rung = DARUMA_RUNG_SAFE,
	.tries_left = 1,
	.last_ending = DARUMA_ENDING_PANIC,
	.counters = { .panic = 3, .watchdog = 1, .unexplained = 2, .clean = 7, .late = 9 },
	.incident_class = DARUMA_ENDING_PANIC,
	.incident = 0x0102,
	.incident_starts = 5,
	.proof_minutes = 59,
	.aside_starts = 6,
	.cooldown = { 10080, 0, 1440 },
	.healthy_minutes = 0x01020304,
	.dumps = { .count = 17, .sum = 0xdeadbeef, .newest = 0x1122334455667788 },
	.argument = { 'a', 'c', 'm', 'e' },
	.watchdog = 2,
	.reason = DARUMA_REASON_CRASHES_SAFE,
	.starts = 0x01000001,
};

/* The bytes as policy/record.h draws them; a change here is a change of the format. */
static const char record_golden[] =
	"44526563010080002873 2ac11ff8d211ba4b00a0c93ec93b101112131415161718191a1b1c1d1e1f"
	"0d0301040301020709040201050660270000a00504030201110000008877665544332211efbeadde"
	"61636d65000000000000000000000000020b000001000001"
	"3b00000000000000000000000000000000000000";

static void check_golden(const uint8_t *bytes, size_t size, const char *golden)
{
	char text[8192] = "", expected[8192] = "";
	size_t length = 0;

	for (size_t i = 0; i < size; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	for (const char *c = golden; *c; c++)
		if (*c != ' ')
			expected[length++] = *c;
	ck_assert_str_eq(text, expected);
}

START_TEST(test_record_golden_bytes)
{
	uint8_t bytes[DARUMA_RECORD_SIZE];

	daruma_record_encode(&record, bytes);
	check_golden(bytes, DARUMA_RECORD_SIZE - 4, record_golden);
	ck_assert_uint_eq(daruma_get32(bytes + 124), daruma_crc32(bytes, 124));
}
END_TEST

/* As it is defined, bit by bit; the product's takes a table. */
static uint32_t crc32_of_byte(uint8_t byte)
{
	uint32_t crc = 0xffffffffu ^ byte;

	for (int bit = 0; bit < 8; bit++)
		crc = crc & 1 ? (crc >> 1) ^ 0xedb88320u : crc >> 1;
	return ~crc;
}

START_TEST(test_crc32_is_that_of_ieee)
{
	ck_assert_uint_eq(daruma_crc32((const uint8_t *)"123456789", 9), 0xcbf43926);
	ck_assert_uint_eq(daruma_crc32((const uint8_t *)"", 0), 0);
	for (int i = 0; i < 256; i++) {
		const uint8_t byte = (uint8_t)i;

		ck_assert_uint_eq(daruma_crc32(&byte, 1), crc32_of_byte(byte));
	}
}
END_TEST

START_TEST(test_record_round_trip)
{
	uint8_t bytes[DARUMA_RECORD_SIZE], again[DARUMA_RECORD_SIZE];
	struct daruma_record read;

	daruma_record_encode(&record, bytes);
	ck_assert_int_eq(daruma_record_decode(bytes, sizeof(bytes), install, &read),
			 DARUMA_STATE_VALID);
	daruma_record_encode(&read, again);
	ck_assert_mem_eq(bytes, again, sizeof(bytes));
}
END_TEST

/* R7: no flipped bit goes unnoticed. A flip in the version may say "newer". */
START_TEST(test_record_bit_flips)
{
	uint8_t bytes[DARUMA_RECORD_SIZE];
	struct daruma_record read;

	daruma_record_encode(&record, bytes);
	for (size_t bit = 0; bit < 8 * sizeof(bytes); bit++) {
		enum daruma_state state;

		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		state = daruma_record_decode(bytes, sizeof(bytes), install, &read);
		ck_assert_msg(state == DARUMA_STATE_DAMAGED || (state == DARUMA_STATE_NEWER &&
								(bit / 8 == 4 || bit / 8 == 5)),
			      "bit %zu", bit);
		ck_assert(!read.armed);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}
END_TEST

START_TEST(test_record_sizes)
{
	uint8_t bytes[DARUMA_RECORD_SIZE + 1] = { 0 };
	struct daruma_record read;

	daruma_record_encode(&record, bytes);
	ck_assert_int_eq(daruma_record_decode(NULL, 0, install, &read), DARUMA_STATE_ABSENT);
	for (size_t size = 1; size < DARUMA_RECORD_SIZE; size++)
		ck_assert_int_eq(daruma_record_decode(bytes, size, install, &read),
				 DARUMA_STATE_DAMAGED);
	ck_assert_int_eq(daruma_record_decode(bytes, sizeof(bytes), install, &read),
			 DARUMA_STATE_DAMAGED);
}
END_TEST

/* Seals `bytes` again after a field was changed, so that only the field is wrong. */
static void reseal(uint8_t *bytes, size_t size)
{
	daruma_put32(bytes + size - 4, daruma_crc32(bytes, size - 4));
}

START_TEST(test_record_values_out_of_range)
{
	static const struct {
		size_t at;
		uint8_t value;
	} wrong[] = { { 40, 0x20 }, { 41, DARUMA_RUNG_COUNT },	 { 43, DARUMA_ENDING_COUNT },
		      { 49, 0xff }, { 97, DARUMA_REASON_COUNT }, { 98, 1 },
		      { 6, 127 } };
	struct daruma_record read;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		uint8_t bytes[DARUMA_RECORD_SIZE];

		daruma_record_encode(&record, bytes);
		bytes[wrong[i].at] = wrong[i].value;
		reseal(bytes, sizeof(bytes));
		ck_assert_int_eq(daruma_record_decode(bytes, sizeof(bytes), install, &read),
				 DARUMA_STATE_DAMAGED);
	}
}
END_TEST

/* R26: no more is to be proved than there is, whatever a record says. */
START_TEST(test_record_proof_is_clamped)
{
	uint8_t bytes[DARUMA_RECORD_SIZE];
	struct daruma_record read;

	daruma_record_encode(&record, bytes);
	bytes[104] = 61;
	reseal(bytes, sizeof(bytes));
	ck_assert_int_eq(daruma_record_decode(bytes, sizeof(bytes), install, &read),
			 DARUMA_STATE_VALID);
	ck_assert_uint_eq(read.proof_minutes, DARUMA_PROOF_MINUTES);
}
END_TEST

/* R60: a record of another installation, and one that a later Daruma wrote. Spare bytes may be used later. */
START_TEST(test_record_foreign_newer_spare)
{
	uint8_t bytes[DARUMA_RECORD_SIZE];
	struct daruma_record read;

	daruma_record_encode(&record, bytes);
	ck_assert_int_eq(daruma_record_decode(bytes, sizeof(bytes), boot, &read),
			 DARUMA_STATE_FOREIGN);
	bytes[110] = 1;
	reseal(bytes, sizeof(bytes));
	ck_assert_int_eq(daruma_record_decode(bytes, sizeof(bytes), install, &read),
			 DARUMA_STATE_VALID);
	bytes[4] = 2;
	ck_assert_int_eq(daruma_record_decode(bytes, sizeof(bytes), install, &read),
			 DARUMA_STATE_NEWER);
}
END_TEST

static const struct daruma_answer answer = {
	.boot_id = { 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c,
		     0x1d, 0x1e, 0x1f },
	.result = DARUMA_RESULT_CLEAN,
	.changed = true,
	.previous = DARUMA_ENDING_OPERATOR,
	.request = DARUMA_REQUEST_TRIAL,
	.healthy_minutes = 99,
	.argument = { 'x' },
};

static const char answer_golden[] =
	"44416e7301004000101112131415161718191a1b1c1d1e1f0201070163000000"
	"78000000000000000000000000000000000000000000000000000000";

START_TEST(test_answer_golden_bytes_and_flips)
{
	uint8_t bytes[DARUMA_ANSWER_SIZE];
	struct daruma_answer read;

	daruma_answer_encode(&answer, bytes);
	check_golden(bytes, DARUMA_ANSWER_SIZE - 4, answer_golden);
	ck_assert_int_eq(daruma_answer_decode(bytes, sizeof(bytes), &read), DARUMA_STATE_VALID);
	ck_assert_mem_eq(read.boot_id, answer.boot_id, 16);
	ck_assert(read.changed && !read.accused);
	ck_assert_int_eq(read.request, DARUMA_REQUEST_TRIAL);
	for (size_t bit = 0; bit < 8 * sizeof(bytes); bit++) {
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		ck_assert_int_ne(daruma_answer_decode(bytes, sizeof(bytes), &read),
				 DARUMA_STATE_VALID);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}
END_TEST

START_TEST(test_answer_values_out_of_range)
{
	static const uint8_t wrong[][2] = {
		{ 24, DARUMA_RESULT_COUNT }, { 25, 4 },	  { 26, DARUMA_ENDING_GOOD },
		{ 26, DARUMA_ENDING_LATE },  { 26, 200 }, { 27, DARUMA_REQUEST_COUNT }
	};
	struct daruma_answer read;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		uint8_t bytes[DARUMA_ANSWER_SIZE];

		daruma_answer_encode(&answer, bytes);
		bytes[wrong[i][0]] = wrong[i][1];
		reseal(bytes, sizeof(bytes));
		ck_assert_int_eq(daruma_answer_decode(bytes, sizeof(bytes), &read),
				 DARUMA_STATE_DAMAGED);
	}
}
END_TEST

static const struct daruma_note note = {
	.boot_id = { 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c,
		     0x1d, 0x1e, 0x1f },
	.rung = DARUMA_RUNG_HELD,
	.reason = DARUMA_REASON_CRASHES_HELD,
	.last_ending = DARUMA_ENDING_PANIC,
	.armed = true,
	.incident_open = true,
	.troubles = DARUMA_TROUBLE_LIMITS_FIRST | DARUMA_TROUBLE_RANDOM_WEAK |
		    DARUMA_TROUBLE_TARGET_REFUSED,
	.counters = { .panic = 2, .late = 1 },
	.tries_left = 2,
	.incident = 3,
	.incident_starts = 4,
	.aside_starts = 5,
	.cooldown = 1440,
	.dumps_count = 6,
	.dumps_newest = 7,
	.previous_boot_id = { 0xaa },
	.argument = { 0xbb },
	.answer_state = DARUMA_STATE_ABSENT,
	.limits_state = DARUMA_STATE_DAMAGED,
	.starts = 8,
};

static const char note_golden[] = "444e6f7401006000101112131415161718191a1b1c1d1e1f010a040988010000"
				  "020000000102 03000405a00506000000 0700000000000000"
				  "aa000000000000000000000000000000bb000000000000000000000000000000"
				  "0001020008000000";

START_TEST(test_note_golden_bytes)
{
	uint8_t bytes[DARUMA_NOTE_SIZE], again[DARUMA_NOTE_SIZE];
	struct daruma_note read;

	daruma_note_encode(&note, bytes);
	check_golden(bytes, sizeof(bytes), note_golden);
	ck_assert_int_eq(daruma_note_decode(bytes, sizeof(bytes), &read), DARUMA_STATE_VALID);
	daruma_note_encode(&read, again);
	ck_assert_mem_eq(bytes, again, sizeof(bytes));
}
END_TEST

/* The newest reason: its number lies in record and note, and is read again. */
START_TEST(test_reason_of_the_menu_golden_bytes)
{
	uint8_t bytes[DARUMA_RECORD_SIZE];
	struct daruma_record chosen = record, read;
	struct daruma_note told = note, heard;

	chosen.reason = DARUMA_REASON_MENU;
	daruma_record_encode(&chosen, bytes);
	ck_assert_uint_eq(bytes[97], 26);
	ck_assert_int_eq(daruma_record_decode(bytes, sizeof(bytes), install, &read),
			 DARUMA_STATE_VALID);
	ck_assert_int_eq(read.reason, DARUMA_REASON_MENU);
	told.reason = DARUMA_REASON_MENU;
	daruma_note_encode(&told, bytes);
	ck_assert_uint_eq(bytes[25], 26);
	ck_assert_int_eq(daruma_note_decode(bytes, DARUMA_NOTE_SIZE, &heard), DARUMA_STATE_VALID);
	ck_assert_int_eq(heard.reason, DARUMA_REASON_MENU);
}
END_TEST

START_TEST(test_note_longer_shorter_and_wrong)
{
	uint8_t bytes[DARUMA_NOTE_SIZE + 32] = { 0 };
	struct daruma_note read;

	daruma_note_encode(&note, bytes);
	daruma_put16(bytes + 4, 2);
	daruma_put16(bytes + 6, sizeof(bytes));
	ck_assert_int_eq(daruma_note_decode(bytes, sizeof(bytes), &read), DARUMA_STATE_VALID);
	ck_assert_int_eq(daruma_note_decode(bytes, sizeof(bytes) - 1, &read), DARUMA_STATE_DAMAGED);
	ck_assert_int_eq(daruma_note_decode(NULL, 0, &read), DARUMA_STATE_ABSENT);
	daruma_note_encode(&note, bytes);
	ck_assert_int_eq(daruma_note_decode(bytes, 95, &read), DARUMA_STATE_DAMAGED);
	bytes[24] = DARUMA_RUNG_COUNT;
	ck_assert_int_eq(daruma_note_decode(bytes, 96, &read), DARUMA_STATE_DAMAGED);
}
END_TEST

static void fill_limits(struct daruma_limits *limits)
{
	daruma_limits_default(limits);
	memcpy(limits->install, install, 16);
	strcpy(limits->normal.path, "\\EFI\\debian\\shimx64.efi");
	strcpy(limits->safe.options, "quiet");
	limits->policy_version = 4;
}

START_TEST(test_limits_layout_and_flips)
{
	static uint8_t bytes[DARUMA_LIMITS_SIZE];
	struct daruma_limits limits, read;

	fill_limits(&limits);
	daruma_limits_encode(&limits, bytes);
	check_golden(bytes, 48,
		     "444c696d010000082873 2ac11ff8d211ba4b00a0c93ec93b"
		     "0204 0202 0c08 0300 a005 6027 0000 0000 04000000 00000000");
	ck_assert_str_eq((char *)bytes + 48, "\\EFI\\debian\\shimx64.efi");
	ck_assert_str_eq((char *)bytes + 688 + 256, "quiet");
	ck_assert_int_eq(daruma_limits_decode(bytes, sizeof(bytes), install, &read),
			 DARUMA_STATE_VALID);
	ck_assert_str_eq(read.normal.path, limits.normal.path);
	for (size_t bit = 0; bit < 8 * sizeof(bytes); bit += 3) {
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		ck_assert_int_ne(daruma_limits_decode(bytes, sizeof(bytes), install, &read),
				 DARUMA_STATE_VALID);
		ck_assert_uint_eq(read.thresholds.panic, 2);
		ck_assert_str_eq(read.normal.path, "");
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}
END_TEST

START_TEST(test_limits_refuse_bad_text)
{
	static const struct {
		size_t at;
		uint8_t value;
	} wrong[] = { { 48, 'E' },	 { 50, 0x01 },	     { 50, 0x7f },  { 50, 0x80 },
		      { 48 + 100, 'x' }, { 48 + 256, '\n' }, { 1968, 'a' }, { 31, 3 } };
	static uint8_t bytes[DARUMA_LIMITS_SIZE];
	struct daruma_limits limits, read;

	fill_limits(&limits);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		daruma_limits_encode(&limits, bytes);
		bytes[wrong[i].at] = wrong[i].value;
		reseal(bytes, sizeof(bytes));
		ck_assert_msg(daruma_limits_decode(bytes, sizeof(bytes), install, &read) ==
				      DARUMA_STATE_DAMAGED,
			      "case %zu", i);
	}
	daruma_limits_encode(&limits, bytes);
	memset(bytes + 48, '\\', 256); /* no terminating zero */
	reseal(bytes, sizeof(bytes));
	ck_assert_int_eq(daruma_limits_decode(bytes, sizeof(bytes), install, &read),
			 DARUMA_STATE_DAMAGED);
}
END_TEST

/* Whatever a file says, a machine is never made trigger-happy. */
START_TEST(test_limits_are_clamped)
{
	static uint8_t bytes[DARUMA_LIMITS_SIZE];
	struct daruma_limits limits, read;

	fill_limits(&limits);
	limits.thresholds = (struct daruma_thresholds){ .incident_starts = 200, .incidents = 9 };
	daruma_limits_encode(&limits, bytes);
	ck_assert_int_eq(daruma_limits_decode(bytes, sizeof(bytes), install, &read),
			 DARUMA_STATE_VALID);
	ck_assert_uint_eq(read.thresholds.panic, 2);
	ck_assert_uint_eq(read.thresholds.unexplained, 4);
	ck_assert_uint_eq(read.thresholds.safe_tries, 1);
	ck_assert_uint_eq(read.thresholds.incident_starts, 12);
	ck_assert_uint_eq(read.thresholds.incidents, 3);
	ck_assert_uint_eq(read.thresholds.incident_gap, 60);
	ck_assert_uint_eq(read.thresholds.token_return, 60);
}
END_TEST

/* A watchdog is off, or leaves a start the time that it may take. */
START_TEST(test_watchdog_seconds_are_clamped)
{
	static const uint16_t cases[][2] = { { 0, 0 },	     { 1, 60 },	     { 59, 60 },
					     { 60, 60 },     { 61, 61 },     { 300, 300 },
					     { 1800, 1800 }, { 1801, 1800 }, { 65535, 1800 } };
	static uint8_t bytes[DARUMA_LIMITS_SIZE];
	struct daruma_limits limits, read;

	fill_limits(&limits);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		limits.watchdog_seconds = cases[i][0];
		daruma_limits_encode(&limits, bytes);
		ck_assert_uint_eq(daruma_get16(bytes + 36), cases[i][0]);
		ck_assert_int_eq(daruma_limits_decode(bytes, sizeof(bytes), install, &read),
				 DARUMA_STATE_VALID);
		ck_assert_uint_eq(read.watchdog_seconds, cases[i][1]);
	}
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("formats");
	TCase *tests = suite_case(all, "bytes", 30);

	tcase_add_test(tests, test_crc32_is_that_of_ieee);
	tcase_add_test(tests, test_record_golden_bytes);
	tcase_add_test(tests, test_record_round_trip);
	tcase_add_test(tests, test_record_bit_flips);
	tcase_add_test(tests, test_record_sizes);
	tcase_add_test(tests, test_record_values_out_of_range);
	tcase_add_test(tests, test_record_proof_is_clamped);
	tcase_add_test(tests, test_record_foreign_newer_spare);
	tcase_add_test(tests, test_answer_golden_bytes_and_flips);
	tcase_add_test(tests, test_answer_values_out_of_range);
	tcase_add_test(tests, test_note_golden_bytes);
	tcase_add_test(tests, test_reason_of_the_menu_golden_bytes);
	tcase_add_test(tests, test_note_longer_shorter_and_wrong);
	tcase_add_test(tests, test_limits_layout_and_flips);
	tcase_add_test(tests, test_limits_refuse_bad_text);
	tcase_add_test(tests, test_limits_are_clamped);
	tcase_add_test(tests, test_watchdog_seconds_are_clamped);
	return all;
}
