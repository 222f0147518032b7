/* state_tables.c: the tables of /var/lib/daruma/state.db, and how older ones are brought up to date
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/state_tables.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>

static const char *const version_1[] = {
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
	/* What a good state consists of. `cause`: good-boot, run-time, install. */
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
	/* Quarantine and its journal. `step`: planned, copied, replaced, done, restoring, restored, purging, purged:
	 * see action.h. `folder`: the product's folder that `path` is in; `restores`: the row whose object this one
	 * puts back. */
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
	NULL,
};

static const char *const version_2[] = {
	/* What else a generation consists of (R8): see facts.h for kinds, names and values. */
	"CREATE TABLE fact(generation INTEGER NOT NULL REFERENCES generation(id) ON DELETE CASCADE,"
	" kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,"
	" PRIMARY KEY(generation, kind, name)) WITHOUT ROWID",
	/* The rest of what the text of the crash said: see crash/crash.h. */
	"ALTER TABLE boot ADD COLUMN crash_kind TEXT",
	"ALTER TABLE boot ADD COLUMN crash_program TEXT",
	"ALTER TABLE boot ADD COLUMN crash_signature TEXT",
	"ALTER TABLE boot ADD COLUMN crash_quality TEXT",
	/* When it crashed, by the clock of then; NULL where that clock cannot have been right. When the guard behind it
	 * entered that, by the clock of the guard. */
	"ALTER TABLE boot ADD COLUMN crash_time INTEGER",
	"ALTER TABLE boot ADD COLUMN crash_seen INTEGER",
	/* Who is to blame for the ending of that boot. `certainty`: certain, likely, unknown; `product`: NULL where
	 * nobody is; `partner`: that belongs to it, "kernel" or the product that was named and is unchanged; NULL
	 * none: see verdict.h. */
	"CREATE TABLE verdict(boot_id TEXT PRIMARY KEY, incident INTEGER NOT NULL, time INTEGER "
	"NOT NULL,"
	" certainty TEXT NOT NULL, product TEXT, partner TEXT) WITHOUT ROWID",
	/* Who had the eBPF program open that the crash names, one a line: see program_holder.h; NULL nobody. */
	"ALTER TABLE verdict ADD COLUMN holders TEXT",
	/* Whom it was chosen from, highest score first. `reasons`: words of verdict.h, with blanks between them. */
	"CREATE TABLE suspect(boot_id TEXT NOT NULL REFERENCES verdict(boot_id) ON DELETE CASCADE,"
	" product TEXT NOT NULL, score INTEGER NOT NULL, reasons TEXT NOT NULL,"
	" PRIMARY KEY(boot_id, product)) WITHOUT ROWID",
	/* Products whose updaters are held: see quarantine_hold.h. */
	"CREATE TABLE quarantine_hold(product TEXT PRIMARY KEY, time INTEGER NOT NULL,"
	" told TEXT NOT NULL DEFAULT '') WITHOUT ROWID",
	/* Whose file an entry of the quarantine was ('' nobody's), and the last transition of that package: see
	 * package_origin.h. `landed`: when. */
	"CREATE TABLE package_origin(entry INTEGER PRIMARY KEY, package TEXT NOT NULL, manager "
	"TEXT NOT NULL,"
	" version_before TEXT, version_after TEXT, landed INTEGER)",
	/* Packages that their manager leaves alone: see package_hold.h. */
	"CREATE TABLE package_hold(package TEXT PRIMARY KEY, manager TEXT NOT NULL, state TEXT NOT "
	"NULL,"
	" time INTEGER NOT NULL) WITHOUT ROWID",
	/* Entries that were released: see on_trial.h. `newest_boot`: the last row of `boot` at that time. */
	"CREATE TABLE trial(entry INTEGER PRIMARY KEY, time INTEGER NOT NULL, boot_id TEXT,"
	" outcome TEXT NOT NULL DEFAULT '', kernel_boot_id TEXT NOT NULL DEFAULT '',"
	" newest_boot INTEGER NOT NULL DEFAULT 0)",
	/* Kernels that the boot loader was told to start by default: see previous_kernel.h. `blamed`: the one that ran then;
	 * `before`: the default before, NULL none; `state`: wanted, set, undoing, undone. */
	"CREATE TABLE previous_kernel(id INTEGER PRIMARY KEY, time INTEGER NOT NULL, boot_id TEXT "
	"NOT NULL,"
	" kernel TEXT NOT NULL, blamed TEXT NOT NULL, loader TEXT NOT NULL, entry TEXT NOT NULL,"
	" before TEXT, state TEXT NOT NULL)",
	/* Entries whose object is in its place again: see quarantine_return.h. */
	"CREATE TABLE quarantine_return(entry INTEGER PRIMARY KEY, time INTEGER NOT NULL,"
	" another INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0)",
	/* Products that are held no more though something of them is set aside: see hold_end.h. */
	"CREATE TABLE hold_end(product TEXT PRIMARY KEY, time INTEGER NOT NULL) WITHOUT ROWID",
	/* What was read in the places of open entries: see place_digest.h. */
	"CREATE TABLE place_digest(path TEXT PRIMARY KEY, device INTEGER NOT NULL, inode INTEGER "
	"NOT NULL,"
	" size INTEGER NOT NULL, ctime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL) WITHOUT ROWID",
	/* Whether the `kind` of a file was told by its bytes: see file_kind.h. */
	"ALTER TABLE object ADD COLUMN by_type INTEGER NOT NULL DEFAULT 0",
	/* Products that were switched off; a product is off once at a time: see switched_off.h. `units`, `modules`,
	 * `files`: one name a line. */
	"CREATE TABLE switched_off(id INTEGER PRIMARY KEY, time INTEGER NOT NULL, boot_id TEXT,"
	" product TEXT NOT NULL, step TEXT NOT NULL, reason TEXT NOT NULL, units TEXT NOT NULL,"
	" modules TEXT NOT NULL, files TEXT NOT NULL)",
	"CREATE UNIQUE INDEX switched_off_once ON switched_off(product) WHERE step<>'on'",
	/* What of a generation could not be read: see unread.h. */
	"CREATE TABLE unread(generation INTEGER NOT NULL REFERENCES generation(id) ON DELETE "
	"CASCADE,"
	" path TEXT NOT NULL, PRIMARY KEY(generation, path)) WITHOUT ROWID",
	/* What the folders of its files are like: see folder_attributes.h. */
	"CREATE TABLE folder(generation INTEGER NOT NULL REFERENCES generation(id) ON DELETE "
	"CASCADE,"
	" path TEXT NOT NULL, attributes TEXT NOT NULL, PRIMARY KEY(generation, path)) WITHOUT "
	"ROWID",
	/* Products in their reduced mode; `leave`: a JSON list of the words of the command; `released`: the kernel's
	 * id of the start in which it left on trial, or due; NULL otherwise: see reduced_mode.h. */
	"CREATE TABLE reduced_mode(id INTEGER PRIMARY KEY, time INTEGER NOT NULL, boot_id TEXT,"
	" product TEXT NOT NULL, step TEXT NOT NULL, reason TEXT NOT NULL, folder TEXT NOT NULL,"
	" leave TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0, released TEXT)",
	"CREATE UNIQUE INDEX reduced_mode_once ON reduced_mode(product) WHERE step<>'left'",
	NULL,
};

