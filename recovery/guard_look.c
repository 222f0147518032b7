/* guard_look.c: what the guard finds out about the failure before this start, and whom it tells
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/guard_look.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "policy/ending.h"
#include "recovery/boot/answer_lock.h"
#include "recovery/boot/own_answer.h"
#include "recovery/boot/this_boot.h"
#include "recovery/cleanup.h"
#include "recovery/crash_search.h"
#include "recovery/event.h"
#include "recovery/first_error.h"
#include "recovery/hardware_error.h"
#include "recovery/incident.h"
#include "recovery/inventory/generation.h"
#include "recovery/products/watch_set.h"
#include "recovery/repair/crash_owner.h"

/* The guard has 30 for all it does. All that is read before the stage is told may take 6 of them; a journal, which boot_log.h
 * bounds too, and what it says, as many. */
#define READER_SECONDS	       3
#define JOURNAL_READER_SECONDS 2

struct look {
	const struct context *context;
	const struct process_port *processes;
	struct database *database; /* NULL: no state */
	const struct this_boot *boot;
	struct product_list *products;
	struct guard_findings *findings;
	char previous[33]; /* the start that ended badly */
	int64_t since;	   /* when it began: crash_search_begin() */
	int64_t text_time; /* of the text, by the machine's clock then; 0: there is none */
	bool read;	   /* there were new texts, and they could be read */
	bool recorded;	   /* so was a new record of a hardware error */
};

enum daruma_ending guard_ending(const struct this_boot *boot, const struct guard_findings *findings)
{
	return findings->previous != DARUMA_ENDING_NONE ? findings->previous :
							  boot->note.last_ending;
}

bool guard_ended_in_failure(const struct this_boot *boot, const struct guard_findings *findings)
{
	enum daruma_ending ending = guard_ending(boot, findings);

	return daruma_ending_is_failure(ending) || ending == DARUMA_ENDING_LATE;
}

enum daruma_ending guard_previous(const struct crash *crash, enum daruma_ending stage, bool fresh,
				  const char *outcome)
{
	/* The stage saw that dump's name too; without that the text must be of the right time. */
	bool counts = stage == DARUMA_ENDING_PANIC || stage == DARUMA_ENDING_LATE || fresh;

	if (crash->class == CRASH_OPERATOR && counts)
		return DARUMA_ENDING_OPERATOR;
	if (crash->class != CRASH_NONE && counts)
		return DARUMA_ENDING_PANIC;
	/* Said in order, but the variable could not be written. */
	if (stage == DARUMA_ENDING_UNEXPLAINED && strcmp(outcome, "clean") == 0)
		return DARUMA_ENDING_CLEAN;
	return DARUMA_ENDING_NONE;
}

int64_t guard_crash_time(int64_t text, int64_t good, int64_t now)
{
	bool is_future = text > now && now >= good;

	return text >= good && !is_future ? text : 0;
}

static int64_t find_crash_time(const struct look *look)
{
	int64_t good = 0;

	return database_number(look->database, &good,
			       "SELECT outcome_time FROM boot WHERE outcome='good'"
			       " ORDER BY id DESC LIMIT 1",
			       "") != 0 ?
		       0 :
		       guard_crash_time(look->text_time, good, time(NULL));
}

static bool is_fresh(const struct look *look)
{
	return look->text_time != 0 && look->text_time >= look->since;
}

/* The first source that tells of a crash is believed, else what the first of all told. */
static void keep_crash(struct look *look, enum crash_source source, const struct crash_text *text,
		       const struct crash *crash)
{
	if (look->text_time != 0 && crash->class == CRASH_NONE)
		return;
	look->findings->crash = *crash;
	look->findings->source = source;
	look->text_time = text->time;
}

static int read_source(struct look *look, enum crash_source source, unsigned seconds)
{
	const struct crash_search search = { .context = look->context,
					     .database = look->database,
					     .processes = look->processes,
					     .failed = look->previous,
					     .since = look->since };
	struct crash_text text = { 0 };
	struct crash crash = { 0 };
	int error = crash_search_read(&search, source, &text);

	if (!error && text.text)
		error = crash_text_read(&text, seconds, &crash);
	if (!error && text.text)
		keep_crash(look, source, &text, &crash);
	look->read |= text.fresh > 0;
	crash_text_free(&text);
	return error;
}

/* Failures further back may be open while the last start ended in order. */
static bool ended_in_order(const struct look *look)
{
	enum daruma_ending stage = look->boot->note.last_ending;

	return stage == DARUMA_ENDING_NONE || stage == DARUMA_ENDING_GOOD ||
	       stage == DARUMA_ENDING_CLEAN;
}

/* What could not be read is not marked as seen, nor is anything beside it. */
static int read_stored(struct look *look)
{
	int error = 0;

	for (int i = 0; i < CRASH_SOURCE_JOURNAL && look->findings->crash.class == CRASH_NONE; i++)
		first_error_keep(&error, read_source(look, (enum crash_source)i, READER_SECONDS));
	look->read &= error == 0;
	return error;
}

