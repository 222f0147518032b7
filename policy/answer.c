/* answer.c: what the operating system tells the firmware stage, as 64 bytes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "policy/answer.h"

#include "policy/bytes.h"
#include "policy/envelope.h"

#define FLAG_CHANGED 1u
#define FLAG_ACCUSED 2u
#define FLAGS_KNOWN  3u

static const char magic[4] = { 'D', 'A', 'n', 's' };

void daruma_answer_encode(const struct daruma_answer *answer, uint8_t bytes[DARUMA_ANSWER_SIZE])
{
	daruma_zero(bytes, DARUMA_ANSWER_SIZE);
	daruma_copy(bytes + 8, answer->boot_id, DARUMA_GUID_SIZE);
	bytes[24] = (uint8_t)answer->result;
	bytes[25] = (uint8_t)((answer->changed ? FLAG_CHANGED : 0) |
			      (answer->accused ? FLAG_ACCUSED : 0));
	bytes[26] = (uint8_t)answer->previous;
	bytes[27] = (uint8_t)answer->request;
	daruma_put32(bytes + 28, answer->healthy_minutes);
	daruma_copy(bytes + 32, answer->argument, DARUMA_ARGUMENT_SIZE);
	daruma_envelope_seal(bytes, DARUMA_ANSWER_SIZE, magic);
}

static bool may_be_previous(uint8_t ending)
{
	return ending == DARUMA_ENDING_NONE || ending == DARUMA_ENDING_CLEAN ||
	       ending == DARUMA_ENDING_PANIC || ending == DARUMA_ENDING_WATCHDOG ||
	       ending == DARUMA_ENDING_UNEXPLAINED || ending == DARUMA_ENDING_OPERATOR;
}

static bool in_range(const uint8_t *bytes)
{
	return bytes[24] < DARUMA_RESULT_COUNT && (bytes[25] & ~FLAGS_KNOWN) == 0 &&
	       may_be_previous(bytes[26]) && bytes[27] < DARUMA_REQUEST_COUNT;
}

enum daruma_state daruma_answer_decode(const uint8_t *bytes, size_t size, struct daruma_answer *ret)
{
	enum daruma_state state = daruma_envelope_open(bytes, size, DARUMA_ANSWER_SIZE, magic);

	daruma_zero((uint8_t *)ret, sizeof(*ret));
	if (state != DARUMA_STATE_VALID)
		return state;
	if (!in_range(bytes))
		return DARUMA_STATE_DAMAGED;
	daruma_copy(ret->boot_id, bytes + 8, DARUMA_GUID_SIZE);
	ret->result = (enum daruma_result)bytes[24];
	ret->changed = bytes[25] & FLAG_CHANGED;
	ret->accused = bytes[25] & FLAG_ACCUSED;
	ret->previous = (enum daruma_ending)bytes[26];
	ret->request = (enum daruma_request)bytes[27];
	ret->healthy_minutes = daruma_get32(bytes + 28);
	daruma_copy(ret->argument, bytes + 32, DARUMA_ARGUMENT_SIZE);
	return DARUMA_STATE_VALID;
}
