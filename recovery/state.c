/* state.c: opens /var/lib/daruma/state.db, and its named settings
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/state.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "recovery/state_tables.h"
#include "recovery/system_file.h"

static int make_folder(const char *path)
{
	return mkdir(path, 0700) < 0 && errno != EEXIST ? -errno : 0;
}

int state_open(const struct context *context, bool writable, struct database **ret)
{
	char path[PATH_MAX];
	struct database *database;
	bool copy = writable && context->dry_run;
	int error = system_path(context, STATE_FOLDER, path);

	if (!error && writable && !copy)
		error = make_folder(path);
	if (!error)
		error = system_path(context, STATE_FILE, path);
	if (!error)
		error = copy ? database_open_copy(path, &database) :
			       database_open(path, writable, &database);
	if (error)
		return error;
	error = state_tables_check(database, writable);
	if (error) {
		database_close(database);
		return error;
	}
	*ret = database;
	return 0;
}

int state_open_existing(const struct context *context, struct database **ret)
{
	char path[PATH_MAX];
	int error = system_path(context, STATE_FILE, path);

	if (!error && access(path, F_OK) < 0)
		error = -errno;
	return error ? error : state_open(context, true, ret);
}

bool state_is_read_only(const struct context *context)
{
	/* The folder is made with the state; the nearest one that is there decides. */
	static const char *const folders[] = { STATE_FOLDER, "/var/lib", "/var" };
	char path[PATH_MAX];
	struct statvfs there;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (system_path(context, folders[i], path) == 0 && statvfs(path, &there) == 0)
			return (there.f_flag & ST_RDONLY) != 0;
	return false;
}

static int copy_text(const struct database_row *row, void *user)
{
	char **text = user;

	free(*text);
	*text = strdup(database_text(row, 0));
	return *text ? 0 : -ENOMEM;
}

int state_get_text(struct database *database, const char *key, char **ret_text)
{
	char *text = NULL;
	int error = database_query(database, copy_text, &text,
				   "SELECT value FROM setting WHERE key=?1", "t", key);

	if (error)
		return error;
	*ret_text = text;
	return 0;
}

int state_set_text(struct database *database, const char *key, const char *value)
{
	return database_run(database,
			    "INSERT INTO setting(key,value) VALUES(?1,?2)"
			    " ON CONFLICT(key) DO UPDATE SET value=?2",
			    "tt", key, value);
}

int state_find_number(struct database *database, const char *key, int64_t absent, int64_t *ret)
{
	char *text = NULL;
	int error = state_get_text(database, key, &text);

	if (error)
		return error;
	*ret = text ? strtoll(text, NULL, 10) : absent;
	free(text);
	return 0;
}

int64_t state_get_number(struct database *database, const char *key, int64_t absent)
{
	int64_t number = absent;

	(void)state_find_number(database, key, absent, &number);
	return number;
}

int state_set_number(struct database *database, const char *key, int64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)value);
	return state_set_text(database, key, text);
}