/* An operator's panic names nobody. */
static int find_named(const struct look *look, const struct product **ret)
{
	const struct crash *crash = &look->findings->crash;
	struct crash_owner owner = { .product = NULL };
	int error = crash->class == CRASH_OPERATOR ?
			    0 :
			    crash_owner_find(look->database, look->products, crash, &owner);

	*ret = error ? NULL : owner.product;
	return error;
}

/* The product that the text names comes first: it is small beside all of them, and if it changed, the set did. What the
 * journal tells the machine may have survived, and the stage holds an accusation against the starts that follow too. */
static int compare_watch_set(const struct look *look, const struct product *named)
{
	struct guard_findings *findings = look->findings;
	const struct product_list *products = look->products;
	int error = 0;

	if (named && findings->source != CRASH_SOURCE_JOURNAL &&
	    crash_is_evidence(&findings->crash)) {
		struct product_list alone = { .items = &products->items[named - products->items],
					      .count = 1 };

		error = generation_differs(look->context, look->database, &alone,
					   &findings->accused);
	}
	findings->changed = findings->accused;
	return error || findings->changed ? error :
					    generation_differs(look->context, look->database,
							       products, &findings->changed);
}

static const char *text_or_null(const char *text)
{
	return text[0] ? text : NULL;
}

static int enter_crash(const struct look *look, int64_t crash_time)
{
	const struct crash *crash = &look->findings->crash;

	return database_run(look->database,
			    "UPDATE boot SET crash_class=?2,crash_kind=?3,crash_function=?4,"
			    "crash_module=?5,crash_program=?6,crash_signature=?7,crash_quality=?8,"
			    "crash_time=NULLIF(?9,0),crash_seen=?10,crash_source=?11"
			    " WHERE boot_id=?1",
			    "ttttttttiit", look->previous, crash_class_name(crash->class),
			    crash_kind_name(crash->kind), text_or_null(crash->function),
			    text_or_null(crash->module), text_or_null(crash->program),
			    text_or_null(crash->signature), crash_quality_name(crash->quality),
			    crash_time, (int64_t)time(NULL),
			    crash_source_name(look->findings->source));
}

/* The row of the start that ended badly; made if that start did not come as far as the guard. */
static int enter_ending(const struct look *look, enum daruma_ending ending, int64_t crash_time)
{
	int error = database_run(look->database,
				 "INSERT INTO boot(boot_id,kernel_boot_id,time,rung,reason,"
				 "previous_ending,kernel,panics,resets,incident)"
				 " VALUES(?1,'',?2,'unknown','unknown','unknown','',0,0,?3)"
				 " ON CONFLICT(boot_id) DO NOTHING",
				 "tii", look->previous, (int64_t)time(NULL),
				 (int64_t)look->boot->note.incident);

	if (!error)
		error = database_run(
			look->database,
			"UPDATE boot SET outcome=CASE outcome WHEN '' THEN ?2 ELSE outcome END,"
			" outcome_time=COALESCE(outcome_time,?3) WHERE boot_id=?1",
			"tti", look->previous, daruma_ending_name(ending), (int64_t)time(NULL));
	/* The report of a machine that fails is no evidence in a later verdict, and makes no loop. */
	if (!error && look->findings->crash.class != CRASH_NONE && !look->findings->hardware)
		error = enter_crash(look, crash_time);
	if (!error)
		error = database_run(look->database,
				     "UPDATE boot SET previous_ending=?2 WHERE boot_id=?1", "tt",
				     look->boot->boot_id, daruma_ending_name(ending));
	return error;
}

static bool ended_in_failure(const struct look *look)
{
	return guard_ended_in_failure(look->boot, look->findings);
}

/* Crashes long after good starts open one where they are a loop, or the first one tells enough: see guard_judge(). */
static bool opens_incident(const struct look *look)
{
	return ended_in_failure(look) && (look->boot->note.last_ending != DARUMA_ENDING_LATE ||
					  !this_boot_is_ordinary_rung(look->boot));
}

static int enter_rows(const struct look *look)
{
	enum daruma_ending ending = guard_ending(look->boot, look->findings);
	int64_t crash_time = find_crash_time(look);
	int error = 0;

	if (!ended_in_order(look))
		error = enter_ending(look, ending, crash_time);
	if (!error && !ended_in_order(look) && opens_incident(look))
		error = incident_open(look->database, look->findings->product, ending, crash_time);
	if (!error && look->read)
		error = crash_search_mark_seen(look->context, look->database);
	if (!error && look->recorded)
		error = hardware_error_mark_seen(look->context, look->database);
	return error;
}

/* At once, so that no power cut leaves a text that counts for two starts, or for none. */
static int enter_text(const struct look *look)
{
	int error = database_begin(look->database);

	if (error)
		return error;
	error = enter_rows(look);
	if (!error)
		error = database_commit(look->database);
	if (error)
		database_rollback(look->database);
	return error;
}

