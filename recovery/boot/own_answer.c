/* own_answer.c: the answer for this very start, built on what was answered before
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/own_answer.h"

#include "policy/bytes.h"
#include "recovery/boot/answer_lock.h"
#include "recovery/boot/firmware.h"
#include "recovery/cleanup.h"
#include "recovery/healthy_time.h"
#include "recovery/run_mark.h"

#define MINUTES_OF_A_DAY 1440

/* A start after a lost state.db must not tell less than was told before: the stage would take it as a new base. */
static uint32_t larger(uint32_t one, uint32_t other)
{
	return one > other ? one : other;
}

bool own_answer_load(const struct context *context, struct database *database,
		     const struct this_boot *boot, struct daruma_answer *ret)
{
	struct daruma_answer stored;
	uint32_t total = 0;
	bool valid = firmware_read_answer(context, boot->id, &stored) == DARUMA_STATE_VALID;
	bool mine = valid && daruma_same(stored.boot_id, boot->note.boot_id, DARUMA_GUID_SIZE);

	*ret = mine ? stored : (struct daruma_answer){ .result = DARUMA_RESULT_NONE };
	daruma_copy(ret->boot_id, boot->note.boot_id, DARUMA_GUID_SIZE);
	if (database &&
	    healthy_time_advance(database, boot->kernel_boot_id, healthy_time_now(), &total) != 0)
		total = healthy_time_total(database);
	ret->healthy_minutes = larger(valid ? stored.healthy_minutes : 0, total);
	return mine;
}

bool own_answer_is_good(const struct context *context, const struct this_boot *boot)
{
	struct daruma_answer stored;

	return firmware_read_answer(context, boot->id, &stored) == DARUMA_STATE_VALID &&
	       stored.result == DARUMA_RESULT_GOOD &&
	       daruma_same(stored.boot_id, boot->note.boot_id, DARUMA_GUID_SIZE);
}

int own_answer_report_health(const struct context *context, struct database *database)
{
	owned_descriptor int lock = answer_lock_take(context);
	struct daruma_answer stored, answer;
	struct this_boot boot;
	bool proves;
	int error = this_boot_read(context, database, &boot);

	if (error)
		return error;
	/* Once: this start goes on to be the first behind the repair. */
	proves = boot.note.incident_open && !run_mark_is_set(context, RUN_MARK_PROVED);
	if (!own_answer_load(context, database, &boot, &answer) ||
	    answer.result != DARUMA_RESULT_GOOD || (boot.note.cooldown == 0 && !proves) ||
	    firmware_read_answer(context, boot.id, &stored) != DARUMA_STATE_VALID ||
	    answer.healthy_minutes - stored.healthy_minutes <
		    (proves ? DARUMA_PROOF_MINUTES : MINUTES_OF_A_DAY))
		return 0;
	error = firmware_write_answer(context, boot.id, &answer);
	if (!error && proves)
		error = run_mark_set(context, RUN_MARK_PROVED);
	return error ? error : 1;
}
