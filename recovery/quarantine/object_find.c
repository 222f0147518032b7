/* object_find.c: the files that a user means by a path, a module's name or a digest
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/object_find.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "recovery/inventory/generation.h"
#include "recovery/inventory/inventory.h"

static bool is_digest(const char *text)
{
	return strlen(text) == DIGEST_TEXT_SIZE - 1 &&
	       strspn(text, "0123456789abcdef") == DIGEST_TEXT_SIZE - 1;
}

/* Whether the file is "<module>.ko..."; '-' and '_' are the same in names of modules. */
static bool is_module(const struct inventory_file *file, const char *module)
{
	const char *at = strrchr(file->path, '/') + 1;

	if (strcmp(file->kind, "module") != 0)
		return false;
	for (; *module; module++, at++)
		if (*at != *module && !(strchr("-_", *module) && *at && strchr("-_", *at)))
			return false;
	return strncmp(at, ".ko", 3) == 0;
}

static int add_matching(const struct inventory *now, const char *text, struct text_list *paths)
{
	bool digest = is_digest(text);
	int error = 0;

	for (size_t i = 0; !error && i < now->count; i++)
		if (digest ? strcmp(now->files[i].sha256, text) == 0 :
			     is_module(&now->files[i], text))
			error = text_list_add(paths, now->files[i].path);
	if (!error && paths->count == 0)
		error = -ENXIO;
	return error;
}

int object_find(const struct context *context, struct database *database,
		const struct product_list *products, const char *text, struct text_list *ret_paths)
{
	struct inventory good = { 0 }, now = { 0 };
	const struct inventory_survey survey = { .known = &good };
	struct watched_paths paths = { 0 };
	struct text_list found = { 0 };
	int64_t generation = 0;
	int error;

	if (text[0] == '/')
		return text_list_add(ret_paths, text);
	error = generation_last_good(database, &generation, NULL);
	if (!error)
		error = inventory_load(database, generation, &good);
	if (!error)
		error = watched_paths_make(context, products, &paths);
	if (!error)
		error = inventory_take(context, products, &paths, &survey, &now);
	if (!error)
		error = add_matching(&now, text, &found);
	inventory_free(&good);
	inventory_free(&now);
	watched_paths_free(&paths);
	if (error)
		text_list_free(&found);
	else
		*ret_paths = found;
	return error;
}