static const char *const version_3[] = {
	/* With what its kernel was started; NULL where no guard ran. */
	"ALTER TABLE boot ADD COLUMN command_line TEXT",
	/* Where the text of the crash was found: see crash_text.h. */
	"ALTER TABLE boot ADD COLUMN crash_source TEXT",
	NULL,
};

/* What each version adds; user_version tells which of them have run. */
static const char *const *const versions[] = { version_1, version_2, version_3 };

#define NEWEST ((int64_t)(sizeof(versions) / sizeof(versions[0])))

int64_t state_tables_version(void)
{
	return NEWEST;
}

static int add_tables(struct database *database, int64_t version)
{
	char pragma[64];
	int error = 0;

	for (; !error && version < NEWEST; version++)
		for (size_t i = 0; !error && versions[version][i]; i++)
			error = database_run(database, versions[version][i], "");
	snprintf(pragma, sizeof(pragma), "PRAGMA user_version=%lld", (long long)NEWEST);
	return error ? error : database_run(database, pragma, "");
}

static int upgrade(struct database *database, int64_t version)
{
	int error = database_begin(database);

	if (error)
		return error;
	error = add_tables(database, version);
	if (!error)
		error = database_commit(database);
	if (error)
		database_rollback(database);
	return error;
}

int state_tables_check(struct database *database, bool writable)
{
	int64_t version = 0;
	int error = database_number(database, &version, "PRAGMA user_version", "");

	if (error)
		return error;
	if (version > NEWEST)
		return -EPROTO;
	if (version == NEWEST)
		return 0;
	if (writable)
		return upgrade(database, version < 0 ? 0 : version);
	return version < 1 ? -ENOENT : -ESTALE;
}
