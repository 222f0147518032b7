/* record.h: the firmware's own record, as 128 bytes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Variable DarumaRecord-<id>, non-volatile, boot services only: Linux can neither see nor change it.
 * Written once at each start, before hand-over (R3), so that a power cut leaves the old or the new one (R1).
 * All numbers little endian.
 *
 *    0  4  magic "DRec"                   50  2  incident number
 *    4  2  version 1                      52  1  safe and rescue starts of this incident
 *    6  2  size 128                       53  1  failed starts since aside was entered
 *    8 16  installation: ESP partition    54  6  throttle: minutes until each of 3 tokens is back
 *          GUID as it lies in the GPT     60  4  healthy minutes last reported
 *   24 16  boot id of this start          64  4  dumps seen: count
 *   40  1  flags, see below               68  8  dumps seen: newest time
 *   41  1  rung of this start             76  4  dumps seen: sum of names
 *   42  1  tries left (safe, rescue)      80 16  argument of the trial
 *   43  1  ending before this start       96  1  watchdog of this start
 *   44  1  counter: panic                 97  1  reason of this start
 *   45  1  counter: watchdog              98  2  zero
 *   46  1  counter: unexplained          100  4  starts ever made
 *   47  1  counter: clean                104  1  healthy minutes of proof left, at most 60
 *   48  1  counter: late                 105 19  spare: zero when written, ignored when read
 *   49  1  class that opened the incident 124  4  CRC-32 of bytes 0 to 123
 *
 *   flags: 1 armed, 2 changed, 4 accused, 8 incident open, 16 trial repeated; others zero.
 */
#ifndef DARUMA_POLICY_RECORD_H
#define DARUMA_POLICY_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/evidence.h"
#include "policy/names.h"
#include "policy/words.h"

#define DARUMA_RECORD_SIZE   128
#define DARUMA_ARGUMENT_SIZE 16
#define DARUMA_TOKENS	     3
#define DARUMA_PROOF_MINUTES 60 /* of health after the good answer that ends a repair (R26) */

/* Failures since the last good answer, saturating at 255; `clean` is no failure; `late` is never reset. */
struct daruma_counters {
	uint8_t panic;
	uint8_t watchdog;
	uint8_t unexplained;
	uint8_t clean;
	uint8_t late;
};

struct daruma_record {
	uint8_t install[DARUMA_GUID_SIZE];
	uint8_t boot_id[DARUMA_GUID_SIZE];
	bool armed;   /* a valid answer of this installation was seen: counting is on */
	bool changed; /* the OS said that the watch set differs from the last good generation */
	bool accused; /* the OS said that the evidence names a watched product that changed */
	bool incident_open;  /* an automatic safe incident that no good answer has ended */
	bool trial_repeated; /* this trial ended once by another kind of failure */
	enum daruma_rung rung;
	uint8_t tries_left;
	enum daruma_ending last_ending;
	struct daruma_counters counters;
	enum daruma_ending incident_class;
	uint16_t incident;
	uint8_t incident_starts;
	/* healthy minutes until the incident that a good answer ended is over: a repair before that is one more of it; 0: it is */
	uint8_t proof_minutes;
	uint8_t aside_starts;
	/* healthy minutes until the token is back; 0: it is there */
	uint16_t cooldown[DARUMA_TOKENS];
	uint32_t healthy_minutes;
	struct daruma_dumps dumps;
	uint8_t argument[DARUMA_ARGUMENT_SIZE];
	uint8_t watchdog; /* enum daruma_watchdog; one that is unknown here is none */
	enum daruma_reason reason;
	uint32_t starts;
};

/* Writes all DARUMA_RECORD_SIZE bytes. Values out of range are the caller's fault and make the result damaged. */
void daruma_record_encode(const struct daruma_record *record, uint8_t bytes[DARUMA_RECORD_SIZE]);

/* Reads `size` bytes from outside; `bytes` may be NULL where size is 0. `install` is the installation that
 * asks: a sound record of another one is FOREIGN. `*ret` is filled in every case, with zeroes unless VALID. */
enum daruma_state daruma_record_decode(const uint8_t *bytes, size_t size,
				       const uint8_t install[DARUMA_GUID_SIZE],
				       struct daruma_record *ret);

#endif
