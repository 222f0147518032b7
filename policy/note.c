/* note.c: the boot note, by which the firmware stage tells the operating system what this start is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "policy/note.h"

#include "policy/bytes.h"
#include "policy/envelope.h"

#define FLAG_ARMED	   1u
#define FLAG_CHANGED	   2u
#define FLAG_ACCUSED	   4u
#define FLAG_INCIDENT_OPEN 8u
#define FLAG_TEST	   16u
#define FLAG_BY_FILE	   32u

static const uint8_t magic[4] = { 'D', 'N', 'o', 't' };

static uint8_t flags_of(const struct daruma_note *note)
{
	return (uint8_t)((note->armed ? FLAG_ARMED : 0) | (note->changed ? FLAG_CHANGED : 0) |
			 (note->accused ? FLAG_ACCUSED : 0) |
			 (note->incident_open ? FLAG_INCIDENT_OPEN : 0) |
			 (note->test ? FLAG_TEST : 0) | (note->answers_by_file ? FLAG_BY_FILE : 0));
}

void daruma_note_encode(const struct daruma_note *note, uint8_t bytes[DARUMA_NOTE_SIZE])
{
	daruma_zero(bytes, DARUMA_NOTE_SIZE);
	daruma_copy(bytes, magic, sizeof(magic));
	daruma_put16(bytes + 4, DARUMA_FORMAT_VERSION);
	daruma_put16(bytes + 6, DARUMA_NOTE_SIZE);
	daruma_copy(bytes + 8, note->boot_id, DARUMA_GUID_SIZE);
	bytes[24] = (uint8_t)note->rung;
	bytes[25] = (uint8_t)note->reason;
	bytes[26] = (uint8_t)note->last_ending;
	bytes[27] = flags_of(note);
	daruma_put32(bytes + 28, note->troubles);
	bytes[32] = note->counters.panic;
	bytes[33] = note->counters.watchdog;
	bytes[34] = note->counters.unexplained;
	bytes[35] = note->counters.clean;
	bytes[36] = note->counters.late;
	bytes[37] = note->tries_left;
	daruma_put16(bytes + 38, note->incident);
	bytes[40] = note->incident_starts;
	bytes[41] = note->aside_starts;
	daruma_put16(bytes + 42, note->cooldown);
	daruma_put32(bytes + 44, note->dumps_count);
	daruma_put64(bytes + 48, note->dumps_newest);
	daruma_copy(bytes + 56, note->previous_boot_id, DARUMA_GUID_SIZE);
	daruma_copy(bytes + 72, note->argument, DARUMA_ARGUMENT_SIZE);
	bytes[88] = (uint8_t)note->record_state;
	bytes[89] = (uint8_t)note->answer_state;
	bytes[90] = (uint8_t)note->limits_state;
	bytes[91] = note->watchdog;
	daruma_put32(bytes + 92, note->starts);
}

static bool has_head(const uint8_t *bytes, size_t size)
{
	return size >= DARUMA_NOTE_SIZE && daruma_same(bytes, magic, sizeof(magic)) &&
	       daruma_get16(bytes + 4) >= DARUMA_FORMAT_VERSION && daruma_get16(bytes + 6) == size;
}

static bool in_range(const uint8_t *bytes)
{
	return bytes[24] < DARUMA_RUNG_COUNT && bytes[25] < DARUMA_REASON_COUNT &&
	       bytes[26] < DARUMA_ENDING_COUNT && bytes[88] < DARUMA_STATE_COUNT &&
	       bytes[89] < DARUMA_STATE_COUNT && bytes[90] < DARUMA_STATE_COUNT;
}

static void read_fields(const uint8_t *bytes, struct daruma_note *note)
{
	daruma_copy(note->boot_id, bytes + 8, DARUMA_GUID_SIZE);
	note->rung = (enum daruma_rung)bytes[24];
	note->reason = (enum daruma_reason)bytes[25];
	note->last_ending = (enum daruma_ending)bytes[26];
	note->armed = bytes[27] & FLAG_ARMED;
	note->changed = bytes[27] & FLAG_CHANGED;
	note->accused = bytes[27] & FLAG_ACCUSED;
	note->incident_open = bytes[27] & FLAG_INCIDENT_OPEN;
	note->test = bytes[27] & FLAG_TEST;
	note->answers_by_file = bytes[27] & FLAG_BY_FILE;
	note->troubles = daruma_get32(bytes + 28);
	note->counters.panic = bytes[32];
	note->counters.watchdog = bytes[33];
	note->counters.unexplained = bytes[34];
	note->counters.clean = bytes[35];
	note->counters.late = bytes[36];
	note->tries_left = bytes[37];
	note->incident = daruma_get16(bytes + 38);
	note->incident_starts = bytes[40];
	note->aside_starts = bytes[41];
	note->cooldown = daruma_get16(bytes + 42);
	note->dumps_count = daruma_get32(bytes + 44);
	note->dumps_newest = daruma_get64(bytes + 48);
	daruma_copy(note->previous_boot_id, bytes + 56, DARUMA_GUID_SIZE);
	daruma_copy(note->argument, bytes + 72, DARUMA_ARGUMENT_SIZE);
	note->record_state = (enum daruma_state)bytes[88];
	note->answer_state = (enum daruma_state)bytes[89];
	note->limits_state = (enum daruma_state)bytes[90];
	note->watchdog = bytes[91];
	note->starts = daruma_get32(bytes + 92);
}

enum daruma_state daruma_note_decode(const uint8_t *bytes, size_t size, struct daruma_note *ret)
{
	daruma_zero((uint8_t *)ret, sizeof(*ret));
	if (size == 0)
		return DARUMA_STATE_ABSENT;
	if (!has_head(bytes, size) || !in_range(bytes))
		return DARUMA_STATE_DAMAGED;
	read_fields(bytes, ret);
	return DARUMA_STATE_VALID;
}

bool daruma_note_has_open_failures(const struct daruma_note *note)
{
	const struct daruma_counters *counters = &note->counters;

	return counters->panic > 0 || counters->watchdog > 0 || counters->unexplained > 0 ||
	       note->incident_open || note->last_ending == DARUMA_ENDING_PANIC ||
	       note->last_ending == DARUMA_ENDING_WATCHDOG ||
	       note->last_ending == DARUMA_ENDING_UNEXPLAINED ||
	       note->last_ending == DARUMA_ENDING_LATE;
}
