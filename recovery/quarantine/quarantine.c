/* quarantine.c: setting changed objects aside and putting the last good ones back
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/quarantine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/digest.h"
#include "recovery/event.h"
#include "recovery/products/watch_set.h"
#include "recovery/quarantine/module_image.h"
#include "recovery/quarantine/move.h"
#include "recovery/quarantine/on_trial.h"
#include "recovery/quarantine/place_digest.h"
#include "recovery/quarantine/planning.h"
#include "recovery/quarantine/transfer.h"
#include "recovery/safe_path.h"

#define OPEN "step NOT IN ('restored','purged') AND sha256 IS NOT NULL AND restores IS NULL"

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

static bool moves_module(const struct action_list *actions)
{
	for (size_t i = 0; i < actions->count; i++)
		if (strcmp(actions->items[i].kind, "module") == 0)
			return true;
	return false;
}

/* As run(), where there is no time to make images: one that fails later is tried again (module_image.h). */
static int run_before_images(struct planning *planning)
{
	int error = 0;

	if (moves_module(&planning->actions) && !planning->context->dry_run)
		error = module_image_put_off(planning->database);
	return error ? error : run(planning);
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
		error = run_before_images(&planning);
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

int quarantine_with_set(struct database *database, int64_t id, struct action_list *ret)
{
	return action_list_load(
		database,
		"step='done' AND (id=?1 OR EXISTS (SELECT 1 FROM action other WHERE "
		"other.id=?1 AND other.set_name<>'' AND other.set_name=action.set_name AND "
		"other.product=action.product AND other.time=action.time AND "
		"other.restores IS action.restores))",
		id, ret);
}

/* What belongs to entry `id` and is to be worked on; nothing where `end`, the step it shall have, is reached. */
static int load_for(struct database *database, int64_t id, const char *end, struct action_list *ret)
{
	struct action_list entry = { 0 };
	int error = action_list_load(database, "id=?1", id, &entry);

	if (error)
		return error;
	if (entry.count == 0)
		error = -ENXIO;
	else if (strcmp(entry.items[0].step, ACTION_PURGED) == 0)
		error = strcmp(end, ACTION_PURGED) == 0 ? 0 : -ENODATA;
	else if (strcmp(entry.items[0].step, ACTION_DONE) == 0)
		error = quarantine_with_set(database, id, ret);
	else if (strcmp(entry.items[0].step, end) != 0)
		error = strcmp(entry.items[0].step, ACTION_RESTORED) == 0 ? 0 : -EBUSY;
	action_list_free(&entry);
	return error;
}

int quarantine_restore_through(const struct file_port *port, const struct context *context,
			       struct database *database, int64_t id)
{
	struct planning planning = {
		.context = context, .database = database, .port = port, .store = { .folder = -1 }
	};
	struct action_list entries = { 0 };
	int error = load_for(database, id, ACTION_RESTORED, &entries);

	if (!error)
		error = restore_entries(&planning, &entries);
	action_list_free(&entries);
	planning_end(&planning);
	return error;
}

int quarantine_restore(const struct context *context, struct database *database, int64_t id)
{
	return quarantine_restore_through(file_port_of_system(), context, database, id);
}

/* --- on trial ------------------------------------------------------------------------------ */

static bool is_one_of(const char *found, const char *one, const char *other)
{
	return (one && strcmp(found, one) == 0) || (other && strcmp(found, other) == 0);
}

/* -ESTALE: a newer version is in the place of one of them. */
static int find_newer(const struct context *context, const struct action_list *entries)
{
	int error = 0;

	for (size_t i = 0; !error && i < entries->count; i++) {
		const struct action *entry = &entries->items[i];
		char found[DIGEST_TEXT_SIZE];

		error = move_look(context, entry->folder, entry->path, found);
		if (error == -ENOENT)
			error = 0;
		else if (!error && !is_one_of(found, entry->sha256, entry->replaced_by))
			error = -ESTALE;
	}
	return error;
}

static void tell_released(const struct context *context, struct database *database,
			  const struct action *entry)
{
	struct json *details = json_new_object();

	json_add_integer(details, "quarantine", entry->id);
	json_add_text(details, "product", entry->product);
	json_add_text(details, "path", entry->path);
	json_add_text(details, "sha256", entry->sha256);
	event_write(context, database, "object.released", "notice", details);
}

int quarantine_release(const struct context *context, struct database *database, int64_t id,
		       const char *boot_id)
{
	struct action_list entries = { 0 };
	int error = load_for(database, id, ACTION_RESTORED, &entries);

	if (!error && !context->force)
		error = find_newer(context, &entries);
	/* First the row: an object that is back without one would not be on trial. */
	if (!error && !context->dry_run)
		error = on_trial_begin(context, database, &entries, boot_id);
	if (!error && entries.count)
		error = quarantine_restore(context, database, id);
	for (size_t i = 0; !error && !context->dry_run && i < entries.count; i++)
		tell_released(context, database, &entries.items[i]);
	action_list_free(&entries);
	return error;
}

/* --- once more ----------------------------------------------------------------------------- */

static bool is_same_group(const struct action *one, const struct action *other)
{
	return one->time == other->time && strcmp(one->product, other->product) == 0;
}

/* Whether something else than `entry` knows is in its place: neither what was set aside nor what was put there instead. */
static int look_for_another(const struct context *context, struct database *database,
			    const struct action *entry)
{
	char found[DIGEST_TEXT_SIZE];
	int error = place_digest(context, database, entry, found);

	if (error == -ENOENT)
		return entry->sha256 && entry->replaced_by;
	/* A link, a folder, a mount. */
	if (error)
		return error == -ENOMEM || error == -EIO ? error : 1;
	return !is_one_of(found, entry->sha256, entry->replaced_by);
}

int quarantine_has_another(const struct context *context, struct database *database, int64_t id)
{
	struct action_list group = { 0 };
	int result = action_list_load(database,
				      "restores IS NULL AND step IN ('done','restored','purged')"
				      " AND (product,time)=(SELECT product,time FROM action WHERE"
				      " id=?1)",
				      id, &group);

	for (size_t i = 0; !result && i < group.count; i++)
		result = look_for_another(context, database, &group.items[i]);
	action_list_free(&group);
	return result;
}

/* Sets `passed` for those of which another update is in place, of one group or of none. */
static int find_passed(const struct context *context, struct database *database,
		       const struct action_list *entries, bool passed[])
{
	for (size_t i = 0; i < entries->count; i++) {
		size_t j = 0;
		int result;

		while (j < i && !is_same_group(&entries->items[i], &entries->items[j]))
			j++;
		result = j < i ? passed[j] :
				 quarantine_has_another(context, database, entries->items[i].id);
		if (result < 0)
			return result;
		passed[i] = result > 0;
	}
	return 0;
}

/* Where the good copy is in place nothing is to be done. */
static int plan_again(struct planning *planning, const struct action_list *entries,
		      const bool passed[])
{
	for (size_t i = 0; i < entries->count; i++) {
		int result = passed[i] ? 0 : planning_again(planning, &entries->items[i]);

		if (result < 0)
			return result;
	}
	return 0;
}

int quarantine_again(const struct context *context, struct database *database,
		     const struct action_list *entries, const char *boot_id, const char *reason)
{
	const struct product_list none = { 0 };
	struct planning planning = { .context = context,
				     .database = database,
				     .port = file_port_of_system(),
				     .boot_id = boot_id,
				     .reason = reason,
				     .store = { .folder = -1 } };
	owned bool *passed = calloc(entries->count + 1, sizeof(*passed));
	int error = passed ? planning_begin(&planning, &none) : -ENOMEM;
	int count;

	if (!error)
		error = find_passed(context, database, entries, passed);
	if (!error)
		error = plan_again(&planning, entries, passed);
	if (!error)
		error = run_before_images(&planning);
	count = (int)planning.actions.count;
	planning_end(&planning);
	return error ? error : count;
}

/* --- deleting ------------------------------------------------------------------------------ */

int quarantine_purge_through(const struct file_port *port, const struct context *context,
			     struct database *database, int64_t id)
{
	struct action_list entries = { 0 };
	int error = load_for(database, id, ACTION_PURGED, &entries);

	if (!error && entries.count && !context->dry_run)
		error = transfer_purge(context, database, port, &entries, "object.purged");
	action_list_free(&entries);
	return error;
}

int quarantine_purge(const struct context *context, struct database *database, int64_t id)
{
	return quarantine_purge_through(file_port_of_system(), context, database, id);
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

int quarantine_open_count(struct database *database)
{
	int64_t count = 0;
	int error =
		database_number(database, &count, "SELECT COUNT(*) FROM action WHERE " OPEN, "");

	return error ? error : (int)count;
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

int quarantine_interrupted_products(struct database *database, struct text_list *ret)
{
	return database_query(database, add_text, ret,
			      "SELECT DISTINCT product FROM action WHERE step NOT IN"
			      " ('done','restored','purged')",
			      "");
}
