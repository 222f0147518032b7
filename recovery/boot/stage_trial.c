/* stage_trial.c: a new firmware stage is tried for one start before it takes the place of the old one (R53)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/stage_trial.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "policy/bytes.h"
#include "recovery/boot/boot_order.h"
#include "recovery/boot/own_entry.h"
#include "recovery/boot/stage_file.h"
#include "recovery/cleanup.h"
#include "recovery/event.h"
#include "recovery/json.h"
#include "recovery/state.h"

#define DESCRIPTION BOOT_ENTRY_DESCRIPTION " (new)"
#define NEXT	    "BootNext"

enum stage_trial_step stage_trial_decide(const struct stage_trial *trial)
{
	if (!trial->pending)
		return STAGE_TRIAL_NOTHING;
	if (trial->taken)
		return STAGE_TRIAL_TAKE;
	if (!trial->whole)
		return STAGE_TRIAL_REFUSE;
	if (trial->is_current)
		return STAGE_TRIAL_TAKE;
	if (trial->is_next)
		return STAGE_TRIAL_NOTHING;
	if (trial->starts == 0 || (trial->clean && trial->starts < STAGE_TRIAL_STARTS))
		return STAGE_TRIAL_NAME;
	return STAGE_TRIAL_REFUSE;
}

static struct boot_entry entry_of(const struct boot_entry *ours)
{
	struct boot_entry entry = *ours;

	snprintf(entry.description, sizeof(entry.description), "%s", DESCRIPTION);
	own_entry_set_program(&entry, DARUMA_ESP_TRIAL);
	return entry;
}

/* Whether the variable `name` names the entry on trial. */
static bool names_it(const struct stage_trial_place *place, const char *name)
{
	const struct boot_entry wanted = entry_of(place->ours);
	struct boot_entry entry;
	uint16_t number;

	return boot_order_number(place->variables, name, &number) == 0 &&
	       boot_order_entry(place->variables, number, &entry) == 0 &&
	       boot_entry_same_target(&entry, &wanted);
}

static bool is_digest_of(const struct esp *esp, const char *program, const char *digest)
{
	char there[DIGEST_TEXT_SIZE];

	return stage_file_digest(esp, program, there) == 0 && strcmp(there, digest) == 0;
}

static int look(const struct stage_trial_place *place, struct stage_trial *ret)
{
	struct stage_trial trial = { .pending = false };
	owned char *digest = NULL;
	int error = state_get_text(place->database, STAGE_TRIAL_KEY, &digest);

	if (error)
		return error;
	if (digest && digest[0]) {
		trial.pending = true;
		trial.taken = is_digest_of(place->esp, STAGE_FILE_PROGRAM, digest);
		trial.whole = is_digest_of(place->esp, STAGE_FILE_TRIAL, digest);
		trial.is_current = names_it(place, "BootCurrent");
		trial.is_next = names_it(place, NEXT);
		trial.starts =
			(unsigned)state_get_number(place->database, STAGE_TRIAL_STARTS_KEY, 0);
	}
	*ret = trial;
	return 0;
}

static int is_there(const struct database_row *row, void *user)
{
	(void)row;
	*(bool *)user = true;
	return 0;
}

static bool has_good_start(struct database *database)
{
	bool found = false;

	return database_query(database, is_there, &found,
			      "SELECT 1 FROM boot WHERE outcome='good' LIMIT 1", "") == 0 &&
	       found;
}

bool stage_trial_is_needed(const struct context *context, struct database *database,
			   const struct esp *esp)
{
	char fresh[DIGEST_TEXT_SIZE], present[DIGEST_TEXT_SIZE];

	return !context->keep_order && has_good_start(database) &&
	       state_get_number(database, BOOT_ORDER_NUMBER_KEY, -1) >= 0 &&
	       state_get_number(database, BOOT_ORDER_REMOVED_KEY, 0) == 0 &&
	       stage_file_source_digest(context, fresh) == 0 &&
	       stage_file_digest(esp, STAGE_FILE_PROGRAM, present) == 0 &&
	       strcmp(fresh, present) != 0;
}

