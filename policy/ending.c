/* ending.c: how the last start ended, and what that adds to the record
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "policy/ending.h"

#include "policy/throttle.h"

static bool ran_as_set_up(enum daruma_rung rung)
{
	return rung != DARUMA_RUNG_SAFE && rung != DARUMA_RUNG_RESCUE;
}

bool daruma_ending_is_failure(enum daruma_ending ending)
{
	return ending == DARUMA_ENDING_PANIC || ending == DARUMA_ENDING_WATCHDOG ||
	       ending == DARUMA_ENDING_UNEXPLAINED;
}

enum daruma_ending daruma_ending_classify(const struct daruma_record *record,
					  const struct daruma_traces *traces)
{
	bool crashed = daruma_dumps_has_new(&record->dumps, &traces->dumps);
	enum daruma_result result = traces->answer ? traces->answer->result : DARUMA_RESULT_NONE;

	/* An image on disk would be resumed over a changed file system, whatever else happened. */
	if (result == DARUMA_RESULT_HIBERNATED)
		return DARUMA_ENDING_HIBERNATED;
	if (result == DARUMA_RESULT_GOOD && ran_as_set_up(record->rung))
		return crashed ? DARUMA_ENDING_LATE : DARUMA_ENDING_GOOD;
	if (crashed)
		return DARUMA_ENDING_PANIC;
	if (result != DARUMA_RESULT_NONE)
		return DARUMA_ENDING_CLEAN;
	return traces->watchdog_fired ? DARUMA_ENDING_WATCHDOG : DARUMA_ENDING_UNEXPLAINED;
}

static void add_one(uint8_t *counter)
{
	if (*counter < UINT8_MAX)
		(*counter)++;
}

static void take_one(uint8_t *counter)
{
	if (*counter > 0)
		(*counter)--;
}

/* The counter of a class of failure, or NULL. */
static uint8_t *counter_of(struct daruma_counters *counters, enum daruma_ending ending)
{
	switch (ending) {
	case DARUMA_ENDING_PANIC:
		return &counters->panic;
	case DARUMA_ENDING_WATCHDOG:
		return &counters->watchdog;
	case DARUMA_ENDING_UNEXPLAINED:
		return &counters->unexplained;
	default:
		return NULL;
	}
}

/* A crash after the good answer is no failure to start (R6). Where it names a watched product that changed since the
 * last good state, it is the first crash of that change nevertheless: crashes count from its landing. */
static bool is_first_of_change(const struct daruma_record *record,
			       const struct daruma_answer *answer)
{
	return record->last_ending == DARUMA_ENDING_LATE &&
	       answer->previous == DARUMA_ENDING_PANIC && answer->accused;
}

/* The OS read the text of the ending before this start and knows its class better than the names of dumps
 * do. An operator's panic and a clean stop are counted nowhere. What ended before the record was armed was not
 * counted, and is not counted now. */
static void correct(struct daruma_record *record, const struct daruma_answer *answer)
{
	enum daruma_ending previous = answer->previous;
	uint8_t *counted = counter_of(&record->counters, record->last_ending);
	uint8_t *better = counter_of(&record->counters, previous);
	bool moves = counted ? *counted > 0 : is_first_of_change(record, answer);

	if (previous == DARUMA_ENDING_NONE || previous == record->last_ending || !moves)
		return;
	if (counted)
		take_one(counted);
	if (better)
		add_one(better);
	record->last_ending = previous;
}

/* The repair has led to a good start; whether it holds, an hour of health says (R26). */
static void end_incident(struct daruma_record *record)
{
	if (record->incident_open)
		record->proof_minutes = DARUMA_PROOF_MINUTES;
	record->incident_open = false;
	record->incident_class = DARUMA_ENDING_NONE;
}

/* Behind the health that was reported. What crashes again and again within the hour proves nothing over. */
static void go_on_with_proof(struct daruma_record *record, enum daruma_ending ending)
{
	if (record->proof_minutes == 0)
		record->incident_starts = 0;
	else if (ending == DARUMA_ENDING_LATE)
		record->proof_minutes = DARUMA_PROOF_MINUTES;
}

static void account_good(struct daruma_record *record, bool changed_since)
{
	uint8_t late = record->counters.late;

	record->counters = (struct daruma_counters){ .late = late };
	record->changed = changed_since;
	record->accused = false;
	record->aside_starts = 0;
}

static void account_answer(struct daruma_record *record, const struct daruma_answer *answer)
{
	correct(record, answer);
	daruma_throttle_report(record, answer->healthy_minutes);
	record->changed = record->changed || answer->changed;
	record->accused = record->accused || answer->accused;
	record->armed = true;
}

void daruma_ending_account(struct daruma_record *record, const struct daruma_traces *traces,
			   enum daruma_ending ending)
{
	bool good = ending == DARUMA_ENDING_GOOD || ending == DARUMA_ENDING_LATE;
	uint8_t *counter;

	/* Before its answer is read: the health that it reports is the first of the proof. */
	if (good)
		end_incident(record);
	if (traces->answer)
		account_answer(record, traces->answer);
	counter = counter_of(&record->counters, ending);
	if (good) {
		go_on_with_proof(record, ending);
		account_good(record, traces->answer->changed);
	}
	if (ending == DARUMA_ENDING_LATE)
		add_one(&record->counters.late);
	if (ending == DARUMA_ENDING_CLEAN)
		add_one(&record->counters.clean);
	if (record->armed && counter)
		add_one(counter);
	if (counter && record->rung == DARUMA_RUNG_ASIDE)
		add_one(&record->aside_starts);
	record->last_ending = ending;
	record->dumps = traces->dumps;
}
