/* record.c: the firmware's own record, as 128 bytes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "policy/record.h"

#include "policy/bytes.h"
#include "policy/envelope.h"

#define FLAG_ARMED	    1u
#define FLAG_CHANGED	    2u
#define FLAG_ACCUSED	    4u
#define FLAG_INCIDENT_OPEN  8u
#define FLAG_TRIAL_REPEATED 16u
#define FLAGS_KNOWN	    31u

static const char magic[4] = { 'D', 'R', 'e', 'c' };

static uint8_t flags_of(const struct daruma_record *record)
{
	return (uint8_t)((record->armed ? FLAG_ARMED : 0) | (record->changed ? FLAG_CHANGED : 0) |
			 (record->accused ? FLAG_ACCUSED : 0) |
			 (record->incident_open ? FLAG_INCIDENT_OPEN : 0) |
			 (record->trial_repeated ? FLAG_TRIAL_REPEATED : 0));
}

void daruma_record_encode(const struct daruma_record *record, uint8_t bytes[DARUMA_RECORD_SIZE])
{
	daruma_zero(bytes, DARUMA_RECORD_SIZE);
	daruma_copy(bytes + 8, record->install, DARUMA_GUID_SIZE);
	daruma_copy(bytes + 24, record->boot_id, DARUMA_GUID_SIZE);
	bytes[40] = flags_of(record);
	bytes[41] = (uint8_t)record->rung;
	bytes[42] = record->tries_left;
	bytes[43] = (uint8_t)record->last_ending;
	bytes[44] = record->counters.panic;
	bytes[45] = record->counters.watchdog;
	bytes[46] = record->counters.unexplained;
	bytes[47] = record->counters.clean;
	bytes[48] = record->counters.late;
	bytes[49] = (uint8_t)record->incident_class;
	daruma_put16(bytes + 50, record->incident);
	bytes[52] = record->incident_starts;
	bytes[53] = record->aside_starts;
	for (size_t i = 0; i < DARUMA_TOKENS; i++)
		daruma_put16(bytes + 54 + 2 * i, record->cooldown[i]);
	daruma_put32(bytes + 60, record->healthy_minutes);
	daruma_put32(bytes + 64, record->dumps.count);
	daruma_put64(bytes + 68, record->dumps.newest);
	daruma_put32(bytes + 76, record->dumps.sum);
	daruma_copy(bytes + 80, record->argument, DARUMA_ARGUMENT_SIZE);
	bytes[96] = record->watchdog;
	bytes[97] = (uint8_t)record->reason;
	daruma_put32(bytes + 100, record->starts);
	bytes[104] = record->proof_minutes;
	daruma_envelope_seal(bytes, DARUMA_RECORD_SIZE, magic);
}

static bool in_range(const uint8_t *bytes)
{
	return (bytes[40] & ~FLAGS_KNOWN) == 0 && bytes[41] < DARUMA_RUNG_COUNT &&
	       bytes[43] < DARUMA_ENDING_COUNT && bytes[49] < DARUMA_ENDING_COUNT &&
	       bytes[97] < DARUMA_REASON_COUNT && daruma_is_zero(bytes + 98, 2);
}

static void read_fields(const uint8_t *bytes, struct daruma_record *record)
{
	daruma_copy(record->install, bytes + 8, DARUMA_GUID_SIZE);
	daruma_copy(record->boot_id, bytes + 24, DARUMA_GUID_SIZE);
	record->armed = bytes[40] & FLAG_ARMED;
	record->changed = bytes[40] & FLAG_CHANGED;
	record->accused = bytes[40] & FLAG_ACCUSED;
	record->incident_open = bytes[40] & FLAG_INCIDENT_OPEN;
	record->trial_repeated = bytes[40] & FLAG_TRIAL_REPEATED;
	record->rung = (enum daruma_rung)bytes[41];
	record->tries_left = bytes[42];
	record->last_ending = (enum daruma_ending)bytes[43];
	record->counters.panic = bytes[44];
	record->counters.watchdog = bytes[45];
	record->counters.unexplained = bytes[46];
	record->counters.clean = bytes[47];
	record->counters.late = bytes[48];
	record->incident_class = (enum daruma_ending)bytes[49];
	record->incident = daruma_get16(bytes + 50);
	record->incident_starts = bytes[52];
	record->aside_starts = bytes[53];
	for (size_t i = 0; i < DARUMA_TOKENS; i++)
		record->cooldown[i] = daruma_get16(bytes + 54 + 2 * i);
	record->healthy_minutes = daruma_get32(bytes + 60);
	record->dumps.count = daruma_get32(bytes + 64);
	record->dumps.newest = daruma_get64(bytes + 68);
	record->dumps.sum = daruma_get32(bytes + 76);
	daruma_copy(record->argument, bytes + 80, DARUMA_ARGUMENT_SIZE);
	record->watchdog = bytes[96];
	record->reason = (enum daruma_reason)bytes[97];
	record->starts = daruma_get32(bytes + 100);
	record->proof_minutes =
		bytes[104] < DARUMA_PROOF_MINUTES ? bytes[104] : DARUMA_PROOF_MINUTES;
}

enum daruma_state daruma_record_decode(const uint8_t *bytes, size_t size,
				       const uint8_t install[DARUMA_GUID_SIZE],
				       struct daruma_record *ret)
{
	enum daruma_state state = daruma_envelope_open(bytes, size, DARUMA_RECORD_SIZE, magic);

	daruma_zero((uint8_t *)ret, sizeof(*ret));
	if (state != DARUMA_STATE_VALID)
		return state;
	if (!in_range(bytes))
		return DARUMA_STATE_DAMAGED;
	if (!daruma_same(bytes + 8, install, DARUMA_GUID_SIZE))
		return DARUMA_STATE_FOREIGN;
	read_fields(bytes, ret);
	return DARUMA_STATE_VALID;
}
