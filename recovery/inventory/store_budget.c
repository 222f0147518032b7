/* store_budget.c: room in the content store, within what the policy gives it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/store_budget.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/text_list.h"

static int copy_integer(const struct database_row *row, void *user)
{
	*(int64_t *)user = database_integer(row, 0);
	return 0;
}

int store_budget_read(struct store_budget *budget)
{
	return database_query(budget->database, copy_integer, &budget->used,
			      "SELECT COALESCE(SUM(size),0) FROM"
			      " (SELECT DISTINCT sha256,size FROM object WHERE stored=1)",
			      "");
}

static int compare_texts(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

static int add_needed(const struct database_row *row, void *user)
{
	return text_list_add(user, database_text(row, 0));
}

/* `user` is a sorted list. */
static bool is_needed(const char *sha256, void *user)
{
	const struct text_list *list = user;

	return list->count &&
	       bsearch(&sha256, list->items, list->count, sizeof(*list->items), compare_texts);
}

int store_budget_collect(struct store_budget *budget)
{
	struct text_list needed = { 0 };
	int error = database_query(budget->database, add_needed, &needed,
				   "SELECT DISTINCT sha256 FROM object WHERE stored=1 UNION "
				   "SELECT replaced_by FROM action WHERE replaced_by IS NOT NULL"
				   " AND (step NOT IN ('done','restored','purged') OR id IN"
				   " (SELECT entry FROM trial WHERE outcome IN ('','due')))",
				   "");

	for (size_t i = 0; !error && i < budget->now->count; i++)
		if (budget->now->files[i].stored)
			error = text_list_add(&needed, budget->now->files[i].sha256);
	if (!error) {
		if (needed.count)
			qsort(needed.items, needed.count, sizeof(*needed.items), compare_texts);
		error = store_collect(budget->store, is_needed, &needed);
	}
	text_list_free(&needed);
	return error < 0 ? error : 0;
}

/* Gives up the copies of the oldest generation that has some of its own, but never those of the newest and the last good.
 * Returns 1, 0 if there are none to give up, or a negative errno. */
static int give_up_oldest(const struct store_budget *budget)
{
	int error = database_run(
		budget->database,
		"WITH kept AS (SELECT sha256 FROM object WHERE generation IN (?1,?2))"
		" UPDATE object SET stored=0 WHERE stored=1 AND sha256 NOT IN kept AND generation="
		"(SELECT MIN(generation) FROM object WHERE stored=1 AND sha256 NOT IN kept)",
		"ii", budget->newest, budget->last_good);

	if (error)
		return error;
	return database_changes(budget->database) > 0;
}

bool store_budget_has_room(const struct store_budget *budget, int64_t size)
{
	return (uint64_t)(budget->used + budget->put + size) <= budget->limit;
}

int store_budget_make_room(struct store_budget *budget, int64_t size)
{
	int result = 1;

	if ((uint64_t)size > budget->limit)
		return 0;
	while (result > 0 && !budget->full && !store_budget_has_room(budget, size)) {
		result = give_up_oldest(budget);
		budget->full = result == 0;
		if (result > 0) {
			int error = store_budget_collect(budget);

			if (!error)
				error = store_budget_read(budget);
			result = error ? error : result;
		}
	}
	return result < 0 ? result : 0;
}
