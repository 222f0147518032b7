/* guard_budget.c: how much the guard may move in one start
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/guard_budget.h"

#include "recovery/event.h"
#include "recovery/inventory/store.h"
#include "recovery/quarantine/place.h"

struct guard_budget guard_budget_whole(void)
{
	return (struct guard_budget){ GUARD_OBJECTS_MOST, GUARD_BYTES_MOST };
}

bool guard_budget_spend(struct guard_budget *budget, int64_t objects, int64_t bytes)
{
	if (!budget)
		return true;
	if (objects > budget->objects || bytes > budget->bytes)
		return false;
	budget->objects -= objects;
	budget->bytes -= bytes;
	return true;
}

/* What cannot be looked at costs nothing: it cannot be moved either. */
static int64_t at_least_none(int64_t size)
{
	return size > 0 ? size : 0;
}

static int64_t bytes_of(const struct context *context, const struct store *store,
			const struct action_list *entries)
{
	int64_t bytes = 0;

	for (size_t i = 0; i < entries->count; i++) {
		const struct action *entry = &entries->items[i];

		bytes += at_least_none(place_size(context, entry));
		if (entry->replaced_by && store->folder >= 0)
			bytes += at_least_none(store_size(store, entry->replaced_by));
	}
	return bytes;
}

bool guard_budget_spend_on(const struct context *context, struct guard_budget *budget,
			   const struct action_list *entries)
{
	struct store store = { .folder = -1 };
	bool fits;

	if (!budget)
		return true;
	if (store_open(context, file_port_of_system(), false, &store) != 0)
		store.folder = -1;
	fits = guard_budget_spend(budget, (int64_t)entries->count,
				  bytes_of(context, &store, entries));
	store_close(&store);
	return fits;
}

int guard_budget_tell_left(const struct context *context, struct database *database,
			   const struct action_list *entries, const char *what)
{
	const struct action *first = &entries->items[0];
	struct json *details = json_new_object();

	json_add_integer(details, "quarantine", first->id);
	json_add_text(details, "product", first->product);
	json_add_text(details, "path", first->path);
	json_add_integer(details, "objects", (int64_t)entries->count);
	json_add_text(details, "why", what);
	return event_write(context, database, "object.left", "warning", details);
}
