/* stage_view.c: what the firmware stage and this start look like from here
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/stage_view.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "policy/bytes.h"
#include "recovery/boot/own_variables.h"

static const struct {
	int error;
	const char *word;
} words[] = {
	{ 0, "active" },	 { -ENOENT, "bypassed" },  { -ENODEV, "unreachable" },
	{ -EBADMSG, "damaged" }, { -EEXIST, "ambiguous" },
};

static const char *const reasons[DARUMA_REASON_COUNT] = {
	[DARUMA_REASON_ORDINARY] = "nothing is counted",
	[DARUMA_REASON_RECORD_ABSENT] = "there was no record: a first start, or it was lost",
	[DARUMA_REASON_RECORD_DAMAGED] = "the record was damaged",
	[DARUMA_REASON_RECORD_NEWER] = "the record was written by a newer Daruma",
	[DARUMA_REASON_RECORD_FOREIGN] = "the record belongs to another installation",
	[DARUMA_REASON_NOT_ARMED] = "no good boot was seen yet, so nothing is counted",
	[DARUMA_REASON_HIBERNATED] = "a hibernation image waits to be resumed",
	[DARUMA_REASON_RETRY] = "a failure was counted, and the limit is not reached",
	[DARUMA_REASON_REQUESTED] = "an operator asked for it",
	[DARUMA_REASON_REMOVED] = "Daruma was told to forget this machine",
	[DARUMA_REASON_CRASHES_HELD] = "crashes reached the limit, and no product was named",
	[DARUMA_REASON_CRASHES_SAFE] =
		"crashes went on above the limit, or a changed product was named",
	[DARUMA_REASON_RESETS_CHANGED] =
		"unexplained resets reached the limit, and watched products had changed",
	[DARUMA_REASON_REPAIRED] = "something was repaired and is on trial",
	[DARUMA_REASON_LEFT_SAFE] = "the safe profile was left in order, without a repair",
	[DARUMA_REASON_TRIAL_AGAIN] = "the trial ended by another kind of failure and is repeated",
	[DARUMA_REASON_TRIAL_OPEN] = "the trial was stopped in order and goes on",
	[DARUMA_REASON_TRIAL_FAILED] = "the trial ended by the same kind of failure",
	[DARUMA_REASON_SAFE_AGAIN] = "the safe start failed: second try",
	[DARUMA_REASON_SAFE_FAILED] = "the safe starts failed",
	[DARUMA_REASON_RESCUE_AGAIN] = "the rescue start failed: second try",
	[DARUMA_REASON_RESCUE_FAILED] = "the rescue starts failed",
	[DARUMA_REASON_NOTHING_TO_BLAME] = "nothing had changed: no change, no blame",
	[DARUMA_REASON_THROTTLED] = "a safe start was due, and the throttle forbade it",
	[DARUMA_REASON_STILL_ASIDE] = "Daruma stands aside until a good boot",
	[DARUMA_REASON_LAST_RESORT] = "standing aside failed long enough for one more safe start",
	[DARUMA_REASON_MENU] = "a person chose it in the menu at the start",
	[DARUMA_REASON_LATE_CRASHES] =
		"crashes long after good boots went on, and nobody was surely to blame",
};

static const char *const endings[DARUMA_ENDING_COUNT] = {
	[DARUMA_ENDING_NONE] = "unknown",
	[DARUMA_ENDING_GOOD] = "it was healthy",
	[DARUMA_ENDING_CLEAN] = "it was stopped in order before it was healthy",
	[DARUMA_ENDING_HIBERNATED] = "it was hibernated",
	[DARUMA_ENDING_PANIC] = "a kernel panic",
	[DARUMA_ENDING_WATCHDOG] = "a reset by the hardware watchdog",
	[DARUMA_ENDING_UNEXPLAINED] = "a reset without evidence",
	[DARUMA_ENDING_OPERATOR] = "a panic that a person asked for",
	[DARUMA_ENDING_LATE] = "a crash after it was healthy",
};

/* In the order of the bits of enum daruma_trouble. */
static const char *const troubles[] = {
	"the record could not be read",
	"the record could not be written: counting is off",
	"the answer is damaged, newer, or has wrong attributes",
	"the first copy of the limits is unusable: the second is used",
	"no usable limits: built-in ones are used",
	"the names of crash dumps could not be listed",
	"the target of this rung did not load: the normal one was used",
	"no random number protocol: boot ids are guessable",
	"the firmware refused a target: no key that it trusts has signed it",
	"this start was not measured: there is no TPM, or it failed",
	"a watchdog is asked for, and none could be armed",
};

void stage_view_take(const struct context *context, struct stage_view *ret)
{
	struct daruma_answer answer;

	memset(ret, 0, sizeof(*ret));
	ret->word = "damaged";
	ret->answer_state = DARUMA_STATE_ABSENT;
	ret->error = firmware_read_note(context, &ret->note, ret->id);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].error == ret->error)
			ret->word = words[i].word;
	if (ret->error)
		return;
	firmware_boot_id_text(ret->note.boot_id, ret->boot_id);
	ret->answer_state = firmware_read_answer(context, ret->id, &answer);
	ret->answered = ret->answer_state == DARUMA_STATE_VALID &&
			daruma_same(answer.boot_id, ret->note.boot_id, DARUMA_GUID_SIZE);
	if (ret->answered)
		ret->answer = answer;
}

enum safe_image_state stage_view_safe_image(const struct context *context,
					    const struct stage_view *view)
{
	return safe_image_look(context, own_variables(context), view->error ? NULL : &view->note);
}

const char *stage_view_health(const struct stage_view *view)
{
	if (!view->answered || view->answer.result == DARUMA_RESULT_NONE)
		return "unanswered";
	return daruma_result_name(view->answer.result);
}

const char *stage_view_reason(enum daruma_reason reason)
{
	return reason < DARUMA_REASON_COUNT ? reasons[reason] : "unknown";
}

const char *stage_view_ending(enum daruma_ending ending)
{
	return ending < DARUMA_ENDING_COUNT ? endings[ending] : "unknown";
}

const char *stage_view_trouble(unsigned bit)
{
	return bit < sizeof(troubles) / sizeof(troubles[0]) ? troubles[bit] : NULL;
}
