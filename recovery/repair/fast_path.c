/* fast_path.c: a certain verdict is acted on in the next normal start, before the product starts
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/fast_path.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "recovery/cleanup.h"
#include "recovery/healthy_time.h"
#include "recovery/inventory/store.h"
#include "recovery/quarantine/quarantine.h"
#include "recovery/repair/late_loop.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

#define AGAIN_MINUTES 1440
#define REASON	      "it changed since the last good start, and the kernel's report of the crash names it"
#define REASON_LATE   "it changed before the machine began to crash again and again after good starts"

static unsigned reasons_of(const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->count; i++)
		if (strcmp(verdict->suspects[i].product, verdict->product) == 0)
			return verdict->suspects[i].reasons;
	return 0;
}

/* Content changes daily: where no report names the product, bad memory would make any loop its fault. */
static bool is_sure_in_loop(const struct verdict *verdict)
{
	return verdict->certainty == VERDICT_LIKELY && verdict->partner[0] == '\0' &&
	       strcmp(verdict->product, VERDICT_KERNEL) != 0 &&
	       (reasons_of(verdict) & (VERDICT_NAMED | VERDICT_PROGRAM | VERDICT_NEAR));
}

static bool is_sure_enough(const struct fast_path *path)
{
	return path->verdict->certainty == VERDICT_CERTAIN ||
	       (path->late_loop && is_sure_in_loop(path->verdict));
}

static size_t count_changes(const struct fast_path *path)
{
	size_t count = 0;

	for (size_t i = 0; i < path->changes->count; i++)
		count += strcmp(path->changes->items[i].product, path->verdict->product) == 0;
	return count;
}

enum fast_path_why fast_path_may(const struct fast_path *path, int64_t minutes)
{
	enum daruma_rung rung = path->boot->note.rung;

	if (!is_sure_enough(path))
		return FAST_PATH_UNCERTAIN;
	if (rung != DARUMA_RUNG_NORMAL && rung != DARUMA_RUNG_HELD)
		return FAST_PATH_RUNG;
	if (!path->policy->automatic || !path->policy->fast_path)
		return FAST_PATH_POLICY;
	if (minutes >= 0 && minutes < AGAIN_MINUTES)
		return FAST_PATH_AGAIN;
	if (path->budget && (int64_t)count_changes(path) > path->budget->objects)
		return FAST_PATH_LARGE;
	return FAST_PATH_TAKEN;
}

/* The name of the setting that holds the healthy minutes at which it was last taken for the product. */
static void setting_of(const struct fast_path *path, char ret[VERDICT_PRODUCT_SIZE + 16])
{
	snprintf(ret, VERDICT_PRODUCT_SIZE + 16, "fast-path/%s", path->verdict->product);
}

static int find_minutes_since(const struct fast_path *path, int64_t *ret)
{
	char setting[VERDICT_PRODUCT_SIZE + 16];
	int64_t taken;
	int error;

	setting_of(path, setting);
	error = state_find_number(path->database, setting, -1, &taken);
	if (!error)
		*ret = taken < 0 ? -1 : (int64_t)healthy_time_total(path->database) - taken;
	return error;
}

static int64_t size_of(const struct context *context, const char *path)
{
	char there[PATH_MAX];
	struct stat stat;

	return system_path(context, path, there) == 0 && lstat(there, &stat) == 0 ? stat.st_size :
										    0;
}

/* Whether the last good copy of all that is to be replaced is in the store, and all of it small enough to be moved
 * in time. */
static enum fast_path_why look_at_copies(const struct fast_path *path, const struct store *store)
{
	int64_t bytes = 0;

	for (size_t i = 0; i < path->changes->count; i++) {
		const struct change *change = &path->changes->items[i];
		struct stat stat;
		owned_descriptor int fd = -1;

		if (strcmp(change->product, path->verdict->product) != 0)
			continue;
		if (change->after_sha256)
			bytes += size_of(path->context, change->path);
		if (!change->before_sha256)
			continue;
		fd = store_get(store, change->before_sha256);
		if (fd < 0 || fstat(fd, &stat) < 0)
			return FAST_PATH_NO_COPY;
		bytes += stat.st_size;
		if (bytes > path->budget->bytes)
			return FAST_PATH_LARGE;
	}
	return guard_budget_spend(path->budget, (int64_t)count_changes(path), bytes) ?
		       FAST_PATH_TAKEN :
		       FAST_PATH_LARGE;
}

static enum fast_path_why can_replace(const struct fast_path *path)
{
	struct store store = { .folder = -1 };
	enum fast_path_why why = FAST_PATH_NO_COPY;

	if (store_open(path->context, file_port_of_system(), false, &store) == 0)
		why = look_at_copies(path, &store);
	store_close(&store);
	return why;
}

/* Noted first: if the power goes, or the product crashes the machine again at once, it must not be taken twice. */
static int note(const struct fast_path *path, int64_t minutes)
{
	char setting[VERDICT_PRODUCT_SIZE + 16];

	setting_of(path, setting);
	return state_set_number(path->database, setting, minutes);
}

static int note_incident(const struct fast_path *path)
{
	return database_run(path->database,
			    "UPDATE incident SET result='repaired', product=?1"
			    " WHERE closed IS NULL",
			    "t", path->verdict->product);
}

static int set_aside(const struct fast_path *path, const struct product *product)
{
	int objects =
		quarantine_changes(path->context, path->database, product, path->changes,
				   path->boot->boot_id, path->late_loop ? REASON_LATE : REASON);
	int error = objects < 0 ? objects : note_incident(path);

	if (!error && path->late_loop)
		error = late_loop_note_repair(path->database, time(NULL));
	return error ? error : objects;
}

static int leave(const struct fast_path *path, enum fast_path_why why)
{
	bool left = path->late_loop && (why == FAST_PATH_LARGE || why == FAST_PATH_NO_COPY);

	return left ? late_loop_note_left(path->database, path->boot->boot_id,
					  path->verdict->product) :
		      0;
}

int fast_path_take(const struct fast_path *path, struct fast_path_result *ret)
{
	const struct product *product = product_list_find(path->products, path->verdict->product);
	int64_t minutes;
	int objects, error;

	*ret = (struct fast_path_result){ .why = FAST_PATH_FAILED };
	error = find_minutes_since(path, &minutes);
	if (error)
		return error;
	ret->why = fast_path_may(path, minutes);
	/* After the gate nothing comes but the next crash, so what has no good copy is taken away, as recover does it. */
	if (ret->why == FAST_PATH_TAKEN && path->budget)
		ret->why = can_replace(path);
	if (ret->why != FAST_PATH_TAKEN)
		return leave(path, ret->why);
	ret->why = FAST_PATH_FAILED;
	error = product && count_changes(path) ? note(path, healthy_time_total(path->database)) :
						 -ESRCH;
	if (error)
		return error;
	objects = set_aside(path, product);
	/* The gate tries once more, behind a product that was just writing. */
	if (objects < 0 && !path->budget)
		note(path, -1);
	if (objects < 0)
		return objects;
	ret->why = FAST_PATH_TAKEN;
	ret->objects = objects;
	return 0;
}
