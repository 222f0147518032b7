/* healthy_time.c: how many minutes this installation was healthy, ever
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/healthy_time.h"

#include <string.h>
#include <time.h>

#include "recovery/cleanup.h"
#include "recovery/state.h"

#define TOTAL_KEY "healthy.minutes"
#define BOOT_KEY  "healthy.kernel_boot_id"
#define MARK_KEY  "healthy.mark_seconds"

uint32_t healthy_time_total(struct database *database)
{
	int64_t total = state_get_number(database, TOTAL_KEY, 0);

	return total < 0 ? 0 : total > UINT32_MAX ? UINT32_MAX : (uint32_t)total;
}

int healthy_time_begin(struct database *database, const char *kernel_boot_id, int64_t now)
{
	owned char *counting = NULL;
	int error = state_get_text(database, BOOT_KEY, &counting);

	/* Begun already: the minutes since then must not be lost. */
	if (error || (counting && strcmp(counting, kernel_boot_id) == 0))
		return error;
	error = state_set_number(database, MARK_KEY, now);
	return error ? error : state_set_text(database, BOOT_KEY, kernel_boot_id);
}

static int add_minutes(struct database *database, int64_t mark, int64_t minutes)
{
	int error = database_begin(database);

	if (error)
		return error;
	error = state_set_number(database, TOTAL_KEY,
				 (int64_t)healthy_time_total(database) + minutes);
	if (!error)
		error = state_set_number(database, MARK_KEY, mark + minutes * 60);
	if (!error)
		error = database_commit(database);
	if (error)
		database_rollback(database);
	return error;
}

int healthy_time_advance(struct database *database, const char *kernel_boot_id, int64_t now,
			 uint32_t *ret_total)
{
	owned char *counting = NULL;
	int64_t mark;
	int error = state_get_text(database, BOOT_KEY, &counting);

	if (!error && counting && strcmp(counting, kernel_boot_id) == 0) {
		mark = state_get_number(database, MARK_KEY, now);
		if (now - mark >= 60)
			error = add_minutes(database, mark, (now - mark) / 60);
	}
	if (!error)
		*ret_total = healthy_time_total(database);
	return error;
}

int64_t healthy_time_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}
