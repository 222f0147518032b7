/* removal_request.c: asking the stage to forget this machine in one more start, and calling that off
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/removal_request.h"

#include "recovery/boot/answer_lock.h"
#include "recovery/boot/firmware.h"
#include "recovery/boot/own_answer.h"
#include "recovery/cleanup.h"

int removal_request_make(const struct context *context, struct database *database,
			 const struct this_boot *boot)
{
	owned_descriptor int lock = answer_lock_take(context);
	struct daruma_answer answer;

	own_answer_load(context, database, boot, &answer);
	answer.request = DARUMA_REQUEST_FORGET;
	return firmware_write_answer(context, boot->id, &answer);
}

int removal_request_call_off(const struct context *context)
{
	owned_descriptor int lock = answer_lock_take(context);
	char id[FIRMWARE_ID_SIZE];
	struct daruma_answer answer;
	struct daruma_note note;

	if (firmware_read_note(context, &note, id) != 0 ||
	    firmware_read_answer(context, id, &answer) != DARUMA_STATE_VALID ||
	    answer.request != DARUMA_REQUEST_FORGET)
		return 0;
	answer.request = DARUMA_REQUEST_NONE;
	return firmware_write_answer(context, id, &answer);
}