static int tell_failure(const struct look *look)
{
	const struct guard_findings *findings = look->findings;
	struct json *details;

	if (ended_in_order(look) || !ended_in_failure(look))
		return 0;
	details = json_new_object();
	json_add_text(details, "class",
		      daruma_ending_name(guard_ending(look->boot, look->findings)));
	json_add_text(details, "failed_boot_id", look->previous);
	json_add_text(details, "function",
		      findings->crash.function[0] ? findings->crash.function : NULL);
	json_add_text(details, "module", findings->crash.module[0] ? findings->crash.module : NULL);
	json_add_text(details, "bpf_program",
		      findings->crash.program[0] ? findings->crash.program : NULL);
	json_add_text(details, "product", findings->product[0] ? findings->product : NULL);
	json_add_bool(details, "changed", findings->changed);
	json_add_bool(details, "accused", findings->accused);
	if (findings->hardware)
		json_add_text(details, "hardware_error", findings->hardware);
	return event_write(look->context, look->database, "boot.failed", "error", details);
}

static int answer(const struct look *look)
{
	owned_descriptor int lock = answer_lock_take(look->context);
	struct guard_findings *findings = look->findings;
	struct daruma_answer answer;
	int error;

	own_answer_load(look->context, look->database, look->boot, &answer);
	answer.changed = answer.changed || findings->changed;
	answer.accused = answer.accused || findings->accused;
	if (findings->previous != DARUMA_ENDING_NONE)
		answer.previous = findings->previous;
	error = firmware_write_answer(look->context, look->boot->id, &answer);
	findings->answered = error == 0;
	return error;
}

/* Of a start that ended badly. Without a state that remembers it counts for nothing: it might be old. */
static int read_hardware(struct look *look)
{
	struct hardware_error error;
	int found = look->database && !ended_in_order(look) ?
			    hardware_error_find(look->context, look->database, &error) :
			    0;

	look->recorded = found == 1;
	if (found == 1 && error.uncorrected)
		look->findings->hardware = error.kind;
	return found < 0 ? found : 0;
}

static int class_ending(const struct look *look)
{
	owned char *outcome = NULL;
	int error = 0;

	if (look->database)
		error = this_boot_outcome(look->database, look->previous, &outcome);
	look->findings->previous =
		guard_previous(&look->findings->crash, look->boot->note.last_ending, is_fresh(look),
			       outcome ? outcome : "");
	if (look->findings->hardware && ended_in_failure(look))
		look->findings->previous = DARUMA_ENDING_UNEXPLAINED;
	return error;
}

/* A start that ended in order has a journal too, and nothing to tell in it; nor has one that the hardware ended. */
static bool is_journal_of_use(const struct look *look)
{
	return look->findings->crash.class == CRASH_NONE && !look->findings->hardware &&
	       !ended_in_order(look) && ended_in_failure(look);
}

/* Behind the stored texts, since it may be slow, and there is nothing yet that the stage could be told then. */
static int take_journal(struct look *look)
{
	int error;

	if (!is_journal_of_use(look))
		return 0;
	error = read_source(look, CRASH_SOURCE_JOURNAL, JOURNAL_READER_SECONDS);
	first_error_keep(&error, class_ending(look));
	return error;
}

/* What the text alone tells is quick, and the stage and the tables get it before the slow part begins, which a time limit
 * or a power cut may end. */
static int take_text(struct look *look, const struct product **ret_named)
{
	int error = read_stored(look);

	first_error_keep(&error, read_hardware(look));
	first_error_keep(&error, class_ending(look));
	first_error_keep(&error, take_journal(look));
	/* An error comes back with the answer that follows the comparison. */
	if (look->findings->previous != DARUMA_ENDING_NONE)
		(void)answer(look);
	first_error_keep(&error, watch_set_load(look->context, look->products, NULL));
	first_error_keep(&error, find_named(look, ret_named));
	if (*ret_named)
		snprintf(look->findings->product, sizeof(look->findings->product), "%s",
			 (*ret_named)->id);
	if (look->database)
		first_error_keep(&error, enter_text(look));
	return error;
}

int guard_look(const struct context *context, const struct process_port *processes,
	       struct database *database, const struct this_boot *boot,
	       struct product_list *products, struct guard_findings *findings)
{
	struct look look = { .context = context,
			     .processes = processes,
			     .database = database,
			     .boot = boot,
			     .products = products,
			     .findings = findings };
	const struct product *named;
	int error;

	findings->looked = true;
	firmware_boot_id_text(boot->note.previous_boot_id, look.previous);
	look.since = crash_search_begin(database, look.previous, boot->boot_id);
	error = take_text(&look, &named);
	if (database && !findings->hardware)
		first_error_keep(&error, compare_watch_set(&look, named));
	/* Written only if the comparison adds something, or nothing was known before. */
	first_error_keep(&error, answer(&look));
	if (database)
		first_error_keep(&error, tell_failure(&look));
	return error;
}
