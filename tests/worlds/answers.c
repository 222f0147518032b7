/* answers.c: prints what policy/ makes of many inputs, so that the objects of two architectures can be compared
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * It needs nothing but C, and prints the same on every architecture on which policy/ does the same: the bytes of each
 * stored format whole, everything else as digests, a line for each part of the inputs. Inputs have bytes above 127
 * wherever one may stand, since architectures differ in whether char has a sign.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "policy/answer.h"
#include "policy/answer_file.h"
#include "policy/bytes.h"
#include "policy/decision.h"
#include "policy/evidence.h"
#include "policy/limits.h"
#include "policy/note.h"
#include "policy/record.h"
#include "policy/words.h"
#include "tests/unit/decision_space.h"

#define PARTS 16
#define CASES 25000 /* in each part */
/* They share no factor with the numbers of states and inputs: the pairs walk through all of both. */
#define STATE_STEP 1000003ull
#define INPUT_STEP 617ull
#define ROUNDS	   1500

/* --- digest and random numbers ---------------------------------------- */

#define EMPTY UINT64_C(0xcbf29ce484222325)

/* FNV-1a (Fowler, Noll, Vo), 64 bits. */
static void digest(uint64_t *sum, const void *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		*sum = (*sum ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3);
}

static void digest_number(uint64_t *sum, uint64_t number)
{
	uint8_t bytes[8];

	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(number >> (8 * i));
	digest(sum, bytes, sizeof(bytes));
}

static void digest_text(uint64_t *sum, const char *text)
{
	digest(sum, text ? text : "", text ? strlen(text) + 1 : 1);
}

/* Knuth's MMIX generator; the upper bits are the good ones. */
static unsigned draw(uint64_t *state, unsigned below)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(*state >> 33) % below;
}

/* --- decisions ---------------------------------------- */

static void decide(uint64_t number, uint64_t *sum)
{
	struct daruma_situation situation;
	struct daruma_decision decision;
	uint8_t bytes[DARUMA_RECORD_SIZE];

	space_frame(&situation);
	situation.record_state =
		number % 11 == 0 ? number / 11 % DARUMA_STATE_COUNT : DARUMA_STATE_VALID;
	situation.choice =
		number % 13 == 0 ? number / 13 % DARUMA_CHOICE_COUNT : DARUMA_CHOICE_NONE;
	space_state(number * STATE_STEP % SPACE_STATES, &situation.record);
	space_input(number * INPUT_STEP % SPACE_INPUTS, &situation);
	daruma_decide(&situation, &decision);
	daruma_record_encode(&decision.next, bytes);
	digest_number(sum, decision.rung);
	digest_number(sum, decision.reason);
	digest_number(sum, decision.forget);
	digest_number(sum, decision.watched);
	digest(sum, bytes, sizeof(bytes));
}

static void print_decisions(void)
{
	for (uint64_t part = 0; part < PARTS; part++) {
		uint64_t sum = EMPTY;

		for (uint64_t i = 0; i < CASES; i++)
			decide(part * CASES + i, &sum);
		printf("decisions %" PRIu64 " %016" PRIx64 "\n", part, sum);
	}
}

/* --- stored formats ---------------------------------------- */

/* Bytes that differ from each other, the upper half of them negative where char has a sign. */
static void fill(uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(0x91 + 7 * i);
}

static void make_record(uint8_t *bytes)
{
	struct daruma_record record = {
		.armed = true,
		.accused = true,
		.trial_repeated = true,
		.rung = DARUMA_RUNG_TRIAL,
		.tries_left = 2,
		.last_ending = DARUMA_ENDING_LATE,
		.counters = { 255, 254, 129, 128, 127 },
		.incident_class = DARUMA_ENDING_PANIC,
		.incident = 0xfedc,
		.incident_starts = 12,
		.proof_minutes = 60,
		.aside_starts = 200,
		.cooldown = { 0x8001, 0x00ff, 10080 },
		.healthy_minutes = 0x89abcdef,
		.dumps = { 0x80000001, 0xfffffffe, UINT64_C(0x8123456789abcdef) },
		.watchdog = DARUMA_WATCHDOG_TCO,
		.reason = DARUMA_REASON_MENU,
		.starts = 0xf0e0d0c0,
	};

	memcpy(record.install, space_install, sizeof(record.install));
	fill(record.boot_id, sizeof(record.boot_id));
	fill(record.argument, sizeof(record.argument));
	daruma_record_encode(&record, bytes);
}

static void make_answer(uint8_t *bytes)
{
	struct daruma_answer answer = {
		.result = DARUMA_RESULT_GOOD,
		.changed = true,
		.previous = DARUMA_ENDING_OPERATOR,
		.request = DARUMA_REQUEST_TRIAL,
		.healthy_minutes = 0xfedcba98,
	};

	fill(answer.boot_id, sizeof(answer.boot_id));
	fill(answer.argument, sizeof(answer.argument));
	daruma_answer_encode(&answer, bytes);
}

