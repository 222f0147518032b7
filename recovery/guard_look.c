/* guard_look.c: what the guard finds out about the failure before this start, and whom it tells
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/guard_look.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "recovery/change_record.h"
#include "recovery/cleanup.h"
#include "recovery/crash_child.h"
#include "recovery/crash_owner.h"
#include "recovery/dumps.h"
#include "recovery/event.h"
#include "recovery/first_error.h"
#include "recovery/generation.h"
#include "recovery/late_loop.h"
#include "recovery/own_answer.h"
#include "recovery/verdict_record.h"

#define READER_SECONDS 5

static bool is_failure(enum daruma_ending ending)
{
	return ending == DARUMA_ENDING_PANIC || ending == DARUMA_ENDING_WATCHDOG ||
	       ending == DARUMA_ENDING_UNEXPLAINED || ending == DARUMA_ENDING_LATE;
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

static bool is_fresh(struct database *database, const char *previous_boot_id, int64_t time)
{
	int64_t started = INT64_MAX;

	if (!database ||
	    database_number(database, &started, "SELECT time FROM boot WHERE boot_id=?1", "t",
			    previous_boot_id) != 0)
		return false;
	return time >= started;
}

static int read_text(const struct dumps_crash *dump, struct crash *ret)
{
	const struct crash_input input = { .bytes = dump->text, .size = dump->size, .fd = -1 };

	return crash_child_read(&input, READER_SECONDS, ret);
}

static int read_crash(const struct context *context, struct database *database,
		      struct guard_findings *findings, int64_t *ret_time)
{
	struct dumps_crash dump = { 0 };
	int error = dumps_read_new(context, database, &dump);

	if (error)
		return error;
	if (dump.text)
		error = read_text(&dump, &findings->crash);
	*ret_time = dump.time;
	dumps_crash_free(&dump);
	if (error)
		return error;
	return database ? dumps_mark_seen(context, database) : 0;
}

static int compare_watch_set(const struct context *context, struct database *database,
			     const struct product_list *products, struct guard_findings *findings)
{
	struct crash_owner owner = { .product = NULL };
	int error = generation_differs(context, database, products, &findings->changed);

	if (!error)
		error = crash_owner_find(database, products, &findings->crash, &owner);
	if (!error && owner.product && findings->crash.class != CRASH_OPERATOR) {
		struct product_list alone = {
			.items = &products->items[owner.product - products->items], .count = 1
		};

		snprintf(findings->product, sizeof(findings->product), "%s", owner.product->id);
		error = generation_differs(context, database, &alone, &findings->accused);
	}
	return error;
}

static const char *text_or_null(const char *text)
{
	return text[0] ? text : NULL;
}

static int enter_crash(struct database *database, const char *boot_id, const struct crash *crash)
{
	return database_run(database,
			    "UPDATE boot SET crash_class=?2,crash_kind=?3,crash_function=?4,"
			    "crash_module=?5,crash_program=?6,crash_signature=?7,crash_quality=?8,"
			    "crash_time=?9 WHERE boot_id=?1",
			    "tttttttti", boot_id, crash_class_name(crash->class),
			    crash_kind_name(crash->kind), text_or_null(crash->function),
			    text_or_null(crash->module), text_or_null(crash->program),
			    text_or_null(crash->signature), crash_quality_name(crash->quality),
			    (int64_t)time(NULL));
}

/* The row of the start that ended badly; made if that start did not come as far as the guard. */
static int enter_ending(struct database *database, const struct this_boot *boot,
			const struct guard_findings *findings, enum daruma_ending ending)
{
	const struct crash *crash = &findings->crash;
	char previous[33];
	int error;

	firmware_boot_id_text(boot->note.previous_boot_id, previous);
	error = database_run(database,
			     "INSERT INTO boot(boot_id,kernel_boot_id,time,rung,reason,"
			     "previous_ending,kernel,panics,resets,incident)"
			     " VALUES(?1,'',?2,'unknown','unknown','unknown','',0,0,?3)"
			     " ON CONFLICT(boot_id) DO NOTHING",
			     "tii", previous, (int64_t)time(NULL), (int64_t)boot->note.incident);
	if (!error)
		error = database_run(
			database,
			"UPDATE boot SET outcome=CASE outcome WHEN '' THEN ?2 ELSE outcome END,"
			" outcome_time=COALESCE(outcome_time,?3) WHERE boot_id=?1",
			"tti", previous, daruma_ending_name(ending), (int64_t)time(NULL));
	if (!error && crash->class != CRASH_NONE)
		error = enter_crash(database, previous, crash);
	if (!error)
		error = database_run(database,
				     "UPDATE boot SET previous_ending=?2 WHERE boot_id=?1", "tt",
				     boot->boot_id, daruma_ending_name(ending));
	return error;
}