/* Returns 1, 0 where somebody else's entry is named, or a negative errno. */
static int name_for_next_start(const struct stage_trial_place *place)
{
	const struct boot_entry entry = entry_of(place->ours);
	int64_t starts = state_get_number(place->database, STAGE_TRIAL_STARTS_KEY, 0);
	uint16_t number, named;
	uint8_t next[2];
	int error = boot_order_find(place->variables, &entry, &number);

	if (error == -ENOENT)
		error = boot_order_free_number(place->variables, &number);
	if (!error)
		error = boot_order_write_entry(place->variables, number, &entry);
	if (error)
		return error;
	if (boot_order_number(place->variables, NEXT, &named) == 0)
		return named == number;
	daruma_put16(next, number);
	error = place->variables->write(BOOT_ORDER_GLOBAL_GUID, NEXT, next, sizeof(next),
					BOOT_ORDER_ATTRIBUTES);
	/* Behind it: a power cut between the two is one start more, not one that was never made. */
	if (!error)
		error = state_set_number(place->database, STAGE_TRIAL_STARTS_KEY, starts + 1);
	return error ? error : 1;
}

int stage_trial_begin(const struct stage_trial_place *place)
{
	char digest[DIGEST_TEXT_SIZE];
	owned char *before = NULL;
	int error = stage_file_digest(place->esp, STAGE_FILE_TRIAL, digest);

	if (!error)
		error = state_get_text(place->database, STAGE_TRIAL_KEY, &before);
	if (!error && (!before || strcmp(before, digest) != 0)) {
		error = state_set_number(place->database, STAGE_TRIAL_STARTS_KEY, 0);
		if (!error)
			error = state_set_text(place->database, STAGE_TRIAL_KEY, digest);
	}
	if (!error)
		error = state_set_text(place->database, STAGE_TRIAL_REFUSED_KEY, "");
	return error ? error : name_for_next_start(place);
}

bool stage_trial_is_pending(struct database *database)
{
	owned char *digest = NULL;

	return state_get_text(database, STAGE_TRIAL_KEY, &digest) == 0 && digest && digest[0];
}

int stage_trial_end(const struct stage_trial_place *place)
{
	const struct boot_entry entry = entry_of(place->ours);
	int error = 0;

	if (names_it(place, NEXT))
		error = place->variables->remove(BOOT_ORDER_GLOBAL_GUID, NEXT);
	if (!error)
		error = boot_order_delete_entry(place->variables, &entry);
	if (!error)
		error = stage_file_drop_trial(place->esp);
	if (error || !stage_trial_is_pending(place->database))
		return error;
	return state_set_text(place->database, STAGE_TRIAL_KEY, "");
}

/* The event comes before the trial is forgotten: a power cut between the two tells it twice rather than never. */
static int close_trial(const struct stage_trial_place *place, bool taken)
{
	struct json *details;
	owned char *digest = NULL;
	int error = state_get_text(place->database, STAGE_TRIAL_KEY, &digest);

	if (!error && !taken)
		error = state_set_text(place->database, STAGE_TRIAL_REFUSED_KEY, digest);
	if (error)
		return error;
	details = json_new_object();
	json_add_text(details, "sha256", digest);
	error = event_write(place->context, place->database,
			    taken ? "stage.updated" : "stage.refused", taken ? "notice" : "alert",
			    details);
	return error ? error : stage_trial_end(place);
}

int stage_trial_follow(const struct stage_trial_place *place, bool clean)
{
	struct stage_trial trial;
	int error = look(place, &trial);

	if (error)
		return error;
	trial.clean = clean;
	switch (stage_trial_decide(&trial)) {
	case STAGE_TRIAL_NOTHING:
		return 0;
	case STAGE_TRIAL_NAME:
		error = name_for_next_start(place);
		return error < 0 ? error : 0;
	case STAGE_TRIAL_TAKE:
		error = trial.taken ? 0 : stage_file_take_trial(place->esp);
		return error ? error : close_trial(place, true);
	case STAGE_TRIAL_REFUSE:
		break;
	}
	return close_trial(place, false);
}

const char *stage_trial_word(const struct stage_trial_place *place)
{
	struct stage_trial trial;
	owned char *refused = NULL;

	if (state_get_text(place->database, STAGE_TRIAL_REFUSED_KEY, &refused) == 0 && refused &&
	    refused[0])
		return "refused";
	if (!stage_trial_is_pending(place->database) || look(place, &trial) != 0)
		return "none";
	return trial.is_current ? "this-start" : trial.is_next ? "next-start" : "waiting";
}
