/* bytes.c: little-endian fields and the checksum of stored objects
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "policy/bytes.h"

void daruma_put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
}

void daruma_put32(uint8_t *at, uint32_t value)
{
	daruma_put16(at, (uint16_t)value);
	daruma_put16(at + 2, (uint16_t)(value >> 16));
}

void daruma_put64(uint8_t *at, uint64_t value)
{
	daruma_put32(at, (uint32_t)value);
	daruma_put32(at + 4, (uint32_t)(value >> 32));
}

uint16_t daruma_get16(const uint8_t *at)
{
	return (uint16_t)(at[0] | at[1] << 8);
}

uint32_t daruma_get32(const uint8_t *at)
{
	return daruma_get16(at) | (uint32_t)daruma_get16(at + 2) << 16;
}

uint64_t daruma_get64(const uint8_t *at)
{
	return daruma_get32(at) | (uint64_t)daruma_get32(at + 4) << 32;
}

void daruma_copy(uint8_t *to, const uint8_t *from, size_t size)
{
	for (size_t i = 0; i < size; i++)
		to[i] = from[i];
}

void daruma_zero(uint8_t *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		at[i] = 0;
}

bool daruma_same(const uint8_t *one, const uint8_t *other, size_t size)
{
	uint8_t difference = 0;

	for (size_t i = 0; i < size; i++)
		difference |= (uint8_t)(one[i] ^ other[i]);
	return difference == 0;
}

bool daruma_is_zero(const uint8_t *at, size_t size)
{
	uint8_t bits = 0;

	for (size_t i = 0; i < size; i++)
		bits |= at[i];
	return bits == 0;
}

uint32_t daruma_crc32(const uint8_t *at, size_t size)
{
	uint32_t crc = 0xffffffffu;

	for (size_t i = 0; i < size; i++) {
		crc ^= at[i];
		for (int bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ (0xedb88320u & (0u - (crc & 1)));
	}
	return ~crc;
}