static int open_incident(struct database *database, const struct guard_findings *findings,
			 enum daruma_ending ending)
{
	return database_run(
		database,
		"INSERT INTO incident(opened,class,product) SELECT ?1,?2,?3 WHERE NOT EXISTS"
		"(SELECT 1 FROM incident WHERE closed IS NULL)",
		"itt", (int64_t)time(NULL), daruma_ending_name(ending),
		findings->product[0] ? findings->product : NULL);
}

static int tell_failure(const struct context *context, struct database *database,
			const struct this_boot *boot, const struct guard_findings *findings,
			enum daruma_ending ending)
{
	struct json *details = json_new_object();
	char previous[33];

	firmware_boot_id_text(boot->note.previous_boot_id, previous);
	json_add_text(details, "class", daruma_ending_name(ending));
	json_add_text(details, "failed_boot_id", previous);
	json_add_text(details, "function",
		      findings->crash.function[0] ? findings->crash.function : NULL);
	json_add_text(details, "module", findings->crash.module[0] ? findings->crash.module : NULL);
	json_add_text(details, "bpf_program",
		      findings->crash.program[0] ? findings->crash.program : NULL);
	json_add_text(details, "product", findings->product[0] ? findings->product : NULL);
	json_add_bool(details, "changed", findings->changed);
	json_add_bool(details, "accused", findings->accused);
	return event_write(context, database, "boot.failed", "error", details);
}

static int enter_findings(const struct context *context, struct database *database,
			  const struct this_boot *boot, const struct guard_findings *findings)
{
	enum daruma_ending ending = findings->previous != DARUMA_ENDING_NONE ?
					    findings->previous :
					    boot->note.last_ending;
	int error = 0;

	/* Failures further back may be open while the last start ended in order. */
	if (boot->note.last_ending == DARUMA_ENDING_NONE ||
	    boot->note.last_ending == DARUMA_ENDING_GOOD ||
	    boot->note.last_ending == DARUMA_ENDING_CLEAN)
		return 0;
	first_error_keep(&error, enter_ending(database, boot, findings, ending));
	if (is_failure(ending)) {
		first_error_keep(&error, open_incident(database, findings, ending));
		first_error_keep(&error, tell_failure(context, database, boot, findings, ending));
	}
	return error;
}

static int answer(const struct context *context, struct database *database,
		  const struct this_boot *boot, struct guard_findings *findings)
{
	struct daruma_answer answer;
	int error;

	own_answer_load(context, database, boot, &answer);
	answer.changed = answer.changed || findings->changed;
	answer.accused = answer.accused || findings->accused;
	if (findings->previous != DARUMA_ENDING_NONE)
		answer.previous = findings->previous;
	error = firmware_write_answer(context, boot->id, &answer);
	findings->answered = error == 0;
	return error;
}

static int look_at_failure(const struct context *context, struct database *database,
			   const struct this_boot *boot, const struct product_list *products,
			   struct guard_findings *findings)
{
	char previous[33];
	owned char *outcome = NULL;
	int64_t crash_time = 0;
	int error = 0;

