/* answer.h: what the operating system tells the firmware stage, as 64 bytes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Variable DarumaAnswer-<id>, non-volatile, run time. Root can write it, so it is a message only: it counts
 * for the start whose boot id it names and for no other (R2, R33).
 *
 *    0  4  magic "DAns"          26  1  previous: class found for the ending before this start
 *    4  2  version 1             27  1  request for the next start
 *    6  2  size 64               28  4  healthy minutes of this installation, ever
 *    8 16  boot id it answers    32 16  argument of the request
 *   24  1  result                48 12  spare: zero when written, ignored when read
 *   25  1  flags                 60  4  CRC-32 of bytes 0 to 59
 *
 *   flags: 1 changed, 2 accused; others zero.
 */
#ifndef DARUMA_POLICY_ANSWER_H
#define DARUMA_POLICY_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/names.h"
#include "policy/record.h"
#include "policy/words.h"

#define DARUMA_ANSWER_SIZE 64

struct daruma_answer {
	uint8_t boot_id[DARUMA_GUID_SIZE]; /* from the boot note */
	enum daruma_result result;
	bool changed; /* the watch set differs from the last good generation */
	bool accused; /* the crash text names a module or eBPF program of a watched product that changed */
	enum daruma_ending previous; /* NONE, PANIC, OPERATOR, WATCHDOG, CLEAN or UNEXPLAINED */
	enum daruma_request request;
	uint32_t healthy_minutes;
	uint8_t argument[DARUMA_ARGUMENT_SIZE];
};

/* Writes all DARUMA_ANSWER_SIZE bytes. */
void daruma_answer_encode(const struct daruma_answer *answer, uint8_t bytes[DARUMA_ANSWER_SIZE]);

/* Reads `size` bytes from outside; `bytes` may be NULL where size is 0. `*ret` is filled in every case, with
 * zeroes unless VALID. Never FOREIGN. */
enum daruma_state daruma_answer_decode(const uint8_t *bytes, size_t size,
				       struct daruma_answer *ret);

#endif
