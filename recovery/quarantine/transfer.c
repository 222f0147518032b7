/* transfer.c: actions that belong together, carried through all steps or none
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/transfer.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/digest.h"
#include "recovery/event.h"
#include "recovery/quarantine/kept.h"
#include "recovery/quarantine/move.h"
#include "recovery/quarantine/move_undo.h"

struct transfer {
	const struct context *context;
	struct database *database;
	struct action_list *actions;
	const char *purge_event; /* or NULL */
	struct move move;
};

/* --- the journal --------------------------------------------------------------------------- */

/* Runs `change` for all rows in one transaction. */
static int all_at_once(struct transfer *transfer,
		       int (*change)(struct transfer *transfer, struct action *action))
{
	int error = database_begin(transfer->database);

	if (error)
		return error;
	for (size_t i = 0; !error && i < transfer->actions->count; i++)
		error = change(transfer, &transfer->actions->items[i]);
	if (!error)
		error = database_commit(transfer->database);
	if (error)
		database_rollback(transfer->database);
	return error;
}

static int plan(struct transfer *transfer, struct action *action)
{
	int error = action_insert(transfer->database, action);

	if (!error)
		error = kept_reserve(&transfer->move.kept, action->id);
	if (!error && action->restores)
		error = action_set_step(transfer->database, action->restores, ACTION_RESTORING);
	return error;
}

static int note_copied(struct transfer *transfer, struct action *action)
{
	return action_advance(transfer->database, action, ACTION_COPIED);
}

static int note_replaced(struct transfer *transfer, struct action *action)
{
	return action_set_step(transfer->database, action->id, ACTION_REPLACED);
}

static struct json *describe(const struct action *action)
{
	struct json *details = json_new_object();

	json_add_integer(details, "quarantine", action->restores ? action->restores : action->id);
	json_add_text(details, "product", action->product);
	json_add_text(details, "kind", action->kind);
	json_add_text(details, "path", action->path);
	json_add_text(details, "content_set", action->set_name[0] ? action->set_name : NULL);
	json_add_text(details, "sha256", action->restores ? action->replaced_by : action->sha256);
	if (action->restores)
		json_add_text(details, "instead_of", action->sha256);
	else
		json_add_text(details, "replaced_by", action->replaced_by);
	json_add_text(details, "why", action->reason);
	return details;
}

/* An event that cannot be written is no reason to leave the action open. */
static int note_done(struct transfer *transfer, struct action *action)
{
	int error = action_set_step(transfer->database, action->id, ACTION_DONE);

	if (!error)
		event_write(transfer->context, transfer->database,
			    action->restores ? "object.restored" : "object.quarantined",
			    action->restores ? "notice" : "warning", describe(action));
	return error;
}

static int note_undone(struct transfer *transfer, struct action *action)
{
	int error = action_delete(transfer->database, action->id);

	if (!error && action->restores)
		error = action_set_step(transfer->database, action->restores, ACTION_DONE);
	return error;
}

/* One row by itself. */
static int one(struct transfer *transfer, struct action *action,
	       int (*change)(struct transfer *transfer, struct action *action))
{
	struct action_list alone = { .items = action, .count = 1 };
	struct transfer of_one = *transfer;

	of_one.actions = &alone;
	return all_at_once(&of_one, change);
}

/* --- the steps ----------------------------------------------------------------------------- */

/* The object of row `id` is in its place; what the quarantine holds of it goes last. */
static int release(struct transfer *transfer, int64_t id)
{
	int error = kept_forget(&transfer->move.kept, id);

	return error ? error : action_set_step(transfer->database, id, ACTION_RESTORED);
}

static int settle(struct transfer *transfer, struct action *action)
{
	int error = move_settle(&transfer->move, action);

	if (!error)
		error = one(transfer, action, note_done);
	return error || !action->restores ? error : release(transfer, action->restores);
}

static int undo(struct transfer *transfer, struct action *action)
{
	int result = move_undo(&transfer->move, action);

	if (result < 0)
		return result;
	return result ? settle(transfer, action) : one(transfer, action, note_undone);
}

static void undo_all(struct transfer *transfer)
{
	/* A row that cannot be undone now stays open, and is tried again by transfer_mend(). */
	for (size_t i = transfer->actions->count; i > 0; i--)
		undo(transfer, &transfer->actions->items[i - 1]);
}

static int copy_all(struct transfer *transfer)
{
	struct action_list *actions = transfer->actions;
	int error = 0;

	for (size_t i = 0; !error && i < actions->count; i++)
		error = move_keep(&transfer->move, &actions->items[i]);
	for (size_t i = 0; !error && i < actions->count; i++)
		error = move_prepare(&transfer->move, &actions->items[i]);
	return error ? error : all_at_once(transfer, note_copied);
}

static int note_step(struct action_list *actions, const char *step)
{
	for (size_t i = 0; i < actions->count; i++) {
		char *copy = strdup(step);

		if (!copy)
			return -ENOMEM;
		free(actions->items[i].step);
		actions->items[i].step = copy;
	}
	return 0;
}

static int swap_all(struct transfer *transfer)
{
	struct action_list *actions = transfer->actions;
	int error = note_step(actions, ACTION_COPIED);

	for (size_t i = 0; !error && i < actions->count; i++)
		error = move_swap(&transfer->move, &actions->items[i]);
	return error ? error : all_at_once(transfer, note_replaced);
}

