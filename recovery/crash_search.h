/* crash_search.h: the places where the text of a crash may lie
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_CRASH_SEARCH_H
#define DARUMA_RECOVERY_CRASH_SEARCH_H

#include <stdint.h>

#include "recovery/context.h"
#include "recovery/crash_text.h"
#include "recovery/database.h"
#include "recovery/process.h"

/* What is known of the start whose crash it is. */
struct crash_search {
	const struct context *context;
	struct database *database; /* NULL: no state, and no journal is asked for then */
	const struct process_port *processes;
	const char *failed; /* its boot id in the table `boot`, where it may have no row */
	/* when it began: crash_search_begin(). Not known: only what tells by itself that it is new is read */
	int64_t since;
};

/* When the start `failed` began. If it did not come as far as its guard, when the one before it did, which came earlier
 * still; `current` is this start. INT64_MAX: not known, as without a database (NULL). */
int64_t crash_search_begin(struct database *database, const char *failed, const char *current);

/* What is new of that source: nothing where it is not here. Returns 0 or a negative errno. */
int crash_search_read(const struct crash_search *search, enum crash_source source,
		      struct crash_text *ret);

/* Marks all that is present now as seen, with the firmware's record of a hardware error (hardware_error.h). Writes only
 * if that changes something. */
int crash_search_mark_seen(const struct context *context, struct database *database);

#endif
