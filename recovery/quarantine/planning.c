/* planning.c: what is to be moved for a change, for a path, or for a restore
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/planning.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "recovery/cleanup.h"
#include "recovery/digest.h"
#include "recovery/inventory/file_kind.h"
#include "recovery/quarantine/move.h"
#include "recovery/safe_path.h"

int planning_begin(struct planning *planning, const struct product_list *products)
{
	int error = watched_paths_make(planning->context, products, &planning->paths);

	if (error)
		return error;
	error = store_open(planning->context, planning->port, false, &planning->store);
	return error == -ENOENT ? 0 : error;
}

void planning_end(struct planning *planning)
{
	watched_paths_free(&planning->paths);
	store_close(&planning->store);
	action_list_free(&planning->actions);
}

/* --- the changes of a product -------------------------------------------------------------- */

static bool has_copy(const struct planning *planning, const char *sha256)
{
	owned_descriptor int fd =
		planning->store.folder < 0 ? -1 : store_get(&planning->store, sha256);

	return fd >= 0;
}

static int copy_text(const struct database_row *row, void *user)
{
	char **text = user;

	*text = strdup(database_text(row, 0));
	return *text ? 0 : -ENOMEM;
}

/* Owner, mode and all that of the last good file. */
static int find_attributes(struct database *database, const char *path, const char *sha256,
			   char **ret)
{
	return database_query(database, copy_text, ret,
			      "SELECT attributes FROM object WHERE path=?1 AND sha256=?2 AND "
			      "attributes<>'{}' ORDER BY generation DESC LIMIT 1",
			      "tt", path, sha256);
}

/* One time for all: by it a content set is known again when it is put back. */
static int64_t time_of(const struct planning *planning)
{
	return planning->actions.count ? planning->actions.items[0].time : (int64_t)time(NULL);
}

/* `like` says what is in place and what shall take its place, and whose it is. */
static int plan(struct planning *planning, const struct action *like)
{
	owned char *attributes = NULL;
	struct action action = *like;
	int error = 0;

	action.time = time_of(planning);
	action.boot_id = (char *)(uintptr_t)planning->boot_id;
	action.reason = (char *)(uintptr_t)planning->reason;
	if (action.replaced_by && !has_copy(planning, action.replaced_by)) {
		planning->missing = true;
		action.replaced_by = NULL;
	}
	if (!action.sha256 && !action.replaced_by)
		return 0;
	if (action.replaced_by)
		error = find_attributes(planning->database, action.path, action.replaced_by,
					&attributes);
	action.put_attributes = attributes;
	return error ? error : action_list_add(&planning->actions, &action);
}

static int plan_change(struct planning *planning, const struct change *change)
{
	char folder[PATH_MAX];
	const struct action action = {
		.product = change->product,
		.kind = change->kind,
		.path = change->path,
		.set_name = change->set_name,
		.folder = folder,
		.sha256 = change->after_sha256,
		.replaced_by = change->before_sha256,
	};
	int error = watched_path_folder(&planning->paths, change->path, folder);

	return error ? error : plan(planning, &action);
}

int planning_changes(struct planning *planning, const struct change_list *changes,
		     const char *product)
{
	int error = 0;

	for (size_t i = 0; !error && i < changes->count; i++)
		if (strcmp(changes->items[i].product, product) == 0)
			error = plan_change(planning, &changes->items[i]);
	return error;
}

/* --- one path by hand ---------------------------------------------------------------------- */

static const struct change *find_change(const struct change_list *changes, const char *path)
{
	for (size_t i = 0; i < changes->count; i++)
		if (strcmp(changes->items[i].path, path) == 0)
			return &changes->items[i];
	return NULL;
}

static int kind_by_type(const struct planning *planning, const char *folder, const char *path,
			const char **ret_kind)
{
	const char *name;
	owned_descriptor int parent = safe_path_open_parent(planning->context, folder, path, &name);
	owned_descriptor int fd =
		parent < 0 ?
			parent :
			safe_path_open_at(parent, name, O_RDONLY | O_NONBLOCK | O_NOCTTY, false);

	return fd < 0 ? fd : file_kind_of(fd, ret_kind);
}

/* A file that is as it was: nothing takes its place. */
static int plan_unchanged(struct planning *planning, const struct product *product,
			  const char *folder, const char *path, char *sha256)
{
	const struct watched_path *around = watched_path_around(&planning->paths, path);
	const char *kind = around ? around->kind : "module";
	int error = around && around->by_type ? kind_by_type(planning, folder, path, &kind) : 0;
	struct change change = {
		.product = product->id,
		.kind = (char *)(uintptr_t)kind,
		.path = (char *)(uintptr_t)path,
		.set_name = (char *)(uintptr_t)(around ? around->set_name : ""),
		.after_sha256 = sha256,
	};

	return error ? error : plan_change(planning, &change);
}

int planning_path(struct planning *planning, const struct product *product, const char *path)
{
	const struct product_list alone = { .items = (struct product *)(uintptr_t)product,
					    .count = 1 };
	struct change_list changes = { 0 };
	const struct change *named;
	char folder[PATH_MAX], sha256[DIGEST_TEXT_SIZE];
	int error = watched_path_folder(&planning->paths, path, folder);

	if (!error)
		error = move_look(planning->context, folder, path, sha256);
	if (!error)
		error = generation_compare(planning->context, planning->database, &alone, &changes);
	if (error)
		return error;
	named = find_change(&changes, path);
	if (!named)
		error = plan_unchanged(planning, product, folder, path, sha256);
	for (size_t i = 0; named && !error && i < changes.count; i++)
		if (&changes.items[i] == named ||
		    (named->set_name[0] && strcmp(changes.items[i].set_name, named->set_name) == 0))
			error = plan_change(planning, &changes.items[i]);
	change_list_free(&changes);
	return error;
}

/* --- once more ----------------------------------------------------------------------------- */

int planning_again(struct planning *planning, const struct action *entry)
{
	char found[DIGEST_TEXT_SIZE];
	const struct action action = {
		.product = entry->product,
		.kind = entry->kind,
		.path = entry->path,
		.set_name = entry->set_name,
		.folder = entry->folder,
		.sha256 = entry->sha256,
		.replaced_by = entry->replaced_by,
	};
	int error = move_look(planning->context, entry->folder, entry->path, found);

	if (error && error != -ENOENT)
		return error;
	if (entry->sha256 ? error || strcmp(found, entry->sha256) != 0 : !error)
		return 1;
	return plan(planning, &action);
}

/* --- putting back -------------------------------------------------------------------------- */

int planning_restore(struct planning *planning, const struct action *entry)
{
	char found[DIGEST_TEXT_SIZE], reason[64];
	struct action action = *entry;
	int error = move_look(planning->context, entry->folder, entry->path, found);

	if (error && error != -ENOENT)
		return error;
	snprintf(reason, sizeof(reason), "entry %lld was put back", (long long)entry->id);
	action.time = time_of(planning);
	action.boot_id = NULL;
	action.restores = entry->id;
	action.sha256 = error ? NULL : found;
	action.replaced_by = entry->sha256;
	action.attributes = NULL;
	action.put_attributes = entry->attributes;
	action.reason = reason;
	return action_list_add(&planning->actions, &action);
}
