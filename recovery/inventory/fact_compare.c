/* fact_compare.c: the facts of two generations side by side
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/fact_compare.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct comparing {
	const struct fact_list *before, *after;
	struct fact_change *changes;
	size_t count;
};

static bool is_known_to_both(const struct comparing *comparing, const char *kind)
{
	return strcmp(kind, FACT_READ) != 0 && fact_list_find(comparing->before, FACT_READ, kind) &&
	       fact_list_find(comparing->after, FACT_READ, kind);
}

/* One of both may be NULL. */
static void enter(struct comparing *comparing, const struct fact *before, const struct fact *after)
{
	const struct fact *fact = after ? after : before;

	if ((before && after && strcmp(before->value, after->value) == 0) ||
	    !is_known_to_both(comparing, fact->kind))
		return;
	comparing->changes[comparing->count++] = (struct fact_change){
		.kind = fact->kind,
		.name = fact->name,
		.how = !before ? 'a' :
		       after   ? 'm' :
				 'r',
		.before = before ? before->value : NULL,
		.after = after ? after->value : NULL,
	};
}

static int order_of(const struct fact *one, const struct fact *other)
{
	int order = strcmp(one->kind, other->kind);

	return order ? order : strcmp(one->name, other->name);
}

static void walk_both(struct comparing *comparing)
{
	const struct fact_list *before = comparing->before, *after = comparing->after;
	size_t b = 0, a = 0;

	while (b < before->count || a < after->count) {
		int order = b == before->count ? 1 :
			    a == after->count  ? -1 :
						 order_of(&before->items[b], &after->items[a]);

		if (order < 0)
			enter(comparing, &before->items[b++], NULL);
		else if (order > 0)
			enter(comparing, NULL, &after->items[a++]);
		else
			enter(comparing, &before->items[b++], &after->items[a++]);
	}
}

int fact_compare(const struct fact_list *before, const struct fact_list *after,
		 struct fact_change **ret_changes, size_t *ret_count)
{
	struct comparing comparing = { .before = before, .after = after };

	comparing.changes = calloc(before->count + after->count + 1, sizeof(*comparing.changes));
	if (!comparing.changes)
		return -ENOMEM;
	walk_both(&comparing);
	*ret_changes = comparing.changes;
	*ret_count = comparing.count;
	return 0;
}
