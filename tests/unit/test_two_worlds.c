/* test_two_worlds.c: the objects built for firmware and those built for the host read and write the same bytes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * test_decision.c holds the decision itself against each other. Here the stored formats are: sound bytes, in which a
 * few are changed at random and the checksum is put right again, so that most of them reach the fields.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/answer.h"
#include "policy/bytes.h"
#include "policy/evidence.h"
#include "policy/limits.h"
#include "policy/note.h"
#include "policy/record.h"
#include "tests/unit/suite.h"

#define ROUNDS 5000
#define MOST   DARUMA_LIMITS_SIZE

enum daruma_state firmware_daruma_record_decode(const uint8_t *bytes, size_t size,
						const uint8_t install[16],
						struct daruma_record *ret);
void firmware_daruma_record_encode(const struct daruma_record *record, uint8_t *bytes);
enum daruma_state firmware_daruma_answer_decode(const uint8_t *bytes, size_t size,
						struct daruma_answer *ret);
void firmware_daruma_answer_encode(const struct daruma_answer *answer, uint8_t *bytes);
enum daruma_state firmware_daruma_note_decode(const uint8_t *bytes, size_t size,
					      struct daruma_note *ret);
void firmware_daruma_note_encode(const struct daruma_note *note, uint8_t *bytes);
enum daruma_state firmware_daruma_limits_decode(const uint8_t *bytes, size_t size,
						const uint8_t install[16],
						struct daruma_limits *ret);
void firmware_daruma_limits_encode(const struct daruma_limits *limits, uint8_t *bytes);
bool firmware_daruma_dumps_add(struct daruma_dumps *dumps, const char *name, size_t length);

static const uint8_t install[16] = { 1, 2, 3 };

/* What one world makes of `bytes`: the state, and the bytes that it writes for what it read. */
struct reading {
	enum daruma_state state;
	uint8_t again[MOST];
};

static void host_record(const uint8_t *bytes, size_t size, struct reading *ret)
{
	struct daruma_record record;

	ret->state = daruma_record_decode(bytes, size, install, &record);
	daruma_record_encode(&record, ret->again);
}

static void firmware_record(const uint8_t *bytes, size_t size, struct reading *ret)
{
	struct daruma_record record;

	ret->state = firmware_daruma_record_decode(bytes, size, install, &record);
	firmware_daruma_record_encode(&record, ret->again);
}

static void host_answer(const uint8_t *bytes, size_t size, struct reading *ret)
{
	struct daruma_answer answer;

	ret->state = daruma_answer_decode(bytes, size, &answer);
	daruma_answer_encode(&answer, ret->again);
}

static void firmware_answer(const uint8_t *bytes, size_t size, struct reading *ret)
{
	struct daruma_answer answer;

	ret->state = firmware_daruma_answer_decode(bytes, size, &answer);
	firmware_daruma_answer_encode(&answer, ret->again);
}

static void host_note(const uint8_t *bytes, size_t size, struct reading *ret)
{
	struct daruma_note note;

	ret->state = daruma_note_decode(bytes, size, &note);
	daruma_note_encode(&note, ret->again);
}

static void firmware_note(const uint8_t *bytes, size_t size, struct reading *ret)
{
	struct daruma_note note;

	ret->state = firmware_daruma_note_decode(bytes, size, &note);
	firmware_daruma_note_encode(&note, ret->again);
}

static void host_limits(const uint8_t *bytes, size_t size, struct reading *ret)
{
	struct daruma_limits limits;

	ret->state = daruma_limits_decode(bytes, size, install, &limits);
	daruma_limits_encode(&limits, ret->again);
}

static void firmware_limits(const uint8_t *bytes, size_t size, struct reading *ret)
{
	struct daruma_limits limits;

	ret->state = firmware_daruma_limits_decode(bytes, size, install, &limits);
	firmware_daruma_limits_encode(&limits, ret->again);
}

static void sound_record(uint8_t *bytes)
{
	struct daruma_record record = { .armed = true, .counters.panic = 1, .starts = 7 };

	memcpy(record.install, install, sizeof(install));
	daruma_record_encode(&record, bytes);
}

