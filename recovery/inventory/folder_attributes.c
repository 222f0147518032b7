/* folder_attributes.c: owner, mode and all that of the folders of watched products
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/folder_attributes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/inventory/scan.h"
#include "recovery/quarantine/attributes.h"
#include "recovery/safe_path.h"

struct reading {
	const struct context *context;
	const struct watched_paths *paths;
	struct folder_attributes *ret;
};

static int read_folder(const struct reading *reading, const char *folder)
{
	owned_descriptor int fd = safe_path_open_folder(reading->context, folder);
	owned char *text = NULL;
	int error = fd < 0 ? fd : attributes_read(fd, &text);

	if (error)
		return scan_error_is_of_the_file(error) ? 0 : error;
	error = text_list_add(&reading->ret->folders, folder);
	return error ? error : text_list_add(&reading->ret->texts, text);
}

/* Files are in the order of their paths, so those below one folder follow each other: at the first of them it is new. */
static int read_folders_of(const struct reading *reading, const char *path, const char *before)
{
	char folder[PATH_MAX];
	char *slash;
	int error = 0;

	snprintf(folder, sizeof(folder), "%s", path);
	while (!error && (slash = strrchr(folder, '/')) && slash != folder) {
		*slash = 0;
		if ((before && safe_path_below(folder, before)) ||
		    !watched_path_around(reading->paths, folder))
			break;
		error = read_folder(reading, folder);
	}
	return error;
}

int folder_attributes_read(const struct context *context, const struct watched_paths *paths,
			   const struct inventory *inventory, struct folder_attributes *ret)
{
	struct folder_attributes read = { .folders = { 0 } };
	const struct reading reading = { context, paths, &read };
	int error = 0;

	for (size_t i = 0; !error && i < inventory->count; i++)
		error = read_folders_of(&reading, inventory->files[i].path,
					i ? inventory->files[i - 1].path : NULL);
	if (error)
		folder_attributes_free(&read);
	else
		*ret = read;
	return error;
}

int folder_attributes_save(struct database *database, int64_t generation,
			   const struct folder_attributes *read)
{
	struct database_statement *statement = NULL;
	int error = database_prepare(
		database,
		"INSERT INTO folder(generation,path,attributes) VALUES(?1,?2,?3)"
		" ON CONFLICT(generation,path) DO UPDATE SET attributes=excluded.attributes"
		" WHERE attributes<>excluded.attributes",
		&statement);

	for (size_t i = 0; !error && i < read->folders.count; i++)
		error = database_execute(statement, "itt", generation, read->folders.items[i],
					 read->texts.items[i]);
	database_statement_free(statement);
	return error;
}

void folder_attributes_free(struct folder_attributes *read)
{
	text_list_free(&read->folders);
	text_list_free(&read->texts);
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
