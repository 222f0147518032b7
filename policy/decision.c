/* decision.c: which rung the next start is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "policy/decision.h"

#include "policy/bytes.h"
#include "policy/ending.h"
#include "policy/throttle.h"

/* What is so, as bits. */
enum fact {
	RECORD_ABSENT = 1 << 0,
	RECORD_DAMAGED = 1 << 1,
	RECORD_NEWER = 1 << 2,
	RECORD_FOREIGN = 1 << 3,
	UNARMED = 1 << 4,
	ASLEEP = 1 << 5, /* a hibernation image waits */
	FAILED = 1 << 6, /* the last start was a failure */
	GOOD = 1 << 7,	 /* the last start was answered good */
	WAS_TRIAL = 1 << 8,
	WAS_SAFE = 1 << 9,
	WAS_RESCUE = 1 << 10,
	WAS_ASIDE = 1 << 11,
	ASK_TRIAL = 1 << 12,
	ASK_SAFE = 1 << 13,
	ASK_ASIDE = 1 << 14,
	ASK_HOLD = 1 << 15,
	ASK_NORMAL = 1 << 16,
	ASK_FORGET = 1 << 17,
	TRIES = 1 << 18, /* this rung has a try left */
	ROOM = 1 << 19,	 /* the incident has starts left (R37) */
	MAY_SAFE =
		1 << 20, /* the open incident has starts left, or a new one may be opened (R37) */
	TOKEN = 1 << 21, /* a new incident may be opened */
	OTHER_KIND =
		1
		<< 22, /* the trial ended by another class than the incident's, for the first time */
	CRASHES = 1 << 23,	/* panics and watchdog resets reached the limit */
	MORE_CRASHES = 1 << 24, /* and one more */
	ACCUSED = 1 << 25,	/* the evidence names a watched product that changed */
	RESETS = 1 << 26, /* unexplained resets reached their limit, and the rule lets them count */
	LONG_ASIDE = 1 << 27,
	CHOSE_NORMAL = 1 << 28, /* a person at the keyboard, for this start */
	CHOSE_SAFE = 1 << 29,
	CHOSE_RESCUE = 1 << 30,
};

/* A repair was asked for, and the start crashed late. An enumeration has no room for one more. */
#define ASK_REPAIR 0x80000000u

/* What a row does to the record besides setting rung and reason. */
enum effect {
	STAY,	 /* nothing more */
	KEEP,	 /* the rung before stays in the record: the system resumes into it */
	ENTER,	 /* safe, all tries; opens an incident if none is open */
	ASKED,	 /* safe, all tries, no incident: a person asked */
	AGAIN,	 /* safe or rescue once more */
	DESCEND, /* rescue, all tries */
	TRY,	 /* a new trial */
	REPEAT,	 /* the trial once more */
	LEAVE,	 /* aside begins */
	REOPEN,	 /* safe, all tries, in a new incident even if one is open */
	ERASE,	 /* Daruma leaves this machine */
};

struct row {
	uint32_t need;	  /* all of these */
	uint32_t without; /* none of these */
	uint8_t rung;
	uint8_t reason;
	uint8_t effect;
};

#define ROW(needed, absent, to_rung, because, then)                                                \
	{                                                                                          \
		.need = (needed), .without = (absent), .rung = DARUMA_RUNG_##to_rung,              \
		.reason = DARUMA_REASON_##because, .effect = (then)                                \
	}

/* The order matters: the first row that fits wins, and the last one always fits.
 * 1. A person at the keyboard (R34), but for what would do harm. 2. What cannot be trusted gives the normal rung (R7):
 * no answer belongs to it. 3. Requests of the answer. 4. A rung that failed goes up the ladder, bounded by its tries,
 * the incident's starts and the throttle. 5. Counters against limits: only a failure leads away from the normal
 * target, so an orderly stop never does. */
