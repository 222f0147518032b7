/* fuzz_answer_file.c: any bytes as the file of answers; with the checksums mended, so that the fields are reached
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policy/answer_file.h"
#include "policy/bytes.h"

#define AT_ANSWER 12
#define AT_END	  76

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever is there: a writer is told a slot of the file, and what it writes there is what is read then. */
static void check(const uint8_t *bytes, size_t size)
{
	uint8_t again[DARUMA_ANSWER_FILE_SIZE];
	struct daruma_answer answer = { .boot_id = { 1 }, .result = DARUMA_RESULT_GOOD };
	struct daruma_answer_file file, after;
	enum daruma_state state = daruma_answer_file_decode(bytes, size, &file);

	if (state >= DARUMA_STATE_COUNT || file.slot >= DARUMA_ANSWER_SLOTS)
		abort();
	if (state != DARUMA_STATE_VALID &&
	    !daruma_is_zero((const uint8_t *)&file.answer, sizeof(file.answer)))
		abort();
	if (state != DARUMA_STATE_VALID && state != DARUMA_STATE_NEWER)
		return;
	memcpy(again, bytes, sizeof(again));
	daruma_answer_slot_encode(&answer, file.sequence,
				  again + file.slot * DARUMA_ANSWER_SLOT_SIZE);
	if (daruma_answer_file_decode(again, sizeof(again), &after) != DARUMA_STATE_VALID ||
	    after.answer.boot_id[0] != 1 || after.slot == file.slot)
		abort();
}

static void mend(uint8_t *slot)
{
	memcpy(slot, "DSlt\x01\x00\x50\x00", 8);
	memcpy(slot + AT_ANSWER, "DAns\x01\x00\x40\x00", 8);
	daruma_put32(slot + AT_ANSWER + 60, daruma_crc32(slot + AT_ANSWER, 60));
	daruma_put32(slot + AT_END, daruma_crc32(slot, AT_END));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t bytes[DARUMA_ANSWER_FILE_SIZE];

	check(data, size);
	if (size < sizeof(bytes))
		return 0;
	memcpy(bytes, data, sizeof(bytes));
	mend(bytes);
	check(bytes, sizeof(bytes));
	mend(bytes + DARUMA_ANSWER_SLOT_SIZE);
	check(bytes, sizeof(bytes));
	return 0;
}
