/* publish.c: the boot note, by which the operating system learns what this start is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/publish.h"

#include "efi/text.h"
#include "efi/variables.h"
#include "policy/bytes.h"
#include "policy/note.h"
#include "policy/throttle.h"

static void fill_from_record(const struct daruma_record *next, struct daruma_note *note)
{
	note->last_ending = next->last_ending;
	note->armed = next->armed;
	note->changed = next->changed;
	note->accused = next->accused;
	note->incident_open = next->incident_open;
	note->counters = next->counters;
	note->tries_left = next->tries_left;
	note->incident = next->incident;
	note->incident_starts = next->incident_starts;
	note->aside_starts = next->aside_starts;
	note->watchdog = next->watchdog;
	note->starts = next->starts;
	daruma_copy(note->argument, next->argument, DARUMA_ARGUMENT_SIZE);
}

static void fill_from_state(const struct state *state, struct daruma_note *note)
{
	const struct daruma_situation *situation = &state->situation;

	daruma_copy(note->boot_id, situation->boot_id, DARUMA_GUID_SIZE);
	/* Zero unless the record is valid: decoding saw to that. */
	daruma_copy(note->previous_boot_id, situation->record.boot_id, DARUMA_GUID_SIZE);
	note->troubles = state->troubles;
	note->answers_by_file = state->limits.answer_path[0] != 0;
	note->dumps_count = situation->dumps.count;
	note->dumps_newest = situation->dumps.newest;
	note->record_state = situation->record_state;
	note->answer_state = situation->answer_state;
	note->limits_state = state->limits_state;
}

EFI_STATUS publish_note(const struct firmware *firmware, const struct state *state,
			const struct daruma_decision *decision)
{
	struct daruma_note note = { .rung = decision->rung, .reason = decision->reason };
	CHAR16 name[TEXT_VARIABLE_NAME_SIZE];
	uint8_t bytes[DARUMA_NOTE_SIZE];

	fill_from_record(&decision->next, &note);
	fill_from_state(state, &note);
	note.cooldown = daruma_throttle_wait(&decision->next, &state->situation.thresholds);
	daruma_note_encode(&note, bytes);
	text_variable_name(DARUMA_NOTE_NAME, state->situation.install, name);
	return variables_write(firmware, (struct variable){ name, &variables_daruma },
			       DARUMA_NOTE_ATTRIBUTES, bytes, sizeof(bytes));
}