static int carry_out(struct transfer *transfer)
{
	int error = all_at_once(transfer, plan);

	if (error)
		return error;
	error = copy_all(transfer);
	if (!error)
		error = swap_all(transfer);
	if (error) {
		undo_all(transfer);
		return error;
	}
	/* From here on it counts as done: what fails now is tidied up by transfer_mend(). */
	for (size_t i = 0; i < transfer->actions->count; i++)
		settle(transfer, &transfer->actions->items[i]);
	return 0;
}

int transfer_run(const struct context *context, struct database *database,
		 const struct file_port *port, struct action_list *actions)
{
	struct transfer transfer = { .context = context, .database = database, .actions = actions };
	int error;

	if (actions->count == 0)
		return 0;
	error = note_step(actions, ACTION_PLANNED);
	if (!error)
		error = move_open(context, port, database, &transfer.move);
	if (error)
		return error;
	error = carry_out(&transfer);
	move_close(&transfer.move);
	return error;
}

int transfer_check(const struct context *context, const struct action_list *actions)
{
	char found[DIGEST_TEXT_SIZE];
	int error = 0;

	for (size_t i = 0; !error && i < actions->count; i++) {
		const struct action *action = &actions->items[i];

		error = move_look(context, action->folder, action->path, found);
		if (!action->sha256 && (error == 0 || error == -ENOENT))
			error = error ? 0 : -EEXIST;
		else if (!error && strcmp(found, action->sha256) != 0)
			error = -EAGAIN;
	}
	return error;
}

/* --- deleting ------------------------------------------------------------------------------ */

static int note_purging(struct transfer *transfer, struct action *action)
{
	return action_set_step(transfer->database, action->id, ACTION_PURGING);
}

static int note_purged(struct transfer *transfer, struct action *action)
{
	int error = action_set_step(transfer->database, action->id, ACTION_PURGED);

	if (!error && transfer->purge_event)
		event_write(transfer->context, transfer->database, transfer->purge_event, "warning",
			    describe(action));
	return error;
}

static int purge(struct transfer *transfer, struct action *action)
{
	int error = kept_forget(&transfer->move.kept, action->id);

	return error ? error : one(transfer, action, note_purged);
}

static int purge_all(struct transfer *transfer)
{
	int first = 0;

	for (size_t i = 0; i < transfer->actions->count; i++) {
		int error = purge(transfer, &transfer->actions->items[i]);

		first = first ? first : error;
	}
	return first;
}

int transfer_purge(const struct context *context, struct database *database,
		   const struct file_port *port, struct action_list *entries, const char *event)
{
	struct transfer transfer = {
		.context = context, .database = database, .actions = entries, .purge_event = event
	};
	int error = move_open(context, port, database, &transfer.move);

	if (error)
		return error;
	error = all_at_once(&transfer, note_purging);
	if (!error)
		error = purge_all(&transfer);
	move_close(&transfer.move);
	return error;
}

/* --- after a power cut --------------------------------------------------------------------- */

static int mend(struct transfer *transfer, struct action *action)
{
	if (strcmp(action->step, ACTION_REPLACED) == 0)
		return settle(transfer, action);
	return undo(transfer, action);
}

/* Rows whose object is back, but for the end of it. */
static int release_rest(struct transfer *transfer)
{
	struct action_list rest = { 0 };
	int error = action_list_load(transfer->database, ACTION_SQL_RESTORING, 0, &rest);

	for (size_t i = 0; !error && i < rest.count; i++)
		error = release(transfer, rest.items[i].id);
	action_list_free(&rest);
	return error;
}

static int purge_rest(struct transfer *transfer)
{
	struct action_list rest = { 0 };
	struct transfer of_rest = *transfer;
	int error = action_list_load(transfer->database, "step='purging'", 0, &rest);

	of_rest.actions = &rest;
	if (!error)
		error = purge_all(&of_rest);
	action_list_free(&rest);
	return error;
}

static int mend_all(struct transfer *transfer)
{
	int first = 0, mended = 0;

	for (size_t i = transfer->actions->count; i > 0; i--) {
		int error = mend(transfer, &transfer->actions->items[i - 1]);

		mended += error == 0;
		first = first ? first : error;
	}
	if (!first)
		first = release_rest(transfer);
	if (!first)
		first = purge_rest(transfer);
	return first ? first : mended;
}

int transfer_mend(const struct context *context, struct database *database,
		  const struct file_port *port)
{
	struct action_list actions = { 0 };
	struct transfer transfer = { .context = context,
				     .database = database,
				     .actions = &actions };
	int result =
		action_list_load(database, "step NOT IN ('done','restored','purged')", 0, &actions);
	bool any = !result && actions.count;

	action_list_free(&actions);
	if (!any)
		return result;
	result = move_open(context, port, database, &transfer.move);
	if (result)
		return result;
	/* Read again: nobody else works on them now. */
	result = action_list_load(database, ACTION_SQL_MOVING, 0, &actions);
	if (!result)
		result = mend_all(&transfer);
	action_list_free(&actions);
	move_close(&transfer.move);
	return result;
}
