/* quarantine_return.c: objects that come back to their places while the quarantine holds them (R25)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/quarantine_return.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "recovery/digest.h"
#include "recovery/event.h"
#include "recovery/quarantine/action.h"
#include "recovery/quarantine/kept.h"
#include "recovery/quarantine/place.h"
#include "recovery/quarantine/place_digest.h"
#include "recovery/quarantine/quarantine.h"
#include "recovery/quarantine/transfer.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

#define REASON "the same object came back to its place"
#define NOTE   "another update is in place of something that was set aside with it: left alone"
#define TOO_MUCH                                                                                   \
	"it is more than the guard has time for; the gate sets it aside before this start is good"
#define OPEN "step='done' AND restores IS NULL AND sha256 IS NOT NULL"

/* Put back by a person after that, from another entry with the same bytes: then it is meant to be there. */
#define MEANT                                                                                      \
	" AND NOT EXISTS (SELECT 1 FROM action AS put WHERE put.restores IS NOT NULL AND "         \
	"put.path="                                                                                \
	"action.path AND put.replaced_by=action.sha256 AND put.id>action.id)"

/* --- looking ------------------------------------------------------------------------------- */

static int64_t size_kept(const struct context *context, int64_t id)
{
	char name[128], path[PATH_MAX];
	struct stat stat;

	snprintf(name, sizeof(name), STATE_FOLDER "/quarantine/%lld/" KEPT_OBJECT, (long long)id);
	if (system_path(context, name, path) != 0 || lstat(path, &stat) < 0)
		return -1;
	return stat.st_size;
}

/* Whether the object of `entry` is in its place. */
static bool is_back(const struct context *context, struct database *database,
		    const struct action *entry)
{
	char found[DIGEST_TEXT_SIZE];
	int64_t kept = size_kept(context, entry->id), now = place_size(context, entry);

	/* The size costs nothing; where what is kept cannot be looked at it decides nothing. */
	if (now < 0 || (kept >= 0 && kept != now))
		return false;
	return place_digest(context, database, entry, found) == 0 &&
	       strcmp(found, entry->sha256) == 0;
}

/* `note` may be NULL. */
static void tell_returned(const struct context *context, struct database *database,
			  const struct action *entry, const char *note)
{
	struct json *details = json_new_object();

	json_add_integer(details, "quarantine", entry->id);
	json_add_text(details, "product", entry->product);
	json_add_text(details, "path", entry->path);
	json_add_text(details, "sha256", entry->sha256);
	if (note)
		json_add_text(details, "note", note);
	event_write(context, database, "object.returned", "warning", details);
}

/* Once for each return. */
static int tell(const struct context *context, struct database *database,
		const struct action *entry, const char *note)
{
	int error = database_run(
		database, "INSERT OR IGNORE INTO quarantine_return(entry,time) VALUES(?1,?2)", "ii",
		entry->id, (int64_t)time(NULL));

	if (error || database_changes(database) == 0)
		return error;
	tell_returned(context, database, entry, note);
	return 0;
}

static int enter(const struct context *context, struct database *database,
		 const struct action *entry, bool another)
{
	int error = tell(context, database, entry, another ? NOTE : NULL);

	return error ? error :
		       database_run(database,
				    "UPDATE quarantine_return SET another=?2 WHERE entry=?1 AND"
				    " another<>?2",
				    "ii", entry->id, (int64_t)another);
}

static int forget(struct database *database, const struct action *entry)
{
	return database_run(database, "DELETE FROM quarantine_return WHERE entry=?1", "i",
			    entry->id);
}

static int find_back(const struct context *context, struct database *database,
		     struct action_list *ret)
{
	struct action_list open = { 0 };
	int error = action_list_load(database, OPEN MEANT, 0, &open);

	if (!error && open.count)
		error = place_digest_clean(database);
	for (size_t i = 0; !error && i < open.count; i++)
		error = is_back(context, database, &open.items[i]) ?
				action_list_add(ret, &open.items[i]) :
				forget(database, &open.items[i]);
	action_list_free(&open);
	return error;
}

/* In `ret` those of which no other update is in place. */
static int look(const struct context *context, struct database *database, struct action_list *ret)
{
	struct action_list back = { 0 };
	int error = find_back(context, database, &back);
	bool another = false;

	for (size_t i = 0; !error && i < back.count; i++) {
		const struct action *entry = &back.items[i];

		/* Those that were set aside at the same time follow each other. Where that cannot be told they stay. */
		if (i == 0 || entry->time != back.items[i - 1].time ||
		    strcmp(entry->product, back.items[i - 1].product) != 0)
			another = quarantine_has_another(context, database, entry->id) != 0;
		error = enter(context, database, entry, another);
		if (!error && !another)
			error = action_list_add(ret, entry);
	}
	action_list_free(&back);
	return error;
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

int quarantine_return_products(struct database *database, struct text_list *ret)
{
	return database_query(database, add_text, ret,
			      "SELECT DISTINCT product FROM action WHERE " OPEN MEANT " AND id IN"
			      " (SELECT entry FROM quarantine_return WHERE another=0)",
			      "");
}

bool quarantine_return_is_left(struct database *database)
{
	return database_query(database, stop_there, NULL,
			      "SELECT 1 FROM action WHERE " OPEN MEANT " AND id IN"
			      " (SELECT entry FROM quarantine_return WHERE another=0 AND failed=1)",
			      "") == 1;
}

int quarantine_return_look(const struct context *context, struct database *database)
{
	struct action_list back = { 0 };
	int error = look(context, database, &back);
	int count = (int)back.count;

	action_list_free(&back);
	return error ? error : count;
}

/* --- setting aside again ------------------------------------------------------------------- */

static bool has_entry(const struct action_list *list, int64_t id)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].id == id)
			return true;
	return false;
}

