/* state.c: the tables of /var/lib/daruma/state.db
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/state.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* One statement per entry; user_version tells which of them have run. */
static const char *const schema[] = {
	/* One row per start that the guard saw. `outcome` is empty while the start is unanswered. */
	"CREATE TABLE boot(id INTEGER PRIMARY KEY, boot_id TEXT NOT NULL UNIQUE, kernel_boot_id "
	"TEXT NOT NULL,"
	" time INTEGER NOT NULL, rung TEXT NOT NULL, reason TEXT NOT NULL, previous_ending TEXT "
	"NOT NULL,"
	" kernel TEXT NOT NULL, panics INTEGER NOT NULL, resets INTEGER NOT NULL, incident INTEGER "
	"NOT NULL,"
	" outcome TEXT NOT NULL DEFAULT '', outcome_time INTEGER, crash_function TEXT, "
	"crash_module TEXT,"
	" crash_class TEXT)",
	/* One row per incident: from the first unanswered failure to the good answer. */
	"CREATE TABLE incident(id INTEGER PRIMARY KEY, opened INTEGER NOT NULL, closed INTEGER, "
	"class TEXT NOT NULL,"
	" product TEXT, result TEXT NOT NULL DEFAULT '')",
	/* What a good state consists of. `cause`: good-boot, run-time, install, manual. */
	"CREATE TABLE generation(id INTEGER PRIMARY KEY, time INTEGER NOT NULL, cause TEXT NOT "
	"NULL,"
	" kernel TEXT NOT NULL, boot_id TEXT, good INTEGER NOT NULL)",
	/* One row per file of a generation. `kind`: module, content, code, manifest; `set_name`: content set or '';
	 * `stored`: a copy is in the content store; `attributes`: see attributes.h. */
	"CREATE TABLE object(generation INTEGER NOT NULL REFERENCES generation(id) ON DELETE "
	"CASCADE,"
	" product TEXT NOT NULL, kind TEXT NOT NULL, path TEXT NOT NULL, set_name TEXT NOT NULL "
	"DEFAULT '',"
	" sha256 TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, inode INTEGER "
	"NOT NULL,"
	" device INTEGER NOT NULL, mode INTEGER NOT NULL, version TEXT NOT NULL DEFAULT '',"
	" stored INTEGER NOT NULL, ctime_ns INTEGER NOT NULL DEFAULT 0,"
	" attributes TEXT NOT NULL DEFAULT '{}', PRIMARY KEY(generation, path)) WITHOUT ROWID",
	/* What differs from the last good generation, found when a start had failed. */
	"CREATE TABLE change(id INTEGER PRIMARY KEY, boot_id TEXT NOT NULL, product TEXT NOT NULL, "
	"kind TEXT NOT NULL,"
	" path TEXT NOT NULL, how TEXT NOT NULL, before_sha256 TEXT, after_sha256 TEXT, time "
	"INTEGER NOT NULL)",
	/* Quarantine and its journal. `step`: planned, copied, replaced, done, restoring, restored: see action.h.
	 * `folder`: the product's folder that `path` is in; `restores`: the row whose object this one puts back. */
	"CREATE TABLE action(id INTEGER PRIMARY KEY, time INTEGER NOT NULL, boot_id TEXT, product "
	"TEXT NOT NULL,"
	" kind TEXT NOT NULL, path TEXT NOT NULL, set_name TEXT NOT NULL DEFAULT '', step TEXT NOT "
	"NULL,"
	" sha256 TEXT, replaced_by TEXT, attributes TEXT NOT NULL DEFAULT '{}', reason TEXT NOT "
	"NULL,"
	" step_time INTEGER NOT NULL, folder TEXT NOT NULL DEFAULT '/', restores INTEGER)",
	/* What happened, once each, chained (R48): `prev` is the SHA-256 of the line before. */
	"CREATE TABLE event(seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, time INTEGER NOT "
	"NULL,"
	" event TEXT NOT NULL, prev TEXT NOT NULL, line TEXT NOT NULL)",
	"CREATE TABLE setting(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
	"CREATE VIEW v1_boots AS SELECT boot_id, time, outcome='good' AS ok, rung AS profile,"
	" panics+resets AS failures FROM boot",
	"CREATE VIEW v1_changes AS SELECT boot_id, product, kind, path, how, before_sha256, "
	"after_sha256, time"
	" FROM change",
	"CREATE VIEW v1_quarantine AS SELECT id, time, product, kind, path, sha256, step, reason "
	"FROM action",
};

static int read_version(const struct database_row *row, void *user)
{
	*(int64_t *)user = database_integer(row, 0);
	return 0;
}

static int create_tables(struct database *database)
{
	char pragma[64];
	int error = database_begin(database);

	if (error)
		return error;
	for (size_t i = 0; !error && i < sizeof(schema) / sizeof(schema[0]); i++)
		error = database_run(database, schema[i], "");
	snprintf(pragma, sizeof(pragma), "PRAGMA user_version=%d", STATE_USER_VERSION);
	if (!error)
		error = database_run(database, pragma, "");
	if (!error)
		error = database_commit(database);
	if (error)
		database_rollback(database);
	return error;
}

static int check_version(struct database *database, bool writable)
{
	int64_t version = 0;
	int error = database_query(database, read_version, &version, "PRAGMA user_version", "");

	if (error)
		return error;
	if (version > STATE_USER_VERSION)
		return -EPROTO;
	if (version == STATE_USER_VERSION)
		return 0;
	return writable ? create_tables(database) : -ENOENT;
}

static int make_folder(const char *path)
{
	return mkdir(path, 0700) < 0 && errno != EEXIST ? -errno : 0;
}

int state_open(const struct context *context, bool writable, struct database **ret)
{
	char path[PATH_MAX];
	struct database *database;
	int error;

	if (snprintf(path, sizeof(path), "%s" STATE_FOLDER, context->root) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	error = writable ? make_folder(path) : 0;
	if (error)
		return error;
	if (snprintf(path, sizeof(path), "%s" STATE_FILE, context->root) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	error = database_open(path, writable, &database);
	if (error)
		return error;
	error = check_version(database, writable);
	if (error) {
		database_close(database);
		return error;
	}
	*ret = database;
	return 0;
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

int64_t state_get_number(struct database *database, const char *key, int64_t absent)
{
	char *text = NULL;
	int64_t number = absent;

	if (state_get_text(database, key, &text) == 0 && text)
		number = strtoll(text, NULL, 10);
	free(text);
	return number;
}

int state_set_number(struct database *database, const char *key, int64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)value);
	return state_set_text(database, key, text);
}
