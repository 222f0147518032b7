/* late_loop.c: a machine that crashes again and again long after each start was called good
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/late_loop.h"

#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/state.h"

#define HOUR	3600
#define SETTING "late-loop/repaired"
#define LEFT	"late-loop/left"
#define PRODUCT "late-loop/product"
/* The window is one of the guard's clock: every crash has a time by that one. */
#define LATE_CRASHES                                                                               \
	"outcome='good' AND crash_class IN ('panic','oops') AND crash_seen BETWEEN ?1 AND ?2"

static int copy_crashes(const struct database_row *row, void *user)
{
	struct late_loop *loop = user;

	loop->crashes = database_integer(row, 0);
	loop->first = database_integer(row, 1);
	loop->last = database_integer(row, 2);
	return 0;
}

static int find_generation(struct database *database, int64_t since, int64_t now, int64_t *ret)
{
	return database_number(database, ret,
			       "SELECT COALESCE(MAX(id),0) FROM generation WHERE good=1 AND"
			       " time<(SELECT MIN(time) FROM boot WHERE " LATE_CRASHES ")",
			       "ii", since, now);
}

static int64_t larger(int64_t one, int64_t other)
{
	return one > other ? one : other;
}

int late_loop_find(struct database *database, const struct policy_file *policy, int64_t now,
		   struct late_loop *ret)
{
	struct late_loop loop = { .found = false };
	int64_t repaired, since, window = now - (int64_t)policy->late_window_hours * HOUR;
	int error = state_find_number(database, SETTING, 0, &repaired);

	/* Else crashes that were repaired would count again. */
	if (error)
		return error;
	since = larger(window, repaired + 1);
	error = database_query(database, copy_crashes, &loop,
			       "SELECT COUNT(*),MIN(COALESCE(crash_time,crash_seen)),"
			       "MAX(COALESCE(crash_time,crash_seen)) FROM boot"
			       " WHERE " LATE_CRASHES,
			       "ii", since, now);
	if (!error)
		error = find_generation(database, since, now, &loop.generation);
	if (!error)
		error = find_generation(database, window, now, &loop.earlier);
	if (error)
		return error;
	loop.found = loop.crashes >= (int64_t)policy->late_panics && loop.earlier != 0;
	loop.goes_on = loop.found && loop.crashes >= 2 * (int64_t)policy->late_panics;
	*ret = loop;
	return 0;
}

static bool has_product(const struct change_list *list, const char *product)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].product, product) == 0)
			return true;
	return false;
}

/* Of `list` those of products that are in `recent` too; all of it where none is. */
static int keep_recent(struct change_list *list, const struct change_list *recent)
{
	struct change_list kept = { .generation = list->generation };
	int error = 0;

	for (size_t i = 0; !error && i < list->count; i++)
		if (has_product(recent, list->items[i].product))
			error = change_list_add(&kept, &list->items[i]);
	if (error || kept.count == 0) {
		change_list_free(&kept);
		return error;
	}
	change_list_free(list);
	*list = kept;
	return 0;
}

int late_loop_compare(const struct context *context, struct database *database,
		      const struct product_list *products, const struct late_loop *loop,
		      struct change_list *ret)
{
	struct change_list recent = { 0 };
	int error = generation_compare_since(context, database, products, loop->earlier, ret);

	if (error || loop->generation == loop->earlier)
		return error;
	error = generation_compare_since(context, database, products, loop->generation, &recent);
	if (!error)
		error = keep_recent(ret, &recent);
	change_list_free(&recent);
	if (error)
		change_list_free(ret);
	return error;
}

int late_loop_note_left(struct database *database, const char *boot_id, const char *product)
{
	/* First: while it is not left to this start, it says nothing. */
	int error = state_set_text(database, PRODUCT, product);

	return error ? error : state_set_text(database, LEFT, boot_id);
}

bool late_loop_is_left(struct database *database, const char *boot_id)
{
	owned char *left = NULL;

	return boot_id && state_get_text(database, LEFT, &left) == 0 && left && left[0] &&
	       strcmp(left, boot_id) == 0;
}

int late_loop_left_product(struct database *database, const char *boot_id, struct text_list *ret)
{
	owned char *product = NULL;
	int error;

	if (!late_loop_is_left(database, boot_id))
		return 0;
	error = state_get_text(database, PRODUCT, &product);
	return error ? error : text_list_add(ret, product ? product : "");
}

int late_loop_note_repair(struct database *database, int64_t now)
{
	int error = state_set_number(database, SETTING, now);

	return error ? error : late_loop_note_left(database, "", "");
}
