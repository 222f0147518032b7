/* note.h: the boot note, by which the firmware stage tells the operating system what this start is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Variable DarumaBoot-<id>, volatile, run time: Linux reads it and cannot change it. 96 bytes; a longer one
 * is read as far as it is known.
 *
 *    0  4  magic "DNot"              38  2  incident number
 *    4  2  version 1                 40  1  safe and rescue starts of this incident
 *    6  2  size                      41  1  failed starts since aside was entered
 *    8 16  boot id of this start     42  2  healthy minutes until safe is allowed again, 0 now
 *   24  1  rung                      44  4  crash dumps present: count
 *   25  1  reason                    48  8  crash dumps present: newest time
 *   26  1  ending before this start  56 16  boot id of the start before, zero where unknown
 *   27  1  flags                     72 16  argument of the trial
 *   28  4  troubles                  88  1  record state   89  1  answer state   90  1  limits state
 *   32  5  counters: panic, watchdog, 91  1  watchdog of this start
 *          unexplained, clean, late  92  4  starts ever made
 *   37  1  tries left
 *
 *   flags: 1 armed, 2 changed, 4 accused, 8 incident open, 16 test, 32 answers by file.
 */
#ifndef DARUMA_POLICY_NOTE_H
#define DARUMA_POLICY_NOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/record.h"
#include "policy/words.h"

#define DARUMA_NOTE_SIZE 96

/* What the stage could not do (R58): bits of `troubles`. */
enum daruma_trouble {
	DARUMA_TROUBLE_RECORD_READ = 1 << 0, /* the record could not be read */
	DARUMA_TROUBLE_RECORD_WRITTEN = 1
					<< 1, /* the record could not be written: counting is off */
	DARUMA_TROUBLE_ANSWER_READ =
		1 << 2, /* the answer is damaged, newer, or has wrong attributes */
	DARUMA_TROUBLE_LIMITS_FIRST = 1 << 3,	/* first copy of the limits unusable, second used */
	DARUMA_TROUBLE_LIMITS_BUILTIN = 1 << 4, /* no usable limits: built-in ones */
	DARUMA_TROUBLE_DUMPS_READ = 1 << 5,	/* names of crash dumps could not be listed */
	DARUMA_TROUBLE_TARGET_REPLACED =
		1 << 6, /* the rung's own target did not load: normal one used */
	DARUMA_TROUBLE_RANDOM_WEAK =
		1 << 7, /* no random number protocol: boot id from clock and counter */
	DARUMA_TROUBLE_TARGET_REFUSED =
		1 << 8, /* the firmware refused a target: no key that it trusts signed it (R31) */
	DARUMA_TROUBLE_NOT_MEASURED =
		1 << 9, /* a rung other than normal: no TPM, or it did not take it (R35) */
	DARUMA_TROUBLE_NOT_WATCHED =
		1 << 10, /* the limits ask for a watchdog, and none could be armed (R5) */
};

struct daruma_note {
	uint8_t boot_id[DARUMA_GUID_SIZE];
	enum daruma_rung rung;
	enum daruma_reason reason;
	enum daruma_ending last_ending;
	bool armed;
	bool changed;
	bool accused;
	bool incident_open;
	bool test;
	bool answers_by_file; /* the limits name a file that the answer of this start is looked for in */
	uint32_t troubles;
	struct daruma_counters counters;
	uint8_t tries_left;
	uint16_t incident;
	uint8_t incident_starts;
	uint8_t aside_starts;
	uint16_t cooldown; /* healthy minutes until the throttle allows a new incident */
	uint32_t dumps_count;
	uint64_t dumps_newest;
	uint8_t previous_boot_id[DARUMA_GUID_SIZE];
	uint8_t argument[DARUMA_ARGUMENT_SIZE];
	enum daruma_state record_state;
	enum daruma_state answer_state;
	enum daruma_state limits_state;
	uint8_t watchdog; /* enum daruma_watchdog; one that is unknown here is none */
	uint32_t starts;
};

/* Writes all DARUMA_NOTE_SIZE bytes. */
void daruma_note_encode(const struct daruma_note *note, uint8_t bytes[DARUMA_NOTE_SIZE]);

/* Reads `size` bytes; `bytes` may be NULL where size is 0. `*ret` is filled in every case, with zeroes unless
 * VALID. A version above ours with the same start is VALID too: it only adds to the end. */
enum daruma_state daruma_note_decode(const uint8_t *bytes, size_t size, struct daruma_note *ret);

/* Whether the operating system has open failures to look at: an unanswered ending before this start, or
 * counters above zero. */
bool daruma_note_has_open_failures(const struct daruma_note *note);

#endif
