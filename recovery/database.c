/* database.c: a file of tables; the only user of SQLite
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/database.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct database {
	sqlite3 *handle;
};

struct database_row {
	sqlite3_stmt *statement;
};

#define BUSY_MILLISECONDS 5000

static int to_errno(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_DONE:
	case SQLITE_ROW:
		return 0;
	case SQLITE_CONSTRAINT:
		return -EEXIST;
	case SQLITE_BUSY:
		return -EBUSY;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_CANTOPEN:
		return -ENOENT;
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return -EBADMSG;
	case SQLITE_NOMEM:
		return -ENOMEM;
	default:
		return -EIO;
	}
}

/* SQLite says "cannot open" for everything; the reason is the file system's to tell. */
static int ensure_file(const char *path, bool writable)
{
	int fd =
		open(path, (writable ? O_RDWR | O_CREAT : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int open_handle(const char *path, int flags, struct database **ret)
{
	struct database *database = calloc(1, sizeof(*database));
	int error;

	if (!database)
		return -ENOMEM;
	error = to_errno(sqlite3_open_v2(path, &database->handle, flags, NULL));
	if (!error)
		error = to_errno(sqlite3_busy_timeout(database->handle, BUSY_MILLISECONDS));
	if (!error)
		error = to_errno(sqlite3_exec(database->handle,
					      "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
					      "SELECT count(*) FROM sqlite_schema;",
					      NULL, NULL, NULL));
	if (error) {
		database_close(database);
		return error;
	}
	*ret = database;
	return 0;
}

int database_open(const char *path, bool writable, struct database **ret)
{
	int error = ensure_file(path, writable);

	return error ? error :
		       open_handle(path, writable ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY,
				   ret);
}

static int copy_all(struct database *to, struct database *from)
{
	sqlite3_backup *backup = sqlite3_backup_init(to->handle, "main", from->handle, "main");

	if (!backup)
		return to_errno(sqlite3_errcode(to->handle));
	sqlite3_backup_step(backup, -1);
	return to_errno(sqlite3_backup_finish(backup));
}

int database_open_copy(const char *path, struct database **ret)
{
	struct database *from = NULL, *copy = NULL;
	int error = database_open(path, false, &from);

	if (error && error != -ENOENT)
		return error;
	error = open_handle(":memory:", SQLITE_OPEN_READWRITE, &copy);
	if (!error && from)
		error = copy_all(copy, from);
	database_close(from);
	if (error) {
		database_close(copy);
		return error;
	}
	*ret = copy;
	return 0;
}

void database_close(struct database *database)
{
	if (!database)
		return;
	sqlite3_close(database->handle);
	free(database);
}

static int bind_all(sqlite3_stmt *statement, const char *format, va_list values)
{
	int code = SQLITE_OK;

	for (int i = 0; format[i] && code == SQLITE_OK; i++) {
		if (format[i] == 't')
			code = sqlite3_bind_text(statement, i + 1, va_arg(values, const char *), -1,
						 SQLITE_TRANSIENT);
		else
			code = sqlite3_bind_int64(statement, i + 1, va_arg(values, int64_t));
	}
	return to_errno(code);
}

static int step_all(sqlite3_stmt *statement, int (*each)(const struct database_row *, void *),
		    void *user)
{
	struct database_row row = { .statement = statement };
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		int stop = each ? each(&row, user) : 0;

		if (stop)
			return stop;
	}
	return to_errno(code);
}

static int prepare_and_step(struct database *database,
			    int (*each)(const struct database_row *, void *), void *user,
			    const char *text, const char *format, va_list values)
{
	sqlite3_stmt *statement = NULL;
	int error = to_errno(sqlite3_prepare_v2(database->handle, text, -1, &statement, NULL));

	if (!error)
		error = bind_all(statement, format, values);
	if (!error)
		error = step_all(statement, each, user);
	sqlite3_finalize(statement);
	return error;
}

int database_run(struct database *database, const char *statement, const char *format, ...)
{
	va_list values;
	int error;

	va_start(values, format);
	error = prepare_and_step(database, NULL, NULL, statement, format, values);
	va_end(values);
	return error;
}

int database_query(struct database *database,
		   int (*each)(const struct database_row *row, void *user), void *user,
		   const char *statement, const char *format, ...)
{
	va_list values;
	int error;

	va_start(values, format);
	error = prepare_and_step(database, each, user, statement, format, values);
	va_end(values);
	return error;
}

static int copy_number(const struct database_row *row, void *user)
{
	*(int64_t *)user = database_integer(row, 0);
	return 1;
}

int database_number(struct database *database, int64_t *ret, const char *statement,
		    const char *format, ...)
{
	va_list values;
	int result;

	va_start(values, format);
	result = prepare_and_step(database, copy_number, ret, statement, format, values);
	va_end(values);
	return result < 0 ? result : 0;
}

/* A prepared statement is SQLite's own; the name keeps its header inside this file. */
static sqlite3_stmt *inner(struct database_statement *statement)
{
	return (sqlite3_stmt *)(void *)statement;
}

int database_prepare(struct database *database, const char *statement,
		     struct database_statement **ret)
{
	sqlite3_stmt *prepared = NULL;
	int error = to_errno(sqlite3_prepare_v2(database->handle, statement, -1, &prepared, NULL));

	if (!error)
		*ret = (struct database_statement *)(void *)prepared;
	return error;
}

int database_execute(struct database_statement *statement, const char *format, ...)
{
	va_list values;
	int error, reset;

	va_start(values, format);
	error = bind_all(inner(statement), format, values);
	va_end(values);
	if (!error)
		error = step_all(inner(statement), NULL, NULL);
	reset = to_errno(sqlite3_reset(inner(statement)));
	return error ? error : reset;
}

void database_statement_free(struct database_statement *statement)
{
	sqlite3_finalize(inner(statement));
}

int64_t database_changes(struct database *database)
{
	return sqlite3_changes64(database->handle);
}

int64_t database_last_id(struct database *database)
{
	return sqlite3_last_insert_rowid(database->handle);
}

const char *database_text(const struct database_row *row, int index)
{
	return (const char *)sqlite3_column_text(row->statement, index);
}

int64_t database_integer(const struct database_row *row, int index)
{
	return sqlite3_column_int64(row->statement, index);
}

int database_begin(struct database *database)
{
	return to_errno(sqlite3_exec(database->handle, "BEGIN IMMEDIATE", NULL, NULL, NULL));
}

int database_commit(struct database *database)
{
	return to_errno(sqlite3_exec(database->handle, "COMMIT", NULL, NULL, NULL));
}

void database_rollback(struct database *database)
{
	sqlite3_exec(database->handle, "ROLLBACK", NULL, NULL, NULL);
}

bool database_in_transaction(struct database *database)
{
	return !sqlite3_get_autocommit(database->handle);
}
