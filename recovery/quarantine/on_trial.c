/* on_trial.c: objects that were released from the quarantine, until a start proves them good or bad
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/on_trial.h"

#include <string.h>
#include <time.h>

#include "recovery/machine.h"
#include "recovery/quarantine/quarantine.h"

#define REASON "it was released on trial, and a start failed"
#define LEFT                                                                                       \
	"a start failed, and what is on trial is more than the guard has time for; the gate sets"  \
	" it aside again before this start is good"
#define RESETS	 2
#define ALL_OPEN "step='restored' AND id IN (SELECT entry FROM trial WHERE outcome IN ('','due'))"
#define ALL_DUE	 "step='restored' AND id IN (SELECT entry FROM trial WHERE outcome='due')"

int on_trial_begin(const struct context *context, struct database *database,
		   const struct action_list *entries, const char *boot_id)
{
	char kernel_boot_id[33];
	int error = 0;

	machine_kernel_boot_id(context, kernel_boot_id);
	for (size_t i = 0; !error && i < entries->count; i++)
		error = database_run(database,
				     "INSERT OR REPLACE INTO trial(entry,time,boot_id,outcome,"
				     "kernel_boot_id,newest_boot) VALUES(?1,?2,?3,'',?4,"
				     "(SELECT COALESCE(MAX(id),0) FROM boot))",
				     "iitt", entries->items[i].id, (int64_t)time(NULL), boot_id,
				     kernel_boot_id);
	return error;
}

/* By the kernel's id: it is known in a start without a note too. */
int on_trial_prove(const struct context *context, struct database *database)
{
	char kernel_boot_id[33];

	machine_kernel_boot_id(context, kernel_boot_id);
	return database_run(
		database,
		"UPDATE trial SET outcome='good' WHERE outcome='' AND kernel_boot_id<>?1"
		" AND entry IN (SELECT id FROM action WHERE step='restored')",
		"t", kernel_boot_id);
}

static int stop_there(const struct database_row *row, void *user)
{
	(void)row;
	(void)user;
	return 1;
}

static int add_text(const struct database_row *row, void *user)
{
	return text_list_add(user, database_text(row, 0));
}

int on_trial_due_products(struct database *database, struct text_list *ret)
{
	return database_query(database, add_text, ret,
			      "SELECT DISTINCT product FROM action WHERE " ALL_DUE, "");
}

bool on_trial_has(struct database *database, int64_t id)
{
	return database_query(database, stop_there, NULL,
			      "SELECT 1 FROM action WHERE id=?1 AND " ALL_OPEN, "i", id) == 1;
}

/* Those whose second unexplained start after the release is behind us. */
#define RESET_TWICE                                                                                \
	" AND id IN (SELECT entry FROM trial WHERE outcome='due' OR (SELECT COUNT(*) FROM boot"    \
	" WHERE boot.outcome='unexplained' AND boot.id>trial.newest_boot)>=?1)"

static int load_failed(struct database *database, enum daruma_ending ending,
		       struct action_list *ret)
{
	switch (ending) {
	case DARUMA_ENDING_PANIC:
	case DARUMA_ENDING_WATCHDOG:
	case DARUMA_ENDING_LATE:
		return action_list_load(database, ALL_OPEN, 0, ret);
	case DARUMA_ENDING_UNEXPLAINED:
		return action_list_load(database, ALL_OPEN RESET_TWICE, RESETS, ret);
	default:
		return action_list_load(database, ALL_DUE, 0, ret);
	}
}

/* After the objects. */
static int end_row(struct database *database, int64_t entry)
{
	return database_run(
		database,
		"UPDATE trial SET outcome=CASE WHEN EXISTS (SELECT 1 FROM action AS old JOIN action"
		" AS again ON again.path=old.path AND again.id>old.id AND again.restores IS NULL"
		" WHERE old.id=entry) THEN 'failed' ELSE 'replaced' END"
		" WHERE outcome IN ('','due') AND entry=?1",
		"i", entry);
}

static int end_them(const struct context *context, struct database *database,
		    const struct action_list *entries, const char *boot_id)
{
	int error = 0, count = quarantine_again(context, database, entries, boot_id, REASON);

	/* A power cut before this leaves rows on trial whose object is gone, which end as replaced. */
	for (size_t i = 0; !error && count >= 0 && !context->dry_run && i < entries->count; i++)
		error = end_row(database, entries->items[i].id);
	return error ? error : count;
}

/* --- within what there is time for --------------------------------------------------------- */

static bool is_same_group(const struct action *one, const struct action *other)
{
	return one->time == other->time && strcmp(one->product, other->product) == 0;
}

/* Those that were set aside at the same time as `entries->items[first]`; none if that is not the first of them. */
static int list_group(const struct action_list *entries, size_t first, struct action_list *ret)
{
	int error = 0;

	for (size_t i = 0; i < first; i++)
		if (is_same_group(&entries->items[i], &entries->items[first]))
			return 0;
	for (size_t i = first; !error && i < entries->count; i++)
		if (is_same_group(&entries->items[i], &entries->items[first]))
			error = action_list_add(ret, &entries->items[i]);
	return error;
}

/* Told once. */
static int leave(const struct context *context, struct database *database,
		 const struct action_list *group)
{
	int64_t left = 0;
	int error = 0;

	for (size_t i = 0; !error && i < group->count; i++) {
		error = database_run(database,
				     "UPDATE trial SET outcome='due' WHERE outcome='' AND entry=?1",
				     "i", group->items[i].id);
		left += error ? 0 : database_changes(database);
	}
	return error || left == 0 ? error : guard_budget_tell_left(context, database, group, LEFT);
}

static int add_all(struct action_list *list, const struct action_list *more)
{
	int error = 0;

	for (size_t i = 0; !error && i < more->count; i++)
		error = action_list_add(list, &more->items[i]);
	return error;
}

/* Puts into `ret` what there is time for, group by group: an update is not torn. */
static int choose(const struct context *context, struct database *database,
		  const struct action_list *entries, struct guard_budget *budget,
		  struct action_list *ret)
{
	int error = 0;

	for (size_t i = 0; !error && i < entries->count; i++) {
		struct action_list group = { 0 };

		error = list_group(entries, i, &group);
		if (!error && group.count)
			error = guard_budget_spend_on(context, budget, &group) ?
					add_all(ret, &group) :
					leave(context, database, &group);
		action_list_free(&group);
	}
	return error;
}

int on_trial_end_after(const struct context *context, struct database *database,
		       const char *boot_id, enum daruma_ending ending, struct guard_budget *budget)
{
	struct action_list failed = { 0 }, chosen = { 0 };
	int result = load_failed(database, ending, &failed);

	if (!result)
		result = choose(context, database, &failed, budget, &chosen);
	if (!result && chosen.count)
		result = end_them(context, database, &chosen, boot_id);
	action_list_free(&chosen);
	action_list_free(&failed);
	return result;
}

int on_trial_end(const struct context *context, struct database *database, const char *boot_id)
{
	return on_trial_end_after(context, database, boot_id, DARUMA_ENDING_PANIC, NULL);
}
