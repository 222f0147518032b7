/* module_image.c: what follows when files of kernel modules were moved
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/module_image.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recovery/event.h"
#include "recovery/initramfs_image.h"
#include "recovery/inventory/module_path.h"
#include "recovery/message.h"
#include "recovery/state.h"
#include "recovery/text_list.h"

#define ATTEMPTS     5
#define ATTEMPTS_KEY "image.attempts" /* setting: how often it failed since then */
#define DUE_KEY	     "image.due" /* setting: the first action that images do not know of; 0 none */

/* Images do not know of the first of them, nor of what came after it. */
static int put_off_from(struct database *database, const struct action_list *entries)
{
	int64_t due = state_get_number(database, DUE_KEY, 0);
	int64_t first = due > 0 ? due : INT64_MAX;

	for (size_t i = 0; i < entries->count; i++)
		if (entries->items[i].id < first)
			first = entries->items[i].id;
	return first == due || first == INT64_MAX ? 0 : state_set_number(database, DUE_KEY, first);
}

int module_image_update(const struct context *context, const struct process_port *processes,
			const struct action_list *entries)
{
	struct text_list done = { 0 };
	int first = 0;

	for (size_t i = 0; i < entries->count; i++) {
		char kernel[NAME_MAX + 1];
		int error;

		if (strcmp(entries->items[i].kind, "module") != 0 ||
		    !module_path_kernel(entries->items[i].path, kernel) ||
		    text_list_has(&done, kernel))
			continue;
		error = text_list_add(&done, kernel);
		if (!error)
			error = initramfs_image_update(context, processes, kernel,
						       INITRAMFS_IMAGE_SECONDS);
		if (!first && error != -EOPNOTSUPP)
			first = error;
	}
	text_list_free(&done);
	return first;
}

int module_image_follow(const struct context *context, const struct process_port *processes,
			struct database *database, const struct action_list *entries)
{
	int error = module_image_update(context, processes, entries);

	if (error != -EINPROGRESS)
		return error;
	error = put_off_from(database, entries);
	if (!error)
		message_notice(context,
			       "the package manager is at work: the initramfs is made anew "
			       "after the next good start");
	return error;
}

/* --- put off ------------------------------------------------------------------------------- */

int module_image_put_off(struct database *database)
{
	int64_t newest = 0;
	int error;

	if (state_get_number(database, DUE_KEY, 0) > 0)
		return 0;
	error = database_number(database, &newest, "SELECT COALESCE(MAX(id),0) FROM action", "");
	return error ? error : state_set_number(database, DUE_KEY, newest + 1);
}

static int load_due(struct database *database, int64_t due, struct action_list *ret)
{
	return action_list_load(database, "id>=?1 AND step IN ('done','purged')", due, ret);
}

static bool has_module_for(const struct action_list *entries, const char *wanted)
{
	for (size_t i = 0; i < entries->count; i++) {
		char kernel[NAME_MAX + 1];

		if (strcmp(entries->items[i].kind, "module") == 0 &&
		    module_path_kernel(entries->items[i].path, kernel) &&
		    strcmp(kernel, wanted) == 0)
			return true;
	}
	return false;
}

int module_image_update_one(const struct context *context, const struct process_port *processes,
			    struct database *database, const char *kernel, unsigned seconds)
{
	int64_t due = state_get_number(database, DUE_KEY, 0);
	struct action_list moved = { 0 };
	int error = due > 0 ? load_due(database, due, &moved) : 0;

	if (!error && has_module_for(&moved, kernel))
		error = initramfs_image_update(context, processes, kernel, seconds);
	action_list_free(&moved);
	return error == -EOPNOTSUPP ? 0 : error;
}

static int tell_failed(const struct context *context, struct database *database, int error)
{
	struct json *details = json_new_object();

	json_add_integer(details, "attempts", ATTEMPTS);
	json_add_text(details, "why", strerror(-error));
	return event_write(context, database, "image.failed", "error", details);
}

/* Kept for another good start: an old image has the module in it that was set aside. */
static int enter_failure(const struct context *context, struct database *database, int failure)
{
	int64_t attempts = state_get_number(database, ATTEMPTS_KEY, 0) + 1;
	int error;

	if (attempts < ATTEMPTS)
		return state_set_number(database, ATTEMPTS_KEY, attempts);
	error = state_set_number(database, DUE_KEY, 0);
	if (!error)
		error = state_set_number(database, ATTEMPTS_KEY, 0);
	return error ? error : tell_failed(context, database, failure);
}

static int enter_success(struct database *database)
{
	int error = state_set_number(database, DUE_KEY, 0);

	if (error || state_get_number(database, ATTEMPTS_KEY, 0) == 0)
		return error;
	return state_set_number(database, ATTEMPTS_KEY, 0);
}

int module_image_catch_up(const struct context *context, const struct process_port *processes,
			  struct database *database)
{
	int64_t due = state_get_number(database, DUE_KEY, 0);
	struct action_list moved = { 0 };
	int error, result;

	if (due <= 0)
		return 0;
	error = load_due(database, due, &moved);
	if (error)
		return error;
	result = module_image_update(context, processes, &moved);
	action_list_free(&moved);
	/* It was not tried. */
	if (result == -EINPROGRESS)
		return result;
	/* A power cut before this makes them once more. */
	error = result ? enter_failure(context, database, result) : enter_success(database);
	return result ? result : error;
}