static const struct row table[] = {
	ROW(ASK_FORGET, 0, NORMAL, REMOVED, ERASE),
	ROW(ASLEEP, 0, NORMAL, HIBERNATED, KEEP),
	ROW(CHOSE_NORMAL, 0, NORMAL, MENU, STAY),
	ROW(CHOSE_SAFE, 0, SAFE, MENU, ASKED),
	ROW(CHOSE_RESCUE, 0, RESCUE, MENU, DESCEND),

	ROW(RECORD_ABSENT, 0, NORMAL, RECORD_ABSENT, STAY),
	ROW(RECORD_DAMAGED, 0, NORMAL, RECORD_DAMAGED, STAY),
	ROW(RECORD_NEWER, 0, NORMAL, RECORD_NEWER, STAY),
	ROW(RECORD_FOREIGN, 0, NORMAL, RECORD_FOREIGN, STAY),

	ROW(UNARMED, 0, NORMAL, NOT_ARMED, STAY),
	ROW(ASK_SAFE, 0, SAFE, REQUESTED, ASKED),
	ROW(ASK_NORMAL, 0, NORMAL, REQUESTED, STAY),
	ROW(ASK_HOLD, 0, HELD, REQUESTED, STAY),
	ROW(ASK_TRIAL, FAILED, TRIAL, REPAIRED, TRY),
	ROW(ASK_ASIDE, FAILED, ASIDE, NOTHING_TO_BLAME, LEAVE),
	ROW(ASK_REPAIR | MAY_SAFE, 0, SAFE, LATE_CRASHES, ENTER),

	ROW(WAS_SAFE | FAILED | TRIES | ROOM, 0, SAFE, SAFE_AGAIN, AGAIN),
	ROW(WAS_SAFE | FAILED | ROOM, 0, RESCUE, SAFE_FAILED, DESCEND),
	ROW(WAS_SAFE | FAILED, 0, ASIDE, THROTTLED, LEAVE),
	ROW(WAS_SAFE, 0, TRIAL, LEFT_SAFE, TRY),
	ROW(WAS_RESCUE | FAILED | TRIES | ROOM, 0, RESCUE, RESCUE_AGAIN, AGAIN),
	ROW(WAS_RESCUE | FAILED, 0, ASIDE, RESCUE_FAILED, LEAVE),
	ROW(WAS_RESCUE, 0, TRIAL, LEFT_SAFE, TRY),

	ROW(WAS_TRIAL | FAILED | OTHER_KIND, 0, TRIAL, TRIAL_AGAIN, REPEAT),
	ROW(WAS_TRIAL | FAILED | MAY_SAFE, 0, SAFE, TRIAL_FAILED, ENTER),
	ROW(WAS_TRIAL | FAILED, 0, ASIDE, THROTTLED, LEAVE),
	ROW(WAS_TRIAL, GOOD, TRIAL, TRIAL_OPEN, STAY),

	ROW(WAS_ASIDE | FAILED | LONG_ASIDE | TOKEN, 0, SAFE, LAST_RESORT, REOPEN),
	ROW(WAS_ASIDE, GOOD, ASIDE, STILL_ASIDE, STAY),

	ROW(FAILED | MORE_CRASHES | MAY_SAFE, 0, SAFE, CRASHES_SAFE, ENTER),
	ROW(FAILED | MORE_CRASHES, 0, ASIDE, THROTTLED, LEAVE),
	ROW(FAILED | CRASHES | ACCUSED | MAY_SAFE, 0, SAFE, CRASHES_SAFE, ENTER),
	ROW(FAILED | RESETS | MAY_SAFE, 0, SAFE, RESETS_CHANGED, ENTER),
	ROW(FAILED | RESETS, 0, ASIDE, THROTTLED, LEAVE),
	ROW(CRASHES, 0, HELD, CRASHES_HELD, STAY),
	ROW(FAILED, 0, NORMAL, RETRY, STAY),
	ROW(0, 0, NORMAL, ORDINARY, STAY),
};

static const uint32_t fact_of_state[DARUMA_STATE_COUNT] = {
	[DARUMA_STATE_VALID] = 0,
	[DARUMA_STATE_ABSENT] = RECORD_ABSENT,
	[DARUMA_STATE_DAMAGED] = RECORD_DAMAGED,
	[DARUMA_STATE_NEWER] = RECORD_NEWER,
	[DARUMA_STATE_FOREIGN] = RECORD_FOREIGN,
};

static const uint32_t fact_of_rung[DARUMA_RUNG_COUNT] = {
	[DARUMA_RUNG_TRIAL] = WAS_TRIAL,
	[DARUMA_RUNG_SAFE] = WAS_SAFE,
	[DARUMA_RUNG_RESCUE] = WAS_RESCUE,
	[DARUMA_RUNG_ASIDE] = WAS_ASIDE,
};

