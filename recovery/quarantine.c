/* quarantine.c: setting changed objects aside and putting the last good ones back
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/planning.h"
#include "recovery/safe_path.h"
#include "recovery/transfer.h"
#include "recovery/watch_set.h"

#define OPEN "step<>'restored' AND sha256 IS NOT NULL AND restores IS NULL"

static int compare_paths(const void *one, const void *other)
{
	return strcmp(((const struct action *)one)->path, ((const struct action *)other)->path);
}

static int run(struct planning *planning)
{
	struct action_list *actions = &planning->actions;
	int error = transfer_check(planning->context, actions);

	if (actions->count)
		qsort(actions->items, actions->count, sizeof(*actions->items), compare_paths);
	if (error || planning->context->dry_run)
		return error;
	return transfer_run(planning->context, planning->database, planning->port, actions);
}

/* --- the changes of a product -------------------------------------------------------------- */

int quarantine_changes_through(const struct file_port *port, const struct context *context,
			       struct database *database, const struct product *product,
			       const struct change_list *changes, const char *boot_id,
			       const char *reason)
{
	const struct product_list alone = { .items = (struct product *)(uintptr_t)product,
					    .count = 1 };
	struct planning planning = { .context = context,
				     .database = database,
				     .port = port,
				     .boot_id = boot_id,
				     .reason = reason,
				     .store = { .folder = -1 } };
	int error = planning_begin(&planning, &alone);
	int count;

	if (!error)
		error = planning_changes(&planning, changes, product->id);
	if (!error)
		error = run(&planning);
	count = (int)planning.actions.count;
	planning_end(&planning);
	return error ? error : count;
}

int quarantine_changes(const struct context *context, struct database *database,
		       const struct product *product, const struct change_list *changes,
		       const char *boot_id, const char *reason)
{
	return quarantine_changes_through(file_port_of_system(), context, database, product,
					  changes, boot_id, reason);
}

/* --- one path by hand ---------------------------------------------------------------------- */

/* On merged systems a product may list the same file as /lib/... or as /usr/lib/... */
static const struct product *find_owner(const struct context *context,
					const struct product_list *products, const char *path,
					const char *canonical)
{
	const struct product *owner = watch_set_owner(products, path);
	char other[PATH_MAX];

	if (!owner)
		owner = watch_set_owner(products, canonical);
	if (!owner && strncmp(canonical, "/usr/", 5) == 0 &&
	    safe_path_canonical(context, canonical + 4, other) == 0 &&
	    strcmp(other, canonical) == 0)
		owner = watch_set_owner(products, canonical + 4);
	return owner;
}

static int64_t find_id(const struct action_list *actions, const char *path)
{
	for (size_t i = 0; i < actions->count; i++)
		if (strcmp(actions->items[i].path, path) == 0)
			return actions->items[i].id;
	return 0;
}

int quarantine_path(const struct context *context, struct database *database,
		    const struct product_list *products, const char *path, const char *reason,
		    int64_t *ret_id)
{
	struct planning planning = { .context = context,
				     .database = database,
				     .port = file_port_of_system(),
				     .reason = reason,
				     .store = { .folder = -1 } };
	const struct product *owner;
	char canonical[PATH_MAX];
	int error = safe_path_canonical(context, path, canonical);

	if (error)
		return error;
	owner = find_owner(context, products, path, canonical);
	if (!owner)
		return -EPERM;
	error = planning_begin(&planning, products);
	if (!error)
		error = planning_path(&planning, owner, canonical);
	if (!error)
		error = run(&planning);
	if (!error)
		*ret_id = find_id(&planning.actions, canonical);
	planning_end(&planning);
	if (error)
		return error;
	return planning.missing ? -ENODATA : 0;
}

/* --- putting back -------------------------------------------------------------------------- */

/* A file that was put back and is gone again needs no move. */
static int drop_idle(struct planning *planning)
{
	struct action_list moving = { 0 };
	int error = 0;

	for (size_t i = 0; !error && i < planning->actions.count; i++) {
		const struct action *action = &planning->actions.items[i];

		if (action->sha256 || action->replaced_by)
			error = action_list_add(&moving, action);
		else if (!planning->context->dry_run)
			error = action_set_step(planning->database, action->restores,
						ACTION_RESTORED);
	}
	action_list_free(&planning->actions);
	planning->actions = moving;
	return error;
}

static int restore_entries(struct planning *planning, const struct action_list *entries)
{
	int error = 0;

	for (size_t i = 0; !error && i < entries->count; i++)
		error = planning_restore(planning, &entries->items[i]);
	if (!error)
		error = drop_idle(planning);
	return error ? error : run(planning);
}

int quarantine_restore_through(const struct file_port *port, const struct context *context,
			       struct database *database, int64_t id)
{
	struct planning planning = {
		.context = context, .database = database, .port = port, .store = { .folder = -1 }
	};
	struct action_list entry = { 0 }, entries = { 0 };
	int error = action_list_load(database, "id=?1", id, &entry);

	if (error)
		return error;
	if (entry.count == 0)
		error = -ENXIO;
	else if (strcmp(entry.items[0].step, ACTION_RESTORED) == 0)
		error = 0;
	else if (strcmp(entry.items[0].step, ACTION_DONE) != 0)
		error = -EBUSY;
	else
		error = action_list_load(
			database,
			"step='done' AND (id=?1 OR EXISTS (SELECT 1 FROM action other WHERE "
			"other.id=?1 AND other.set_name<>'' AND other.set_name=action.set_name AND "
			"other.product=action.product AND other.time=action.time AND "
			"other.restores IS action.restores))",
			id, &entries);
	if (!error)
		error = restore_entries(&planning, &entries);
	action_list_free(&entry);
	action_list_free(&entries);
	planning_end(&planning);
	return error;
}

int quarantine_restore(const struct context *context, struct database *database, int64_t id)
{
	return quarantine_restore_through(file_port_of_system(), context, database, id);
}

int quarantine_restore_all(const struct context *context, struct database *database, int *ret_count)
{
	struct action_list entries = { 0 };
	int first = action_list_load(database, "step='done' AND restores IS NULL", 0, &entries);
	int count = 0;

	for (size_t i = entries.count; i > 0; i--) {
		int error = quarantine_restore(context, database, entries.items[i - 1].id);

		count += error == 0;
		first = first ? first : error;
	}
	action_list_free(&entries);
	*ret_count = count;
	return first;
}

/* --- the rest ------------------------------------------------------------------------------ */

int quarantine_resume_through(const struct file_port *port, const struct context *context,
			      struct database *database)
{
	return transfer_mend(context, database, port);
}

int quarantine_resume(const struct context *context, struct database *database)
{
	return quarantine_resume_through(file_port_of_system(), context, database);
}

static int copy_count(const struct database_row *row, void *user)
{
	*(int *)user = (int)database_integer(row, 0);
	return 0;
}

int quarantine_open_count(struct database *database)
{
	int count = 0;
	int error = database_query(database, copy_count, &count,
				   "SELECT COUNT(*) FROM action WHERE " OPEN, "");

	return error ? error : count;
}

static int add_text(const struct database_row *row, void *user)
{
	return text_list_add(user, database_text(row, 0));
}

int quarantine_open_products(struct database *database, struct text_list *ret)
{
	return database_query(database, add_text, ret,
			      "SELECT DISTINCT product FROM action WHERE " OPEN, "");
}
