/* crash_search.c: the places where the text of a crash may lie
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/crash_search.h"

#include "recovery/dumps.h"
#include "recovery/first_error.h"
#include "recovery/kdump.h"

int crash_search_read(const struct crash_search *search, enum crash_source source,
		      struct crash_text *ret)
{
	switch (source) {
	case CRASH_SOURCE_PSTORE:
		return dumps_read_new(search->context, search->database, ret);
	case CRASH_SOURCE_KDUMP:
		return kdump_read_new(search->context, search->database, search->since, ret);
	default:
		return 0;
	}
}

int crash_search_mark_seen(const struct context *context, struct database *database)
{
	int error = dumps_mark_seen(context, database);

	first_error_keep(&error, kdump_mark_seen(context, database));
	return error;
}
