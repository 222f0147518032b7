/* hold_end.c: holds that are needed no more though something is set aside
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/hold_end.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "recovery/products/unit_file.h"
#include "recovery/quarantine/action.h"
#include "recovery/quarantine/place_digest.h"
#include "recovery/quarantine/quarantine.h"
#include "recovery/system_file.h"

#define OPEN "step='done' AND restores IS NULL AND sha256 IS NOT NULL"

/* What is in the places of a product's entries. */
struct places {
	bool known;   /* an object that was set aside, a good copy, or what cannot be told */
	bool another; /* something else */
	bool emptied; /* nothing, where a good copy was put */
};

static void look_at(const struct context *context, struct database *database,
		    const struct action *entry, struct places *places)
{
	char found[DIGEST_TEXT_SIZE];
	int error = place_digest(context, database, entry, found);

	if (error == -ENOENT)
		places->emptied |= entry->replaced_by != NULL;
	else if (error == -ELOOP || error == -EISDIR || error == -EINVAL)
		places->another = true;
	else if (error || strcmp(found, entry->sha256) == 0 ||
		 (entry->replaced_by && strcmp(found, entry->replaced_by) == 0))
		places->known = true;
	else
		places->another = true;
}

static bool has_units(const struct context *context, const struct text_list *units)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < units->count; i++)
		if (unit_file_find(context, units->items[i], path))
			return true;
	return false;
}

static bool is_there(const struct context *context, const struct product *product)
{
	const char *path;

	for (size_t i = 0; (path = product_path(product, i)) != NULL; i++)
		if (system_exists(context, path))
			return true;
	return has_units(context, &product->units) || has_units(context, &product->updater_units);
}

static bool is_ended(const struct context *context, const struct places *places,
		     const struct product *product)
{
	if (places->known)
		return false;
	if (places->another)
		return true;
	return places->emptied && (!product || !is_there(context, product));
}

static int enter(struct database *database, const char *product, bool ended)
{
	return ended ? database_run(database,
				    "INSERT OR IGNORE INTO hold_end(product,time) VALUES(?1,?2)",
				    "ti", product, (int64_t)time(NULL)) :
		       database_run(database, "DELETE FROM hold_end WHERE product=?1", "t",
				    product);
}

int hold_end_find(const struct context *context, struct database *database,
		  const struct product_list *products)
{
	struct action_list open = { 0 };
	struct text_list names = { 0 };
	int error = action_list_load(database, OPEN, 0, &open);

	if (!error)
		error = database_run(database,
				     "DELETE FROM hold_end WHERE product NOT IN"
				     " (SELECT product FROM action WHERE " OPEN ")",
				     "");
	if (!error)
		error = quarantine_open_products(database, &names);
	for (size_t i = 0; !error && i < names.count; i++) {
		const char *name = names.items[i];
		struct places places = { 0 };

		for (size_t j = 0; j < open.count && !places.known; j++)
			if (strcmp(open.items[j].product, name) == 0)
				look_at(context, database, &open.items[j], &places);
		error = enter(database, name,
			      is_ended(context, &places, product_list_find(products, name)));
	}
	text_list_free(&names);
	action_list_free(&open);
	return error;
}

static int add_text(const struct database_row *row, void *user)
{
	return text_list_add(user, database_text(row, 0));
}

#define HELD                                                                                       \
	" FROM action WHERE step NOT IN ('restored','purged') AND sha256 IS NOT NULL AND restores" \
	" IS NULL AND product NOT IN (SELECT product FROM hold_end)"

int hold_end_held_products(struct database *database, struct text_list *ret)
{
	return database_query(database, add_text, ret, "SELECT DISTINCT product" HELD, "");
}

int hold_end_held_places(struct database *database, struct text_list *ret)
{
	return database_query(database, add_text, ret, "SELECT DISTINCT path" HELD " ORDER BY path",
			      "");
}
