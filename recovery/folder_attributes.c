/* folder_attributes.c: owner, mode and all that of the folders of watched products
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/folder_attributes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recovery/attributes.h"
#include "recovery/cleanup.h"
#include "recovery/safe_path.h"
#include "recovery/scan.h"

struct saving {
	const struct context *context;
	const struct watched_paths *paths;
	struct database_statement *statement;
	int64_t generation;
};

static int save_folder(const struct saving *saving, const char *folder)
{
	owned_descriptor int fd = safe_path_open_folder(saving->context, folder);
	owned char *text = NULL;
	int error = fd < 0 ? fd : attributes_read(fd, &text);

	if (error)
		return scan_error_is_of_the_file(error) ? 0 : error;
	return database_execute(saving->statement, "itt", saving->generation, folder, text);
}

/* Files are in the order of their paths, so those below one folder follow each other: at the first of them it is new. */
static int save_folders_of(const struct saving *saving, const char *path, const char *before)
{
	char folder[PATH_MAX];
	char *slash;
	int error = 0;

	snprintf(folder, sizeof(folder), "%s", path);
	while (!error && (slash = strrchr(folder, '/')) && slash != folder) {
		*slash = 0;
		if ((before && safe_path_below(folder, before)) ||
		    !watched_path_around(saving->paths, folder))
			break;
		error = save_folder(saving, folder);
	}
	return error;
}

static int see_one(const struct database_row *row, void *user)
{
	(void)row;
	(void)user;
	return 1;
}

int folder_attributes_save(const struct context *context, struct database *database,
			   int64_t generation, const struct watched_paths *paths,
			   const struct inventory *inventory)
{
	struct saving saving = { context, paths, NULL, generation };
	int error =
		database_query(database, see_one, NULL,
			       "SELECT 1 FROM folder WHERE generation=?1 LIMIT 1", "i", generation);

	if (error)
		return error < 0 ? error : 0;
	error = database_prepare(
		database,
		"INSERT OR IGNORE INTO folder(generation,path,attributes) VALUES(?1,?2,?3)",
		&saving.statement);
	for (size_t i = 0; !error && i < inventory->count; i++)
		error = save_folders_of(&saving, inventory->files[i].path,
					i ? inventory->files[i - 1].path : NULL);
	database_statement_free(saving.statement);
	return error;
}

static int copy_text(const struct database_row *row, void *user)
{
	char **text = user;

	*text = strdup(database_text(row, 0));
	return *text ? 0 : -ENOMEM;
}

int folder_attributes_find(struct database *database, const char *path, char **ret_text)
{
	*ret_text = NULL;
	return database_query(database, copy_text, ret_text,
			      "SELECT attributes FROM folder JOIN generation ON id=generation"
			      " WHERE path=?1 AND good=1 ORDER BY generation DESC LIMIT 1",
			      "t", path);
}
