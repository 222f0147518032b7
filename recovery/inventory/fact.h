/* fact.h: what a generation consists of beside the files of watched products (R8)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A fact is a kind, a name that is unique in it, and a value. Kinds and what they hold are in facts.h. The kind FACT_READ
 * holds a row for each kind that could be read, even where it has no facts: what is not known is no difference.
 */
#ifndef DARUMA_RECOVERY_INVENTORY_FACT_H
#define DARUMA_RECOVERY_INVENTORY_FACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recovery/database.h"

/* Name: a kind; value: what its source was like, "" for a kind that is always read */
#define FACT_READ     "read"
#define FACT_TEXT_MAX 4096  /* bytes of a name or a value; what is longer is cut */
#define FACTS_MOST    65536 /* in one list */

/* Strings belong to the list. */
struct fact {
	char *kind, *name, *value;
};

struct fact_list {
	struct fact *items; /* by kind and name once they are sorted */
	size_t count, room;
};

/* Appends copies. Returns 0, -E2BIG (FACTS_MOST are there) or -ENOMEM. */
int fact_list_add(struct fact_list *list, const char *kind, const char *name, const char *value);

/* Drops all behind the first `count`. */
void fact_list_cut(struct fact_list *list, size_t count);

/* By kind and name; of facts with the same name the first by value stays. */
void fact_list_sort(struct fact_list *list);

/* The value of that fact in a sorted list, or NULL. */
const char *fact_list_find(const struct fact_list *list, const char *kind, const char *name);

/* Whether both hold the same; both are sorted. */
bool fact_list_is_same(const struct fact_list *one, const struct fact_list *other);

/* NULL is accepted. */
void fact_list_free(struct fact_list *list);

/* Those of a generation, sorted; none if there is no such generation. Returns 0 or a negative errno. */
int fact_list_load(struct database *database, int64_t generation, struct fact_list *ret);

/* Puts `list` in the place of the facts of a generation. The caller has a transaction open. Returns 0 or an errno. */
int fact_list_save(struct database *database, int64_t generation, const struct fact_list *list);

#endif
