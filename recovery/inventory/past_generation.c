/* past_generation.c: which generation a reference means
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/past_generation.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_MOST 18 /* more would not fit into 64 bits */

static const struct {
	const char *name;
	const char *statement;
} names[] = {
	{ "@last-good", "SELECT id,time FROM generation WHERE good=1 AND ?1=0 ORDER BY id DESC"
			" LIMIT 1" },
	{ "@last", "SELECT id,time FROM generation WHERE ?1=0 ORDER BY id DESC LIMIT 1" },
	{ "@now", "SELECT 0,0 WHERE ?1=0" },
};

static int copy_row(const struct database_row *row, void *user)
{
	*(struct past_generation *)user = (struct past_generation){
		.id = database_integer(row, 0),
		.time = database_integer(row, 1),
	};
	return 0;
}

static const char *statement_of(const char *reference)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i].name, reference) == 0)
			return names[i].statement;
	return NULL;
}

static bool is_number(const char *reference)
{
	size_t length = strlen(reference);

	return length > 0 && length <= DIGITS_MOST && strspn(reference, "0123456789") == length;
}

int past_generation_find(struct database *database, const char *reference,
			 struct past_generation *ret)
{
	struct past_generation found = { .id = -1 };
	const char *statement = statement_of(reference);
	int64_t id = 0;
	int error;

	if (!statement && !is_number(reference))
		return -ESRCH;
	if (!statement) {
		statement = "SELECT id,time FROM generation WHERE id=?1";
		id = strtoll(reference, NULL, 10);
	}
	error = database_query(database, copy_row, &found, statement, "i", id);
	if (!error && found.id < 0)
		error = -ESRCH;
	if (!error)
		*ret = found;
	return error;
}