static void sound_answer(uint8_t *bytes)
{
	struct daruma_answer answer = { .result = DARUMA_RESULT_GOOD, .healthy_minutes = 5 };

	daruma_answer_encode(&answer, bytes);
}

static void sound_note(uint8_t *bytes)
{
	struct daruma_note note = { .armed = true, .counters.panic = 1, .starts = 7 };

	daruma_note_encode(&note, bytes);
}

static void sound_limits(uint8_t *bytes)
{
	struct daruma_limits limits;

	daruma_limits_default(&limits);
	memcpy(limits.install, install, sizeof(install));
	daruma_limits_encode(&limits, bytes);
}

static const struct format {
	size_t size;
	bool sealed; /* ends in a checksum */
	void (*sound)(uint8_t *bytes);
	void (*host)(const uint8_t *bytes, size_t size, struct reading *ret);
	void (*firmware)(const uint8_t *bytes, size_t size, struct reading *ret);
} formats[] = {
	{ DARUMA_RECORD_SIZE, true, sound_record, host_record, firmware_record },
	{ DARUMA_ANSWER_SIZE, true, sound_answer, host_answer, firmware_answer },
	{ DARUMA_NOTE_SIZE, false, sound_note, host_note, firmware_note },
	{ DARUMA_LIMITS_SIZE, true, sound_limits, host_limits, firmware_limits },
};

static void change_a_few(const struct format *format, uint8_t *bytes)
{
	int changes = rand() % 4;

	for (int i = 0; i < changes; i++)
		bytes[(size_t)rand() % format->size] ^= (uint8_t)(1 << rand() % 8);
	if (format->sealed && rand() % 8)
		daruma_put32(bytes + format->size - 4, daruma_crc32(bytes, format->size - 4));
}

START_TEST(both_read_and_write_the_same_bytes)
{
	const struct format *format = &formats[_i];
	uint8_t bytes[MOST];
	int valid = 0, other = 0;

	srand(1);
	for (int i = 0; i < ROUNDS; i++) {
		size_t size = format->size - (rand() % 16 == 0 ? (size_t)rand() % format->size : 0);
		struct reading host = { 0 }, firmware = { 0 };

		format->sound(bytes);
		change_a_few(format, bytes);
		format->host(bytes, size, &host);
		format->firmware(bytes, size, &firmware);
		if (host.state != firmware.state || memcmp(host.again, firmware.again, MOST) != 0)
			ck_abort_msg("round %d: %s here, %s there", i,
				     daruma_state_name(host.state),
				     daruma_state_name(firmware.state));
		valid += host.state == DARUMA_STATE_VALID;
		other += host.state != DARUMA_STATE_VALID;
	}
	/* Or nothing was compared. */
	ck_assert_int_gt(valid, ROUNDS / 10);
	ck_assert_int_gt(other, ROUNDS / 100);
}
END_TEST

START_TEST(both_know_the_same_names_of_dumps)
{
	static const char sound[] = "dump-type0-1-1-1719998823-C";
	int dumps = 0;

	srand(1);
	for (int i = 0; i < ROUNDS; i++) {
		struct daruma_dumps here = { 0 }, there = { 0 };
		char name[sizeof(sound)];
		bool added;

		memcpy(name, sound, sizeof(sound));
		for (int change = rand() % 3; change > 0; change--)
			name[(size_t)rand() % (sizeof(sound) - 1)] = "0129-CDx"[rand() % 8];
		added = daruma_dumps_add(&here, name, sizeof(sound) - 1);
		ck_assert(firmware_daruma_dumps_add(&there, name, sizeof(sound) - 1) == added);
		ck_assert(here.count == there.count && here.sum == there.sum &&
			  here.newest == there.newest);
		dumps += added;
	}
	ck_assert_int_gt(dumps, ROUNDS / 10);
	ck_assert_int_lt(dumps, ROUNDS);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("two_worlds");
	TCase *tests = suite_case(all, "formats", 60);

	tcase_add_loop_test(tests, both_read_and_write_the_same_bytes, 0,
			    sizeof(formats) / sizeof(formats[0]));
	tcase_add_test(tests, both_know_the_same_names_of_dumps);
	return all;
}
