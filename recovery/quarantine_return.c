/* quarantine_return.c: objects that come back to their places while the quarantine holds them (R25)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine_return.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "recovery/action.h"
#include "recovery/cleanup.h"
#include "recovery/digest.h"
#include "recovery/event.h"
#include "recovery/kept.h"
#include "recovery/move.h"
#include "recovery/quarantine.h"
#include "recovery/safe_path.h"
#include "recovery/state.h"
#include "recovery/system_file.h"
#include "recovery/transfer.h"

#define REASON "the same object came back to its place"
#define OPEN   "step='done' AND restores IS NULL AND sha256 IS NOT NULL"

/* Put back by a person after that, from another entry with the same bytes: then it is meant to be there. */
#define MEANT                                                                                      \
	" AND NOT EXISTS (SELECT 1 FROM action AS put WHERE put.restores IS NOT NULL AND "         \
	"put.path="                                                                                \
	"action.path AND put.replaced_by=action.sha256 AND put.id>action.id)"

/* --- looking ------------------------------------------------------------------------------- */

static int64_t size_kept(const struct context *context, int64_t id)
{
	char name[128], path[PATH_MAX];
	struct stat stat;

	snprintf(name, sizeof(name), STATE_FOLDER "/quarantine/%lld/" KEPT_OBJECT, (long long)id);
	if (system_path(context, name, path) != 0 || lstat(path, &stat) < 0)
		return -1;
	return stat.st_size;
}

static int64_t size_in_place(const struct context *context, const struct action *entry)
{
	const char *name;
	owned_descriptor int parent =
		safe_path_open_parent(context, entry->folder, entry->path, &name);
	struct stat stat;

	if (parent < 0 || fstatat(parent, name, &stat, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	return S_ISREG(stat.st_mode) ? stat.st_size : -1;
}

/* Whether the object of `entry` is in its place. */
static bool is_back(const struct context *context, const struct action *entry)
{
	char found[DIGEST_TEXT_SIZE];
	int64_t kept = size_kept(context, entry->id), now = size_in_place(context, entry);

	/* The size costs nothing; where what is kept cannot be looked at it decides nothing. */
	if (now < 0 || (kept >= 0 && kept != now))
		return false;
	return move_look(context, entry->folder, entry->path, found) == 0 &&
	       strcmp(found, entry->sha256) == 0;
}

static int tell(const struct context *context, struct database *database,
		const struct action *entry)
{
	struct json *details;
	int error = database_run(
		database, "INSERT OR IGNORE INTO quarantine_return(entry,time) VALUES(?1,?2)", "ii",
		entry->id, (int64_t)time(NULL));

	if (error || database_changes(database) == 0)
		return error;
	details = json_new_object();
	json_add_integer(details, "quarantine", entry->id);
	json_add_text(details, "product", entry->product);
	json_add_text(details, "path", entry->path);
	json_add_text(details, "sha256", entry->sha256);
	event_write(context, database, "object.returned", "warning", details);
	return 0;
}

static int forget(struct database *database, const struct action *entry)
{
	return database_run(database, "DELETE FROM quarantine_return WHERE entry=?1", "i",
			    entry->id);
}

static int look(const struct context *context, struct database *database, struct action_list *ret)
{
	struct action_list open = { 0 };
	int error = action_list_load(database, OPEN MEANT, 0, &open);

	for (size_t i = 0; !error && i < open.count; i++) {
		const struct action *entry = &open.items[i];

		if (!is_back(context, entry)) {
			error = forget(database, entry);
			continue;
		}
		error = action_list_add(ret, entry);
		if (!error)
			error = tell(context, database, entry);
	}
	action_list_free(&open);
	return error;
}

int quarantine_return_look(const struct context *context, struct database *database)
{
	struct action_list back = { 0 };
	int error = look(context, database, &back);
	int count = (int)back.count;

	action_list_free(&back);
	return error ? error : count;
}

/* --- setting aside again ------------------------------------------------------------------- */

static bool has_entry(const struct action_list *list, int64_t id)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].id == id)
			return true;
	return false;
}

/* With the rest of the content sets: only a whole one is the same update. */
static int add_sets(struct database *database, const struct action_list *back,
		    struct action_list *ret)
{
	int error = 0;

	for (size_t i = 0; !error && i < back->count; i++) {
		struct action_list set = { 0 };

		error = quarantine_with_set(database, back->items[i].id, &set);
		for (size_t j = 0; !error && j < set.count; j++)
			if (!has_entry(ret, set.items[j].id))
				error = action_list_add(ret, &set.items[j]);
		action_list_free(&set);
	}
	return error;
}

/* The rows that were just added keep what older ones keep already. */
static int drop_doubles(const struct context *context, struct database *database, int64_t before)
{
	struct action_list doubles = { 0 };
	int error = action_list_load(
		database,
		OPEN " AND id>?1 AND EXISTS (SELECT 1 FROM action AS old WHERE old.id<=?1 AND"
		     " old.step='done' AND old.restores IS NULL AND old.path=action.path AND"
		     " old.sha256=action.sha256)",
		before, &doubles);

	if (!error && doubles.count)
		error = transfer_purge(context, database, file_port_of_system(), &doubles, NULL);
	action_list_free(&doubles);
	return error;
}

static int copy_number(const struct database_row *row, void *user)
{
	*(int64_t *)user = database_integer(row, 0);
	return 0;
}

static int set_aside(const struct context *context, struct database *database,
		     const struct action_list *back, const char *boot_id)
{
	struct action_list entries = { 0 };
	int64_t before = 0;
	int count = 0, error = database_query(database, copy_number, &before,
					      "SELECT COALESCE(MAX(id),0) FROM action", "");

	if (!error)
		error = add_sets(database, back, &entries);
	if (!error)
		count = quarantine_again(context, database, &entries, boot_id, REASON);
	if (!error && count > 0)
		error = drop_doubles(context, database, before);
	/* The next return is one of its own. */
	for (size_t i = 0; !error && count > 0 && i < back->count; i++)
		error = is_back(context, &back->items[i]) ? 0 : forget(database, &back->items[i]);
	action_list_free(&entries);
	return error ? error : count;
}

int quarantine_return_end(const struct context *context, struct database *database,
			  const char *boot_id)
{
	struct action_list back = { 0 };
	int error = look(context, database, &back);
	int count = !error && back.count ? set_aside(context, database, &back, boot_id) : 0;

	action_list_free(&back);
	return error ? error : count;
}
