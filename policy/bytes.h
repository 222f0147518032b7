/* bytes.h: little-endian fields and the checksum of stored objects
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Objects are encoded byte by byte, never copied as a struct lies in memory.
 */
#ifndef DARUMA_POLICY_BYTES_H
#define DARUMA_POLICY_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void daruma_put16(uint8_t *at, uint16_t value);
void daruma_put32(uint8_t *at, uint32_t value);
void daruma_put64(uint8_t *at, uint64_t value);
uint16_t daruma_get16(const uint8_t *at);
uint32_t daruma_get32(const uint8_t *at);
uint64_t daruma_get64(const uint8_t *at);

/* Copies, fills and compares `size` bytes; areas do not overlap. */
void daruma_copy(uint8_t *to, const uint8_t *from, size_t size);
void daruma_zero(uint8_t *at, size_t size);
bool daruma_same(const uint8_t *one, const uint8_t *other, size_t size);

/* Every bit of `size` bytes is zero. */
bool daruma_is_zero(const uint8_t *at, size_t size);

/* CRC-32 as in IEEE 802.3 and zlib: reflected polynomial 0xedb88320, start and final inversion. */
uint32_t daruma_crc32(const uint8_t *at, size_t size);

#endif
