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

/* Of each four bits. A table of whole bytes would be a kilobyte of the stage. */
static const uint32_t crc_of_nibble[16] = {
	0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
	0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
	0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
};

uint32_t daruma_crc32(const uint8_t *at, size_t size)
{
	uint32_t crc = 0xffffffffu;

	for (size_t i = 0; i < size; i++) {
		crc ^= at[i];
		crc = (crc >> 4) ^ crc_of_nibble[crc & 15];
		crc = (crc >> 4) ^ crc_of_nibble[crc & 15];
	}
	return ~crc;
}