/* With what else was set aside at the same time: what the update takes away is no object that is back. */
static int add_groups(struct database *database, const struct action_list *back,
		      struct action_list *ret)
{
	int error = 0;

	for (size_t i = 0; !error && i < back->count; i++) {
		struct action_list group = { 0 };

		if (has_entry(ret, back->items[i].id))
			continue;
		error = action_list_load(
			database,
			"step='done' AND restores IS NULL AND (product,time)="
			"(SELECT product,time FROM action AS other WHERE other.id=?1)" MEANT,
			back->items[i].id, &group);
		for (size_t j = 0; !error && j < group.count; j++)
			if (!has_entry(ret, group.items[j].id))
				error = action_list_add(ret, &group.items[j]);
		action_list_free(&group);
	}
	return error;
}

/* The rows that were just added keep what older ones keep already. */
static int drop_doubles(const struct context *context, struct database *database, int64_t before)
{
	struct action_list doubles = { 0 };
	int error = action_list_load(
		database,
		OPEN " AND id>?1 AND EXISTS (SELECT 1 FROM action AS old WHERE old.id<=?1 AND"
		     " old.step='done' AND old.restores IS NULL AND old.path=action.path AND"
		     " old.sha256=action.sha256)",
		before, &doubles);

	if (!error && doubles.count)
		error = transfer_purge(context, database, file_port_of_system(), &doubles, NULL);
	action_list_free(&doubles);
	return error;
}

static int set_aside(const struct context *context, struct database *database,
		     const struct action_list *back, const char *boot_id,
		     struct guard_budget *budget)
{
	struct action_list entries = { 0 };
	int64_t before = 0;
	int count = 0, error = database_number(database, &before,
					       "SELECT COALESCE(MAX(id),0) FROM action", "");

	if (!error)
		error = add_groups(database, back, &entries);
	if (!error && !guard_budget_spend_on(context, budget, &entries))
		error = -E2BIG;
	if (!error)
		count = quarantine_again(context, database, &entries, boot_id, REASON);
	if (!error && count > 0)
		error = drop_doubles(context, database, before);
	/* The next return is one of its own. */
	for (size_t i = 0; !error && count > 0 && i < back->count; i++)
		error = is_back(context, database, &back->items[i]) ?
				0 :
				forget(database, &back->items[i]);
	action_list_free(&entries);
	return error ? error : count;
}

/* Once for each product: what hinders it may be there at each start. */
static int tell_stays(const struct context *context, struct database *database,
		      const struct action_list *back, int failure)
{
	int error = 0, told = 0;

	for (size_t i = 0; !error && i < back->count; i++) {
		error = database_run(database,
				     "UPDATE quarantine_return SET failed=1 WHERE entry=?1 AND"
				     " failed=0",
				     "i", back->items[i].id);
		if (!error && database_changes(database) > 0 && told++ == 0) {
			char note[192];

			snprintf(note, sizeof(note), "it could not be set aside again: %s",
				 failure == -E2BIG ? TOO_MUCH : strerror(-failure));
			tell_returned(context, database, &back->items[i], note);
		}
	}
	return error;
}

/* Those of the product of `back->items[first]`, unless it was done before them. Returns the number. */
static int end_product(const struct context *context, struct database *database,
		       const struct action_list *back, size_t first, const char *boot_id,
		       struct guard_budget *budget)
{
	const char *product = back->items[first].product;
	struct action_list own = { 0 };
	int count, error = 0;

	for (size_t i = 0; i < first; i++)
		if (strcmp(back->items[i].product, product) == 0)
			return 0;
	for (size_t i = first; !error && i < back->count; i++)
		if (strcmp(back->items[i].product, product) == 0)
			error = action_list_add(&own, &back->items[i]);
	count = error ? error : set_aside(context, database, &own, boot_id, budget);
	if (count < 0)
		count = tell_stays(context, database, &own, count);
	action_list_free(&own);
	return count;
}

int quarantine_return_end(const struct context *context, struct database *database,
			  const char *boot_id, struct guard_budget *budget)
{
	struct action_list back = { 0 };
	int count = 0, error = look(context, database, &back);

	for (size_t i = 0; !error && i < back.count; i++) {
		int result = end_product(context, database, &back, i, boot_id, budget);

		error = result < 0 ? result : 0;
		count += result > 0 ? result : 0;
	}
	action_list_free(&back);
	return error ? error : count;
}
