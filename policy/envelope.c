/* envelope.c: the head and tail that every stored object has
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "policy/envelope.h"

#include "policy/bytes.h"

void daruma_envelope_seal(uint8_t *bytes, uint16_t size, const char magic[4])
{
	for (int i = 0; i < 4; i++)
		bytes[i] = (uint8_t)magic[i];
	daruma_put16(bytes + 4, DARUMA_FORMAT_VERSION);
	daruma_put16(bytes + 6, size);
	daruma_put32(bytes + size - 4, daruma_crc32(bytes, (size_t)size - 4));
}

enum daruma_state daruma_envelope_open(const uint8_t *bytes, size_t size, uint16_t expected_size,
				       const char magic[4])
{
	if (size == 0)
		return DARUMA_STATE_ABSENT;
	if (size < DARUMA_ENVELOPE_HEAD)
		return DARUMA_STATE_DAMAGED;
	for (int i = 0; i < 4; i++)
		if (bytes[i] != (uint8_t)magic[i])
			return DARUMA_STATE_DAMAGED;
	if (daruma_get16(bytes + 4) > DARUMA_FORMAT_VERSION)
		return DARUMA_STATE_NEWER;
	if (daruma_get16(bytes + 4) != DARUMA_FORMAT_VERSION ||
	    daruma_get16(bytes + 6) != expected_size || size != expected_size)
		return DARUMA_STATE_DAMAGED;
	if (daruma_get32(bytes + expected_size - 4) !=
	    daruma_crc32(bytes, (size_t)expected_size - 4))
		return DARUMA_STATE_DAMAGED;
	return DARUMA_STATE_VALID;
}
