/* answer_file.c: the answer as a file on the ESP
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "policy/answer_file.h"

#include "policy/bytes.h"
#include "policy/envelope.h"

#define SLOT_USED   80
#define AT_SEQUENCE DARUMA_ENVELOPE_HEAD
#define AT_ANSWER   (AT_SEQUENCE + 4)

static const char magic[4] = { 'D', 'S', 'l', 't' };

void daruma_answer_slot_encode(const struct daruma_answer *answer, uint32_t sequence,
			       uint8_t bytes[DARUMA_ANSWER_SLOT_SIZE])
{
	daruma_zero(bytes, DARUMA_ANSWER_SLOT_SIZE);
	daruma_put32(bytes + AT_SEQUENCE, sequence);
	daruma_answer_encode(answer, bytes + AT_ANSWER);
	daruma_envelope_seal(bytes, SLOT_USED, magic);
}

static bool is_sound(const uint8_t *slot)
{
	return daruma_envelope_open(slot, SLOT_USED, SLOT_USED, magic) == DARUMA_STATE_VALID;
}

/* Numbers run over after 2^32 answers: what is less than half of that ahead is newer. */
static bool follows(const uint8_t *slot, const uint8_t *other)
{
	uint32_t ahead = daruma_get32(slot + AT_SEQUENCE) - daruma_get32(other + AT_SEQUENCE);

	return ahead != 0 && ahead < UINT32_C(1) << 31;
}

enum daruma_state daruma_answer_file_decode(const uint8_t *bytes, size_t size,
					    struct daruma_answer_file *ret)
{
	const uint8_t *newest = NULL;

	daruma_zero((uint8_t *)ret, sizeof(*ret));
	if (size != DARUMA_ANSWER_FILE_SIZE)
		return size == 0 ? DARUMA_STATE_ABSENT : DARUMA_STATE_DAMAGED;
	for (unsigned slot = 0; slot < DARUMA_ANSWER_SLOTS; slot++) {
		const uint8_t *here = bytes + slot * DARUMA_ANSWER_SLOT_SIZE;

		if (!is_sound(here) || (newest && !follows(here, newest)))
			continue;
		newest = here;
		ret->slot = (slot + 1) % DARUMA_ANSWER_SLOTS;
	}
	if (!newest)
		return daruma_is_zero(bytes, size) ? DARUMA_STATE_ABSENT : DARUMA_STATE_DAMAGED;
	ret->sequence = daruma_get32(newest + AT_SEQUENCE) + 1;
	return daruma_answer_decode(newest + AT_ANSWER, DARUMA_ANSWER_SIZE, &ret->answer);
}
