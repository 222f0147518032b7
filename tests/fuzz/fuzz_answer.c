/* fuzz_answer.c: any bytes as the answer; with the checksum mended, so that the fields are reached
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policy/answer.h"
#include "policy/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const uint8_t *bytes, size_t size)
{
	struct daruma_answer answer;
	uint8_t again[DARUMA_ANSWER_SIZE];
	enum daruma_state state = daruma_answer_decode(bytes, size, &answer);

	if (state == DARUMA_STATE_FOREIGN || state >= DARUMA_STATE_COUNT)
		abort();
	if (state != DARUMA_STATE_VALID)
		return;
	if (answer.result >= DARUMA_RESULT_COUNT || answer.request >= DARUMA_REQUEST_COUNT)
		abort();
	daruma_answer_encode(&answer, again);
	if (memcmp(bytes, again, 48) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t bytes[DARUMA_ANSWER_SIZE];

	check(data, size);
	if (size < sizeof(bytes))
		return 0;
	memcpy(bytes, data, sizeof(bytes));
	memcpy(bytes, "DAns\x01\x00\x40\x00", 8);
	daruma_put32(bytes + 60, daruma_crc32(bytes, 60));
	check(bytes, sizeof(bytes));
	return 0;
}
