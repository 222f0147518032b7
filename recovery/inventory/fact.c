/* fact.c: what a generation consists of beside the files of watched products (R8)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/fact.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- the list ------------------------------------------------------------------------------ */

static void free_fact(struct fact *fact)
{
	free(fact->kind);
	free(fact->name);
	free(fact->value);
}

static int grow(struct fact_list *list)
{
	size_t room = list->room ? 2 * list->room : 64;
	struct fact *items = reallocarray(list->items, room, sizeof(*items));

	if (!items)
		return -ENOMEM;
	list->items = items;
	list->room = room;
	return 0;
}

int fact_list_add(struct fact_list *list, const char *kind, const char *name, const char *value)
{
	struct fact fact;

	if (list->count >= FACTS_MOST)
		return -E2BIG;
	if (list->count == list->room && grow(list) != 0)
		return -ENOMEM;
	fact = (struct fact){
		.kind = strdup(kind),
		.name = strndup(name, FACT_TEXT_MAX),
		.value = strndup(value, FACT_TEXT_MAX),
	};
	if (!fact.kind || !fact.name || !fact.value) {
		free_fact(&fact);
		return -ENOMEM;
	}
	list->items[list->count++] = fact;
	return 0;
}

void fact_list_cut(struct fact_list *list, size_t count)
{
	while (list->count > count)
		free_fact(&list->items[--list->count]);
}

static int compare_names(const void *one, const void *other)
{
	const struct fact *a = one, *b = other;
	int order = strcmp(a->kind, b->kind);

	return order ? order : strcmp(a->name, b->name);
}

static int compare_whole(const void *one, const void *other)
{
	const struct fact *a = one, *b = other;
	int order = compare_names(a, b);

	return order ? order : strcmp(a->value, b->value);
}

void fact_list_sort(struct fact_list *list)
{
	size_t kept = 0;

	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), compare_whole);
	for (size_t i = 0; i < list->count; i++) {
		if (kept && compare_names(&list->items[kept - 1], &list->items[i]) == 0)
			free_fact(&list->items[i]);
		else
			list->items[kept++] = list->items[i];
	}
	list->count = kept;
}

const char *fact_list_find(const struct fact_list *list, const char *kind, const char *name)
{
	const struct fact key = { .kind = (char *)kind, .name = (char *)name };
	const struct fact *found =
		list->count ? bsearch(&key, list->items, list->count, sizeof(key), compare_names) :
			      NULL;

	return found ? found->value : NULL;
}

bool fact_list_is_same(const struct fact_list *one, const struct fact_list *other)
{
	if (one->count != other->count)
		return false;
	for (size_t i = 0; i < one->count; i++)
		if (compare_whole(&one->items[i], &other->items[i]) != 0)
			return false;
	return true;
}

void fact_list_free(struct fact_list *list)
{
	if (!list)
		return;
	fact_list_cut(list, 0);
	free(list->items);
	*list = (struct fact_list){ 0 };
}

/* --- the table ----------------------------------------------------------------------------- */

static int load_fact(const struct database_row *row, void *user)
{
	const char *texts[3];

	for (int i = 0; i < 3; i++) {
		texts[i] = database_text(row, i);
		if (!texts[i])
			texts[i] = "";
	}
	return fact_list_add(user, texts[0], texts[1], texts[2]);
}

int fact_list_load(struct database *database, int64_t generation, struct fact_list *ret)
{
	struct fact_list list = { 0 };
	int error = database_query(database, load_fact, &list,
				   "SELECT kind,name,value FROM fact WHERE generation=?1"
				   " ORDER BY kind,name",
				   "i", generation);

	if (error)
		fact_list_free(&list);
	else
		*ret = list;
	return error;
}

int fact_list_save(struct database *database, int64_t generation, const struct fact_list *list)
{
	struct database_statement *statement = NULL;
	int error = database_run(database, "DELETE FROM fact WHERE generation=?1", "i", generation);

	if (!error)
		error = database_prepare(database,
					 "INSERT INTO fact(generation,kind,name,value)"
					 " VALUES(?1,?2,?3,?4)",
					 &statement);
	for (size_t i = 0; !error && i < list->count; i++)
		error = database_execute(statement, "ittt", generation, list->items[i].kind,
					 list->items[i].name, list->items[i].value);
	database_statement_free(statement);
	return error;
}