static const uint32_t fact_of_request[DARUMA_REQUEST_COUNT] = {
	[DARUMA_REQUEST_TRIAL] = ASK_TRIAL,   [DARUMA_REQUEST_SAFE] = ASK_SAFE,
	[DARUMA_REQUEST_ASIDE] = ASK_ASIDE,   [DARUMA_REQUEST_HOLD] = ASK_HOLD,
	[DARUMA_REQUEST_NORMAL] = ASK_NORMAL, [DARUMA_REQUEST_FORGET] = ASK_FORGET,
	[DARUMA_REQUEST_REPAIR] = ASK_REPAIR,
};

static const uint32_t fact_of_choice[DARUMA_CHOICE_COUNT] = {
	[DARUMA_CHOICE_NORMAL] = CHOSE_NORMAL,
	[DARUMA_CHOICE_SAFE] = CHOSE_SAFE,
	[DARUMA_CHOICE_RESCUE] = CHOSE_RESCUE,
};

static uint32_t fact_if(bool condition, uint32_t fact)
{
	return condition ? fact : 0;
}

/* The answer, if it is valid and answers the very start that the record tells of (R2). */
static const struct daruma_answer *answer_to(const struct daruma_situation *situation)
{
	bool mine =
		situation->record_state == DARUMA_STATE_VALID &&
		situation->answer_state == DARUMA_STATE_VALID &&
		daruma_same(situation->answer.boot_id, situation->record.boot_id, DARUMA_GUID_SIZE);

	return mine ? &situation->answer : NULL;
}

/* A repair is wanted where the crashes go on, and an orderly stop is none. */
static uint32_t request_facts(const struct daruma_answer *answer, enum daruma_ending ending)
{
	if (!answer || (answer->request == DARUMA_REQUEST_REPAIR && ending != DARUMA_ENDING_LATE))
		return 0;
	return fact_of_request[answer->request];
}

static uint32_t counter_facts(const struct daruma_record *record,
			      const struct daruma_thresholds *thresholds)
{
	unsigned crashes = (unsigned)record->counters.panic + record->counters.watchdog;
	bool counts =
		thresholds->unexplained_rule == DARUMA_UNEXPLAINED_ALWAYS ||
		(thresholds->unexplained_rule == DARUMA_UNEXPLAINED_CHANGED && record->changed);

	return fact_if(crashes >= thresholds->panic, CRASHES) |
	       fact_if(crashes > thresholds->panic, MORE_CRASHES) |
	       fact_if(record->accused, ACCUSED) |
	       fact_if(counts && record->counters.unexplained >= thresholds->unexplained, RESETS);
}

static uint32_t permission_facts(const struct daruma_record *record,
				 const struct daruma_thresholds *thresholds)
{
	bool room = record->incident_starts < thresholds->incident_starts;
	bool token = daruma_throttle_wait(record, thresholds) == 0;
	bool goes_on = daruma_throttle_goes_on(record, thresholds);

	return fact_if(room, ROOM) | fact_if(token, TOKEN) |
	       fact_if(goes_on || (token && !record->incident_open), MAY_SAFE);
}

/* Outside an incident, trial and safe come from a request. A failure there is that of any other start: it convicts
 * nobody, and no power cut makes a repair of it (R38, R62). Aside may follow where no incident could be opened. */
static bool is_on_ladder(const struct daruma_record *record, enum daruma_ending ending)
{
	return record->incident_open || record->rung == DARUMA_RUNG_ASIDE ||
	       !daruma_ending_is_failure(ending);
}

/* A power cut in the first safe start says nothing about it, so that try is given back: once in each of safe and rescue. A
 * kernel that panics where nothing keeps its text ends in the same way, and must come down the ladder. */
static bool is_given_back(const struct daruma_record *record)
{
	return record->last_ending == DARUMA_ENDING_UNEXPLAINED &&
	       record->reason != DARUMA_REASON_SAFE_AGAIN &&
	       record->reason != DARUMA_REASON_RESCUE_AGAIN;
}

static uint32_t ladder_facts(const struct daruma_record *record, enum daruma_ending ending,
			     const struct daruma_thresholds *thresholds)
{
	bool other = ending != record->incident_class && !record->trial_repeated;

	return fact_if(is_on_ladder(record, ending), fact_of_rung[record->rung]) |
	       fact_if(record->tries_left > 0 || is_given_back(record), TRIES) |
	       fact_if(other, OTHER_KIND) |
	       fact_if(record->aside_starts >= thresholds->aside_starts, LONG_ASIDE);
}