static void make_note(uint8_t *bytes)
{
	struct daruma_note note = {
		.rung = DARUMA_RUNG_ASIDE,
		.reason = DARUMA_REASON_THROTTLED,
		.last_ending = DARUMA_ENDING_WATCHDOG,
		.changed = true,
		.test = true,
		.troubles = DARUMA_TROUBLE_NOT_WATCHED | DARUMA_TROUBLE_RECORD_READ,
		.counters = { 200, 129, 128, 127, 255 },
		.tries_left = 255,
		.incident = 0x8765,
		.incident_starts = 250,
		.aside_starts = 251,
		.cooldown = 0xfedc,
		.dumps_count = 0x80000000,
		.dumps_newest = UINT64_C(0xfedcba9876543210),
		.record_state = DARUMA_STATE_FOREIGN,
		.answer_state = DARUMA_STATE_NEWER,
		.answers_by_file = true,
		.limits_state = DARUMA_STATE_DAMAGED,
		.watchdog = DARUMA_WATCHDOG_WDAT,
		.starts = 0x80818283,
	};

	fill(note.boot_id, sizeof(note.boot_id));
	fill(note.previous_boot_id, sizeof(note.previous_boot_id));
	fill(note.argument, sizeof(note.argument));
	daruma_note_encode(&note, bytes);
}

static void make_limits(uint8_t *bytes)
{
	struct daruma_limits limits;

	daruma_limits_default(&limits);
	memcpy(limits.install, space_install, sizeof(limits.install));
	limits.watchdog_seconds = 1800;
	limits.policy_version = 0x87654321;
	strcpy(limits.normal.path, "\\EFI\\debian\\shimx64.efi");
	strcpy(limits.safe.path, "\\EFI\\daruma\\safe.efi");
	strcpy(limits.safe.options, "quiet panic=10");
	strcpy(limits.answer_path, "\\EFI\\daruma\\answer.bin");
	daruma_limits_encode(&limits, bytes);
}

/* Each decodes, and encodes again what it read. */

static enum daruma_state again_record(const uint8_t *bytes, size_t size, uint8_t *ret)
{
	struct daruma_record record;
	enum daruma_state state = daruma_record_decode(bytes, size, space_install, &record);

	daruma_record_encode(&record, ret);
	return state;
}

static enum daruma_state again_answer(const uint8_t *bytes, size_t size, uint8_t *ret)
{
	struct daruma_answer answer;
	enum daruma_state state = daruma_answer_decode(bytes, size, &answer);

	daruma_answer_encode(&answer, ret);
	return state;
}

static enum daruma_state again_note(const uint8_t *bytes, size_t size, uint8_t *ret)
{
	struct daruma_note note;
	enum daruma_state state = daruma_note_decode(bytes, size, &note);

	daruma_note_encode(&note, ret);
	return state;
}

static enum daruma_state again_limits(const uint8_t *bytes, size_t size, uint8_t *ret)
{
	struct daruma_limits limits;
	enum daruma_state state = daruma_limits_decode(bytes, size, space_install, &limits);

	daruma_limits_encode(&limits, ret);
	return state;
}

static const struct format {
	const char *name;
	size_t size;
	bool sealed; /* ends in a checksum */
	void (*make)(uint8_t *bytes);
	enum daruma_state (*again)(const uint8_t *bytes, size_t size, uint8_t *ret);
} formats[] = {
	{ "record", DARUMA_RECORD_SIZE, true, make_record, again_record },
	{ "answer", DARUMA_ANSWER_SIZE, true, make_answer, again_answer },
	{ "note", DARUMA_NOTE_SIZE, false, make_note, again_note },
	{ "limits", DARUMA_LIMITS_SIZE, true, make_limits, again_limits },
};

/* A few bits of the sound bytes turned over, and mostly a checksum that is right again. Whether they were taken. */
static bool read_changed(const struct format *format, uint64_t *chance, uint64_t *sum)
{
	uint8_t bytes[DARUMA_LIMITS_SIZE], again[DARUMA_LIMITS_SIZE];
	size_t size = format->size;
	enum daruma_state state;

	format->make(bytes);
	for (unsigned change = draw(chance, 4); change > 0; change--)
		bytes[draw(chance, (unsigned)size)] ^= (uint8_t)(1u << draw(chance, 8));
	if (format->sealed && draw(chance, 8) > 0)
		daruma_put32(bytes + size - 4, daruma_crc32(bytes, size - 4));
	if (draw(chance, 16) == 0)
		size = draw(chance, (unsigned)size);
	state = format->again(bytes, size, again);
	digest_number(sum, state);
	digest(sum, again, format->size);
	return state == DARUMA_STATE_VALID;
}

