/* database.h: a file of tables; the only user of SQLite
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Values are bound by position, described by a format of one letter each:
 *   t  const char *   text, NULL is SQL NULL
 *   i  int64_t        integer (cast the argument!)
 */
#ifndef DARUMA_RECOVERY_DATABASE_H
#define DARUMA_RECOVERY_DATABASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct database;
struct database_row;

/* Opens `path`; with `writable` creates it (mode 0600). Rollback journal, synchronous=FULL, foreign keys on. Returns
 * 0, -ENOENT, -EACCES, -EROFS, -EBADMSG (not a database), -EBUSY or -EIO. */
int database_open(const char *path, bool writable, struct database **ret);

/* Opens a copy in memory of the file `path`, an empty one where there is none: it can be written, and nothing of that
 * reaches the disk. Returns as database_open() without `writable`, but for -ENOENT. */
int database_open_copy(const char *path, struct database **ret);

/* NULL is accepted. */
void database_close(struct database *database);

/* Runs one statement that gives no rows. Returns 0, -EEXIST (a constraint), -ENOSPC, -EROFS, -EBUSY (another process wrote
 * for longer than five seconds) or -EIO. */
int database_run(struct database *database, const char *statement, const char *format, ...);

/* Calls `each` for every row, until it returns non-zero, which is then returned; else 0 or an error as above. */
int database_query(struct database *database,
		   int (*each)(const struct database_row *row, void *user), void *user,
		   const char *statement, const char *format, ...);

/* The first column of the first row as a number. *ret stays as it is where there is no row. Returns 0 or an error
 * as above. */
int database_number(struct database *database, int64_t *ret, const char *statement,
		    const char *format, ...);

/* One statement run many times. `database_prepare` returns 0 or an error as above; `database_execute` binds, runs to the
 * end and makes ready again, as database_run() does; NULL is accepted by `database_statement_free`. */
struct database_statement;
int database_prepare(struct database *database, const char *statement,
		     struct database_statement **ret);
int database_execute(struct database_statement *statement, const char *format, ...);
void database_statement_free(struct database_statement *statement);

/* Number of rows the last database_run() changed, and the id of the row it inserted. */
int64_t database_changes(struct database *database);
int64_t database_last_id(struct database *database);

/* Column `index` of a row. Text is valid until `each` returns, and NULL for SQL NULL. */
const char *database_text(const struct database_row *row, int index);
int64_t database_integer(const struct database_row *row, int index);

/* One transaction: begin, then commit or roll back. Returns 0 or an error as above. */
int database_begin(struct database *database);
int database_commit(struct database *database);
void database_rollback(struct database *database);

/* Whether database_begin() was called and neither of the other two since. */
bool database_in_transaction(struct database *database);

#endif
