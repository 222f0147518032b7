/* state.c: everything the decision may know, read from this machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/state.h"

#include "efi/dumps.h"
#include "efi/files.h"
#include "efi/random.h"
#include "efi/text.h"
#include "efi/variables.h"
#include "efi/watchdog.h"
#include "policy/answer_file.h"
#include "policy/bytes.h"
#include "policy/note.h"

/* One copy of the limits. A byte more is read than they have, so that a longer file is not taken
 * for them. */
static enum daruma_state read_limits(const struct firmware *firmware, const char *path,
				     const uint8_t install[DARUMA_GUID_SIZE],
				     struct daruma_limits *ret)
{
	uint8_t bytes[DARUMA_LIMITS_SIZE + 1];
	UINTN size = 0;
	EFI_STATUS status = files_read(firmware, path, bytes, sizeof(bytes), &size);
	enum daruma_state state = daruma_limits_decode(bytes, size, install, ret);

	return EFI_ERROR(status) && status != EFI_NOT_FOUND ? DARUMA_STATE_DAMAGED : state;
}

static void load_limits(const struct firmware *firmware, struct state *state)
{
	const uint8_t *install = state->situation.install;

	state->limits_state = read_limits(firmware, DARUMA_ESP_LIMITS, install, &state->limits);
	if (state->limits_state != DARUMA_STATE_VALID) {
		if (read_limits(firmware, DARUMA_ESP_LIMITS_BACKUP, install, &state->limits) ==
		    DARUMA_STATE_VALID) {
			state->limits_state = DARUMA_STATE_VALID;
			state->troubles |= DARUMA_TROUBLE_LIMITS_FIRST;
		} else {
			/* Decoding left the built-in ones. */
			state->troubles |= DARUMA_TROUBLE_LIMITS_BUILTIN;
		}
	}
	state->situation.thresholds = state->limits.thresholds;
}

static void load_record(const struct firmware *firmware, struct state *state)
{
	struct daruma_situation *situation = &state->situation;
	CHAR16 name[TEXT_VARIABLE_NAME_SIZE];
	uint8_t bytes[DARUMA_RECORD_SIZE];
	UINTN size = 0;
	EFI_STATUS status;

	text_variable_name(DARUMA_RECORD_NAME, situation->install, name);
	status = variables_read(firmware, (struct variable){ name, &variables_daruma },
				DARUMA_RECORD_ATTRIBUTES, bytes, sizeof(bytes), &size);
	situation->record_state =
		daruma_record_decode(bytes, size, situation->install, &situation->record);
	if (!EFI_ERROR(status) || status == EFI_NOT_FOUND)
		return;
	situation->record_state = DARUMA_STATE_DAMAGED;
	/* Its length and attributes are damage; anything else is the firmware's own trouble. */
	if (status != EFI_BUFFER_TOO_SMALL && status != EFI_SECURITY_VIOLATION)
		state->troubles |= DARUMA_TROUBLE_RECORD_READ;
}

/* A byte more is read than the file has, so that a longer one is not taken for it. */
static enum daruma_state read_answer_file(const struct firmware *firmware, const char *path,
					  struct daruma_answer_file *ret)
{
	uint8_t bytes[DARUMA_ANSWER_FILE_SIZE + 1];
	UINTN size = 0;
	EFI_STATUS status = files_read(firmware, path, bytes, sizeof(bytes), &size);
	enum daruma_state state = daruma_answer_file_decode(bytes, size, ret);

	return EFI_ERROR(status) ? DARUMA_STATE_DAMAGED : state;
}

/* Firmware that cannot store variables while a system runs: the limits name a file. What it says of the last start goes
 * before the variable, which may be from before the file was laid. */
static bool load_answer_of_file(const struct firmware *firmware, struct state *state)
{
	struct daruma_situation *situation = &state->situation;
	struct daruma_answer_file file;
	enum daruma_state found;

	if (!state->limits.answer_path[0])
		return false;
	found = read_answer_file(firmware, state->limits.answer_path, &file);
	if (found != DARUMA_STATE_VALID && found != DARUMA_STATE_ABSENT)
		state->troubles |= DARUMA_TROUBLE_ANSWER_READ;
	if (found != DARUMA_STATE_VALID ||
	    !daruma_same(file.answer.boot_id, situation->record.boot_id, DARUMA_GUID_SIZE))
		return false;
	situation->answer_state = DARUMA_STATE_VALID;
	situation->answer = file.answer;
	return true;
}

static void load_answer(const struct firmware *firmware, struct state *state)
{
	struct daruma_situation *situation = &state->situation;
	CHAR16 name[TEXT_VARIABLE_NAME_SIZE];
	uint8_t bytes[DARUMA_ANSWER_SIZE];
	UINTN size = 0;
	EFI_STATUS status;

	if (load_answer_of_file(firmware, state))
		return;
	text_variable_name(DARUMA_ANSWER_NAME, situation->install, name);
	status = variables_read(firmware, (struct variable){ name, &variables_daruma },
				DARUMA_ANSWER_ATTRIBUTES, bytes, sizeof(bytes), &size);
	situation->answer_state = daruma_answer_decode(bytes, size, &situation->answer);
	if (EFI_ERROR(status) && status != EFI_NOT_FOUND)
		situation->answer_state = DARUMA_STATE_DAMAGED;
	if (situation->answer_state != DARUMA_STATE_VALID &&
	    situation->answer_state != DARUMA_STATE_ABSENT)
		state->troubles |= DARUMA_TROUBLE_ANSWER_READ;
}

static void load_dumps(const struct firmware *firmware, struct state *state)
{
	struct daruma_situation *situation = &state->situation;

	if (!EFI_ERROR(dumps_list(firmware, &situation->dumps)))
		return;
	/* What was seen before counts as still there, so that nothing looks new now or next
	 * time. */
	situation->dumps = situation->record.dumps;
	state->troubles |= DARUMA_TROUBLE_DUMPS_READ;
}

void state_load(const struct firmware *firmware, const uint8_t install[DARUMA_GUID_SIZE],
		struct state *ret)
{
	*ret = (struct state){ 0 };
	daruma_copy(ret->situation.install, install, DARUMA_GUID_SIZE);
	load_limits(firmware, ret);
	load_record(firmware, ret);
	load_answer(firmware, ret);
	load_dumps(firmware, ret);
	/* Of the kind that the start before had: where it had none, no register is touched. */
	ret->situation.watchdog_fired = watchdog_fired(firmware, ret->situation.record.watchdog);
	/* A restart may not have stopped it, and a person may take time in the menu. */
	watchdog_stop(firmware, ret->situation.record.watchdog);
	if (!random_boot_id(firmware, &ret->situation.record, ret->situation.boot_id))
		ret->troubles |= DARUMA_TROUBLE_RANDOM_WEAK;
}