/* False where too few were taken, or all: then little was compared. */
static bool print_format(const struct format *format)
{
	uint8_t bytes[DARUMA_LIMITS_SIZE];
	uint64_t chance = 1, sum = EMPTY;
	unsigned taken = 0;

	format->make(bytes);
	printf("%s ", format->name);
	for (size_t i = 0; i < format->size; i++)
		printf("%02x", bytes[i]);
	for (unsigned round = 0; round < ROUNDS; round++)
		taken += read_changed(format, &chance, &sum);
	printf("\n%s read %u %016" PRIx64 "\n", format->name, taken, sum);
	return taken > ROUNDS / 10 && taken < ROUNDS;
}

/* --- the answer as a file ---------------------------------------- */

#define SLOT_USED 80

/* Two slots with numbers on both sides of where they run over, in either order. */
static void make_answer_file(uint64_t *chance, uint8_t *bytes)
{
	uint32_t sequence = UINT32_MAX - 2 + draw(chance, 6);
	struct daruma_answer answer;
	uint8_t sound[DARUMA_ANSWER_SIZE];

	make_answer(sound);
	daruma_answer_decode(sound, sizeof(sound), &answer);
	daruma_answer_slot_encode(&answer, sequence, bytes);
	answer.healthy_minutes++;
	daruma_answer_slot_encode(&answer, sequence - 2 + draw(chance, 5),
				  bytes + DARUMA_ANSWER_SLOT_SIZE);
}

/* As read_changed(), in the part of either slot that is used. */
static bool read_changed_file(uint64_t *chance, uint64_t *sum)
{
	uint8_t bytes[DARUMA_ANSWER_FILE_SIZE], again[DARUMA_ANSWER_SIZE];
	struct daruma_answer_file file;
	enum daruma_state state;

	make_answer_file(chance, bytes);
	for (unsigned change = draw(chance, 4); change > 0; change--) {
		uint8_t *slot = bytes + draw(chance, 2) * DARUMA_ANSWER_SLOT_SIZE;

		slot[draw(chance, SLOT_USED)] ^= (uint8_t)(1u << draw(chance, 8));
		if (draw(chance, 4) > 0)
			daruma_put32(slot + SLOT_USED - 4, daruma_crc32(slot, SLOT_USED - 4));
	}
	digest(sum, bytes, sizeof(bytes));
	state = daruma_answer_file_decode(bytes, sizeof(bytes), &file);
	daruma_answer_encode(&file.answer, again);
	digest_number(sum, state);
	digest_number(sum, file.slot);
	digest_number(sum, file.sequence);
	digest(sum, again, sizeof(again));
	return state == DARUMA_STATE_VALID;
}

static bool print_answer_file(void)
{
	uint64_t chance = 1, sum = EMPTY;
	unsigned taken = 0;

	for (unsigned round = 0; round < ROUNDS; round++)
		taken += read_changed_file(&chance, &sum);
	printf("answer file read %u %016" PRIx64 "\n", taken, sum);
	return taken > ROUNDS / 10 && taken < ROUNDS;
}

/* --- names ---------------------------------------- */

static bool print_dumps(void)
{
	static const char sound[] = "dump-type0-1-1-1719998823-C";
	static const char others[] = "0129-CDx\xb0\xff";
	struct daruma_dumps dumps = { 0 };
	uint64_t chance = 1, sum = EMPTY;

	for (unsigned round = 0; round < ROUNDS; round++) {
		char name[sizeof(sound)];

		memcpy(name, sound, sizeof(sound));
		for (unsigned change = draw(&chance, 3); change > 0; change--)
			name[draw(&chance, sizeof(sound) - 1)] =
				others[draw(&chance, sizeof(others) - 1)];
		digest_number(&sum, daruma_dumps_add(&dumps, name, sizeof(sound) - 1));
		digest_number(&sum, dumps.count);
		digest_number(&sum, dumps.sum);
		digest_number(&sum, dumps.newest);
	}
	printf("dumps %" PRIu32 " %016" PRIx64 "\n", dumps.count, sum);
	return dumps.count > ROUNDS / 10 && dumps.count < ROUNDS;
}

static void print_words(void)
{
	static const char *(*const names[])(unsigned) = {
		daruma_rung_name,   daruma_ending_name,	  daruma_result_name, daruma_request_name,
		daruma_reason_name, daruma_watchdog_name, daruma_state_name,
	};
	uint64_t sum = EMPTY;

	for (unsigned kind = 0; kind < sizeof(names) / sizeof(names[0]); kind++) {
		for (unsigned number = 0; number < 64; number++)
			digest_text(&sum, names[kind](number));
	}
	printf("words %016" PRIx64 "\n", sum);
}

int main(void)
{
	bool enough = true;

	print_decisions();
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		enough &= print_format(&formats[i]);
	enough &= print_answer_file();
	enough &= print_dumps();
	print_words();
	return enough ? 0 : 1;
}
