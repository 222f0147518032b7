/* envelope.h: the head and tail that every stored object has
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 *   0  4  magic            four ASCII letters
 *   4  2  version          1; a higher one is "newer"
 *   6  2  size             of the whole object in bytes
 *   ...                    the object's own fields
 *  -4  4  checksum         CRC-32 of everything before it
 */
#ifndef DARUMA_POLICY_ENVELOPE_H
#define DARUMA_POLICY_ENVELOPE_H

#include <stddef.h>
#include <stdint.h>

#include "policy/words.h"

#define DARUMA_FORMAT_VERSION 1
#define DARUMA_ENVELOPE_HEAD  8

/* Writes magic, version and size to the start of `bytes`, and the checksum to its end. To be called last. */
void daruma_envelope_seal(uint8_t *bytes, uint16_t size, const char magic[4]);

/* Checks `size` bytes read from outside; `bytes` may be NULL where size is 0.
 * Returns ABSENT for size 0; DAMAGED for another magic, size or checksum; NEWER where the magic is right and
 * the version is higher (its size and checksum are then not ours to judge); else VALID. */
enum daruma_state daruma_envelope_open(const uint8_t *bytes, size_t size, uint16_t expected_size,
				       const char magic[4]);

#endif
