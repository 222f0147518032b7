/* crash_search.c: the places where the text of a crash may lie
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/crash_search.h"

#include <stdio.h>

#include "recovery/boot_log.h"
#include "recovery/dumps.h"
#include "recovery/first_error.h"
#include "recovery/hardware_error.h"
#include "recovery/kdump.h"

int64_t crash_search_begin(struct database *database, const char *failed, const char *current)
{
	int64_t begin = 0;

	if (!database ||
	    database_number(database, &begin,
			    "SELECT COALESCE((SELECT time FROM boot WHERE boot_id=?1 AND"
			    " kernel_boot_id<>''),(SELECT MAX(time) FROM boot WHERE boot_id NOT IN"
			    " (?1,?2)),0)",
			    "tt", failed, current) != 0 ||
	    begin == 0)
		return INT64_MAX;
	return begin;
}

static int copy_id(const struct database_row *row, void *user)
{
	const char *id = database_text(row, 0);

	snprintf(user, BOOT_LOG_ID_SIZE, "%s", id ? id : "");
	return 1;
}

/* A start that did not come as far as its guard has no row with its kernel's id. Then it is the one that the journal knows
 * before this one, unless that has a row itself: the start that failed left no journal. */
static int find_kernel_boot(const struct crash_search *search, char ret_id[BOOT_LOG_ID_SIZE])
{
	int64_t known = 0;
	int result;

	ret_id[0] = '\0';
	result = database_query(search->database, copy_id, ret_id,
				"SELECT kernel_boot_id FROM boot WHERE boot_id=?1", "t",
				search->failed);
	if (result < 0 || ret_id[0])
		return result < 0 ? result : 0;
	boot_log_before(search->context, search->processes, ret_id);
	result = database_number(search->database, &known,
				 "SELECT COUNT(*) FROM boot WHERE kernel_boot_id=?1", "t", ret_id);
	if (result || known > 0)
		ret_id[0] = '\0';
	return result;
}

static int read_journal(const struct crash_search *search, struct crash_text *ret)
{
	char id[BOOT_LOG_ID_SIZE];
	int error;

	if (!search->database)
		return 0;
	error = find_kernel_boot(search, id);
	return error ? error : boot_log_read(search->context, search->processes, id, ret);
}

int crash_search_read(const struct crash_search *search, enum crash_source source,
		      struct crash_text *ret)
{
	switch (source) {
	case CRASH_SOURCE_PSTORE:
		return dumps_read_new(search->context, search->database, ret);
	case CRASH_SOURCE_KDUMP:
		return kdump_read_new(search->context, search->database, search->since, ret);
	case CRASH_SOURCE_JOURNAL:
		return read_journal(search, ret);
	default:
		return 0;
	}
}

int crash_search_mark_seen(const struct context *context, struct database *database)
{
	int error = dumps_mark_seen(context, database);

	first_error_keep(&error, kdump_mark_seen(context, database));
	first_error_keep(&error, hardware_error_mark_seen(context, database));
	return error;
}
