/* unread.c: files and folders of watched products that could not be read
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/unread.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare_texts(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

void unread_sort(struct text_list *unread)
{
	size_t kept = 0;

	if (unread->count)
		qsort(unread->items, unread->count, sizeof(*unread->items), compare_texts);
	for (size_t i = 0; i < unread->count; i++)
		if (kept && strcmp(unread->items[kept - 1], unread->items[i]) == 0)
			free(unread->items[i]);
		else
			unread->items[kept++] = unread->items[i];
	unread->count = kept;
}

static bool has(const struct text_list *unread, const char *path)
{
	return bsearch(&path, unread->items, unread->count, sizeof(*unread->items), compare_texts);
}

bool unread_covers(const struct text_list *unread, const char *path)
{
	char around[PATH_MAX];
	char *slash;

	if (!unread->count || snprintf(around, sizeof(around), "%s", path) >= PATH_MAX)
		return false;
	while (!has(unread, around)) {
		slash = strrchr(around, '/');
		if (!slash)
			return false;
		*slash = 0;
	}
	return true;
}

bool unread_is_same(const struct text_list *one, const struct text_list *other)
{
	if (one->count != other->count)
		return false;
	for (size_t i = 0; i < one->count; i++)
		if (strcmp(one->items[i], other->items[i]) != 0)
			return false;
	return true;
}

/* --- the table ----------------------------------------------------------------------------- */

static int add_path(const struct database_row *row, void *user)
{
	return text_list_add(user, database_text(row, 0));
}

int unread_load(struct database *database, int64_t generation, struct text_list *ret)
{
	return database_query(database, add_path, ret,
			      "SELECT path FROM unread WHERE generation=?1 ORDER BY path", "i",
			      generation);
}

int unread_save(struct database *database, int64_t generation, const struct text_list *unread)
{
	struct database_statement *statement = NULL;
	int error;

	if (!unread->count)
		return 0;
	error = database_prepare(database,
				 "INSERT OR IGNORE INTO unread(generation,path) VALUES(?1,?2)",
				 &statement);
	for (size_t i = 0; !error && i < unread->count; i++)
		error = database_execute(statement, "it", generation, unread->items[i]);
	database_statement_free(statement);
	return error;
}
