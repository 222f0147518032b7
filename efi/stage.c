/* stage.c: one start of the firmware stage: the only file that knows the order of the steps
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/stage.h"

#include "efi/console.h"
#include "efi/measure.h"
#include "efi/menu.h"
#include "efi/partition.h"
#include "efi/publish.h"
#include "efi/state.h"
#include "efi/store.h"
#include "efi/target.h"
#include "efi/watchdog.h"
#include "policy/note.h"

/* A person at the keyboard has the last word, before anything is written: a power cut in the menu
 * leaves everything as it was. */
static void decide(const struct firmware *firmware, struct state *state,
		   struct daruma_decision *decision)
{
	daruma_decide(&state->situation, decision);
	if (!menu_is_wanted(firmware))
		return;
	state->situation.choice = menu_ask(firmware, &state->situation, decision);
	daruma_decide(&state->situation, decision);
}

/* The record before hand-over (R3). Without it the ladder would start each time from the same
 * record and could circle for ever, so a start that cannot be counted is a normal one (R58), unless
 * a person chose it, who has to choose anew each time. */
static void keep(const struct firmware *firmware, struct state *state,
		 struct daruma_decision *decision)
{
	bool done = decision->forget ? store_forget(firmware, state->situation.install) :
				       store_record(firmware, &decision->next);

	if (done)
		return;
	if (decision->reason != DARUMA_REASON_MENU)
		decision->rung = DARUMA_RUNG_NORMAL;
	state->troubles |= DARUMA_TROUBLE_RECORD_WRITTEN;
}

/* Whether a watchdog is to run in this start (R5). A resume may take longer than any limit, and has
 * to end well. */
static bool wants_watchdog(const struct state *state, const struct daruma_decision *decision)
{
	return state->limits.watchdog_seconds > 0 && decision->watched;
}

/* Into the record, before it is written: the next start then asks that very watchdog. */
static void choose_watchdog(const struct firmware *firmware, const struct state *state,
			    struct daruma_decision *decision)
{
	bool wanted = wants_watchdog(state, decision);

	decision->next.watchdog =
		(uint8_t)(wanted ? watchdog_find(firmware, state->limits.watchdogs) :
				   DARUMA_WATCHDOG_NONE);
}

/* Only over a start whose end will be counted, and for which the next one looks there. */
static void arm_watchdog(const struct firmware *firmware, struct state *state,
			 struct daruma_decision *decision)
{
	bool wanted = wants_watchdog(state, decision);

	if (wanted && !(state->troubles & DARUMA_TROUBLE_RECORD_WRITTEN) &&
	    watchdog_arm(firmware, decision->next.watchdog, state->limits.watchdog_seconds))
		return;
	if (wanted)
		state->troubles |= DARUMA_TROUBLE_NOT_WATCHED;
	decision->next.watchdog = DARUMA_WATCHDOG_NONE;
}

/* One target. True where this start ends with it: `*ret_status` is then for the firmware. A
 * target of the rung's own that does not load, or gives up with an error, makes way for the next
 * one; what the normal target returns is not ours to judge. */
static bool try_target(const struct firmware *firmware, struct state *state,
		       const struct daruma_decision *decision, const struct target_choice *choice,
		       EFI_STATUS *ret_status)
{
	EFI_HANDLE child = NULL;

	*ret_status = target_load(firmware, choice->target, &child);
	if (target_refused(*ret_status))
		state->troubles |= DARUMA_TROUBLE_TARGET_REFUSED;
	if (EFI_ERROR(*ret_status))
		return false;
	console_say_start(firmware, decision, state->troubles);
	*ret_status = target_start(firmware, choice->target, child);
	return !choice->own || !EFI_ERROR(*ret_status);
}

static EFI_STATUS start(const struct firmware *firmware, struct state *state,
			const struct daruma_decision *decision)
{
	struct target_list list;
	EFI_STATUS status = EFI_NOT_FOUND;

	target_list(firmware, &state->limits, decision->rung, &list);
	for (unsigned i = 0; i < list.count; i++) {
		/* The note has to say so before the image that reads it runs. */
		if (i > 0) {
			state->troubles |= DARUMA_TROUBLE_TARGET_REPLACED;
			publish_note(firmware, state, decision);
		}
		if (try_target(firmware, state, decision, &list.choices[i], &status))
			return status;
	}
	console_say_no_target(firmware, state->troubles);
	return status;
}

/* Nothing that comes behind us knows of the watchdog. True where there was one. */
static bool end_watchdog(const struct firmware *firmware, struct daruma_decision *decision)
{
	bool ran = decision->next.watchdog != DARUMA_WATCHDOG_NONE;

	watchdog_stop(firmware, decision->next.watchdog);
	decision->next.watchdog = DARUMA_WATCHDOG_NONE;
	return ran;
}

EFI_STATUS daruma_stage_run(const struct firmware *firmware)
{
	uint8_t install[DARUMA_GUID_SIZE];
	struct state state = { 0 };
	struct daruma_decision decision = { 0 };
	EFI_STATUS status;
	bool named = partition_guid(firmware, install);
	bool ended;

	/* Off a GPT partition our variables have no name: nothing is counted, and the target is
	 * the one of our load options. */
	if (named) {
		state_load(firmware, install, &state);
		decide(firmware, &state, &decision);
		choose_watchdog(firmware, &state, &decision);
		keep(firmware, &state, &decision);
		/* Before the note, which says where it failed. */
		if (!measure_choice(firmware, &state.limits, &decision))
			state.troubles |= DARUMA_TROUBLE_NOT_MEASURED;
		arm_watchdog(firmware, &state, &decision);
		/* Where it cannot be written the system starts as one without Daruma. */
		publish_note(firmware, &state, &decision);
	}
	status = start(firmware, &state, &decision);
	ended = end_watchdog(firmware, &decision);
	/* The firmware's next entry is to know why it runs. */
	if (named && (ended || (state.troubles & DARUMA_TROUBLE_TARGET_REFUSED)))
		publish_note(firmware, &state, &decision);
	/* Shim would offer its menu for a refusal, and then start us once more. */
	return target_refused(status) ? EFI_LOAD_ERROR : status;
}