	firmware_boot_id_text(boot->note.previous_boot_id, previous);
	first_error_keep(&error, read_crash(context, database, findings, &crash_time));
	if (database) {
		first_error_keep(&error, compare_watch_set(context, database, products, findings));
		first_error_keep(&error, this_boot_outcome(database, previous, &outcome));
	}
	findings->previous =
		guard_previous(&findings->crash, boot->note.last_ending,
			       is_fresh(database, previous, crash_time), outcome ? outcome : "");
	first_error_keep(&error, answer(context, database, boot, findings));
	if (database)
		first_error_keep(&error, enter_findings(context, database, boot, findings));
	return error;
}

int guard_look(const struct context *context, struct database *database,
	       const struct this_boot *boot, const struct product_list *products,
	       struct guard_findings *findings)
{
	findings->looked = true;
	return look_at_failure(context, database, boot, products, findings);
}

static bool ended_in_failure(const struct this_boot *boot, const struct guard_findings *findings)
{
	return is_failure(findings->previous != DARUMA_ENDING_NONE ? findings->previous :
								     boot->note.last_ending);
}

static int judge(const struct context *context, struct database *database,
		 const struct this_boot *boot, const struct product_list *products,
		 const struct policy_file *policy, struct guard_budget *budget,
		 struct guard_findings *findings)
{
	struct late_loop loop = { .found = false };
	struct change_list changes = { 0 };
	char previous[33];
	int error = 0;

	if (boot->note.last_ending == DARUMA_ENDING_LATE)
		error = late_loop_find(database, policy, time(NULL), &loop);
	findings->late_crashes = loop.found ? (int)loop.crashes : 0;
	if (!error)
		error = loop.found ? generation_compare_since(context, database, products,
							      loop.generation, &changes) :
				     generation_compare(context, database, products, &changes);
	firmware_boot_id_text(boot->note.previous_boot_id, previous);
	if (!error)
		error = change_store(database, boot->boot_id, &changes);
	if (!error)
		error = verdict_find(context, database, products, &changes, previous, loop.first,
				     &findings->verdict);
	if (!error)
		error = verdict_store(database, previous, &findings->verdict);
	if (!error) {
		const struct fast_path path = { .context = context,
						.database = database,
						.boot = boot,
						.products = products,
						.policy = policy,
						.changes = &changes,
						.verdict = &findings->verdict,
						.budget = budget,
						.late_loop = loop.found };

		error = fast_path_take(&path, &findings->repair);
	}
	change_list_free(&changes);
	return error;
}

/* A reset that nothing explains, after something was set aside, tells nothing new (R38). Judged anew by the old crash
 * the blame would fall on whatever is still changed, since what crashed is not any more. */
static bool tells_nothing_new(struct database *database, const struct guard_findings *findings,
			      const struct this_boot *boot)
{
	int64_t actions = 0;

	return findings->previous == DARUMA_ENDING_NONE &&
	       boot->note.last_ending == DARUMA_ENDING_UNEXPLAINED &&
	       database_number(
		       database, &actions,
		       "SELECT COUNT(*) FROM action WHERE step IN ('done','purged')"
		       " AND restores IS NULL AND boot_id IN (SELECT boot_id FROM boot WHERE"
		       " id>(SELECT COALESCE(MAX(id),0) FROM boot WHERE outcome='good'))",
		       "") == 0 &&
	       actions > 0;
}

int guard_judge(const struct context *context, struct database *database,
		const struct this_boot *boot, const struct product_list *products,
		const struct policy_file *policy, struct guard_budget *budget,
		struct guard_findings *findings)
{
	return ended_in_failure(boot, findings) && !tells_nothing_new(database, findings, boot) ?
		       judge(context, database, boot, products, policy, budget, findings) :
		       0;
}