static const struct row *first_fit(uint32_t facts)
{
	const struct row *row = table;

	while ((facts & row->need) != row->need || (facts & row->without) != 0)
		row++;
	return row;
}

/* One start of safe or rescue. */
static void use_try(struct daruma_record *record)
{
	if (record->tries_left > 0)
		record->tries_left--;
	if (record->incident_starts < UINT8_MAX)
		record->incident_starts++;
}

static void enter_safe(struct daruma_record *record, const struct daruma_thresholds *thresholds)
{
	if (!daruma_throttle_goes_on(record, thresholds)) {
		daruma_throttle_take(record, thresholds);
		record->incident_starts = 0;
		record->incident++;
	}
	record->incident_open = true;
	record->proof_minutes = 0;
	record->incident_class = record->last_ending;
	record->tries_left = thresholds->safe_tries;
	use_try(record);
}

static void start_again(struct daruma_record *record)
{
	if (is_given_back(record))
		record->tries_left++;
	use_try(record);
}

static void apply_effect(struct daruma_record *record, enum effect effect,
			 const struct daruma_situation *situation)
{
	const struct daruma_thresholds *thresholds = &situation->thresholds;

	switch (effect) {
	case ENTER:
		enter_safe(record, thresholds);
		break;
	case REOPEN:
		record->incident_open = false;
		record->proof_minutes = 0;
		enter_safe(record, thresholds);
		break;
	case ASKED:
		record->incident_starts = 0;
		record->tries_left = thresholds->safe_tries;
		use_try(record);
		break;
	case AGAIN:
		start_again(record);
		break;
	case DESCEND:
		record->tries_left = thresholds->rescue_tries;
		use_try(record);
		break;
	case TRY:
		record->trial_repeated = false;
		daruma_copy(record->argument, situation->answer.argument, DARUMA_ARGUMENT_SIZE);
		break;
	case REPEAT:
		record->trial_repeated = true;
		break;
	case LEAVE:
		record->aside_starts = 0;
		break;
	case STAY:
	case KEEP:
	case ERASE:
		break;
	}
}

static void sign(struct daruma_record *record, const struct daruma_situation *situation,
		 const struct row *row)
{
	daruma_copy(record->install, situation->install, DARUMA_GUID_SIZE);
	daruma_copy(record->boot_id, situation->boot_id, DARUMA_GUID_SIZE);
	if (row->effect != KEEP)
		record->rung = (enum daruma_rung)row->rung;
	record->reason = (enum daruma_reason)row->reason;
	if (record->starts < UINT32_MAX)
		record->starts++;
}

static bool is_watched(const struct row *row)
{
	bool counted = row->effect != ERASE && row->reason != DARUMA_REASON_HIBERNATED;

	return counted && (row->rung == DARUMA_RUNG_NORMAL || row->rung == DARUMA_RUNG_HELD ||
			   row->rung == DARUMA_RUNG_TRIAL);
}

void daruma_decide(const struct daruma_situation *situation, struct daruma_decision *ret)
{
	struct daruma_record next = { .dumps = situation->dumps };
	struct daruma_traces traces = { .answer = answer_to(situation),
					.dumps = situation->dumps,
					.watchdog_fired = situation->watchdog_fired };
	uint32_t facts = fact_of_state[situation->record_state] | fact_of_choice[situation->choice];
	const struct row *row;

	if (situation->record_state == DARUMA_STATE_VALID) {
		enum daruma_ending ending = daruma_ending_classify(&situation->record, &traces);

		next = situation->record;
		daruma_ending_account(&next, &traces, ending);
		facts |= counter_facts(&next, &situation->thresholds) |
			 permission_facts(&next, &situation->thresholds) |
			 ladder_facts(&next, ending, &situation->thresholds) |
			 fact_if(!next.armed, UNARMED) |
			 fact_if(ending == DARUMA_ENDING_HIBERNATED, ASLEEP) |
			 fact_if(ending == DARUMA_ENDING_GOOD || ending == DARUMA_ENDING_LATE,
				 GOOD) |
			 fact_if(daruma_ending_is_failure(ending), FAILED) |
			 request_facts(traces.answer, ending);
	}
	row = first_fit(facts);
	apply_effect(&next, (enum effect)row->effect, situation);
	sign(&next, situation, row);
	ret->rung = (enum daruma_rung)row->rung;
	ret->reason = (enum daruma_reason)row->reason;
	ret->forget = row->effect == ERASE;
	ret->watched = is_watched(row);
	ret->next = next;
}
