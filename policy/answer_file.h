/* answer_file.h: the answer as a file on the ESP, for firmware that cannot store variables while a system runs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The file is laid once, 8192 zeroes, and then only written in place (R58). It has two slots of 4096 bytes: no two of them lie
 * in what a disk writes at once. A writer takes the one that does not hold the newest answer, so that a power cut in it
 * leaves that (R1).
 *
 *    0  4  magic "DSlt"          8  4  sequence: of two slots the one that follows the other is the newer
 *    4  2  version 1            12 64  the answer, as in answer.h
 *    6  2  size 80              76  4  CRC-32 of bytes 0 to 75
 *   80 4016 zero
 */
#ifndef DARUMA_POLICY_ANSWER_FILE_H
#define DARUMA_POLICY_ANSWER_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "policy/answer.h"
#include "policy/words.h"

#define DARUMA_ANSWER_SLOT_SIZE 4096
#define DARUMA_ANSWER_SLOTS	2
#define DARUMA_ANSWER_FILE_SIZE (DARUMA_ANSWER_SLOTS * DARUMA_ANSWER_SLOT_SIZE)

struct daruma_answer_file {
	struct daruma_answer answer; /* the newest; zeroes unless VALID */
	unsigned slot;		     /* which one the next answer goes to, from 0 */
	uint32_t sequence;	     /* and the number that it gets */
};

/* Writes all DARUMA_ANSWER_SLOT_SIZE bytes of a slot. */
void daruma_answer_slot_encode(const struct daruma_answer *answer, uint32_t sequence,
			       uint8_t bytes[DARUMA_ANSWER_SLOT_SIZE]);

/* Reads `size` bytes from outside; `bytes` may be NULL where size is 0. `*ret` is filled in every case. Returns ABSENT for
 * no bytes and for a file in which nothing was written yet; VALID; NEWER or DAMAGED of the newest answer; and DAMAGED for
 * another size and for a file without a sound slot that is not all zero: such a file is none of ours. */
enum daruma_state daruma_answer_file_decode(const uint8_t *bytes, size_t size,
					    struct daruma_answer_file *ret);

#endif
