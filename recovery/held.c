/* held.c: when the starters that users control are let go in a held start
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/held.h"

#include <stddef.h>
#include <unistd.h>

#include "recovery/boot/own_answer.h"
#include "recovery/healthy_time.h"
#include "recovery/state.h"

#define STEP_QUICK  1
#define STEP_NORMAL 5

enum held_end held_judge(struct health_streak *waiting, bool answered, enum health health, long now,
			 long settle_seconds)
{
	bool waits = health == HEALTH_WAITS;
	long waited = health_streak_feed(waiting, waits, now);

	if (answered)
		return HELD_ANSWERED;
	return waits && waited >= settle_seconds ? HELD_CIRCLE : HELD_ON;
}

/* The state is asked first, and anew each time: the gate answers the stage, records, and sets the row last, and a crash
 * before that would leave the incident open. */
bool held_is_answered(const struct context *context, const struct this_boot *boot)
{
	struct database *database = NULL;
	bool good;

	if (state_open(context, false, &database) != 0)
		return own_answer_is_good(context, boot);
	good = this_boot_is_good(database, boot->boot_id);
	database_close(database);
	/* Where nothing can be recorded the gate does no more than answer. */
	return good || (state_is_read_only(context) && own_answer_is_good(context, boot));
}

enum held_end held_wait(const struct held *held, char ret_why[HEALTH_WHY_SIZE])
{
	unsigned settle = held->policy->settle_seconds;
	struct health_streak waiting = { .running = false };
	enum held_end end = HELD_ON;

	while (end == HELD_ON) {
		bool answered = held_is_answered(held->context, held->boot);
		enum health health = answered ? HEALTH_HOLDS :
						health_check(held->context, held->processes,
							     held->products, ret_why);

		end = held_judge(&waiting, answered, health, (long)healthy_time_now(),
				 (long)settle);
		if (end == HELD_ON)
			sleep(settle < 30 ? STEP_QUICK : STEP_NORMAL);
	}
	return end;
}
