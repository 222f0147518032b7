/* past_boot.h: boots as the table `boot` tells of them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_BOOT_PAST_BOOT_H
#define DARUMA_RECOVERY_BOOT_PAST_BOOT_H

#include <stddef.h>
#include <stdint.h>

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/json.h"

struct past_boot {
	char *boot_id;
	char *kernel_boot_id; /* "" for a start that did not come as far as the guard */
	int64_t time;	      /* when it was entered; for those, when their end was seen */
	char *rung;
	char *reason;
	char *previous_ending;
	char *kernel;
	int64_t panics; /* counted when it started */
	int64_t resets;
	int64_t incident;
	char *outcome; /* "" while unanswered */
	int64_t outcome_time;
	char *crash_function; /* NULL where unknown, as the next seven; see crash/crash.h */
	char *crash_module;
	char *crash_class;
	char *crash_kind;
	char *crash_program;
	char *crash_signature;
	char *crash_quality;
	char *crash_source; /* where that text was found: see crash_text.h */
	char *not_safe; /* of a safe start: what ran all the same, "; " between two; NULL nothing */
};

struct past_boot_list {
	struct past_boot *items; /* newest first */
	size_t count;
};

/* Boots entered from `since` to `until` (seconds, inclusive), newest first, at most `most` (0: all). Returns 0 or a
 * negative errno. */
int past_boot_list_load(struct database *database, int64_t since, int64_t until, int most,
			struct past_boot_list *ret);

/* The boot that `reference` means: the start of an id, @current, @last (the one before the current) or @last-good.
 * Returns 0, -ESRCH (none), -ENOTUNIQ (more than one id starts so) or another negative errno. */
int past_boot_find(const struct context *context, struct database *database, const char *reference,
		   struct past_boot *ret);

void past_boot_free(struct past_boot *boot);
void past_boot_list_free(struct past_boot_list *list);

/* One boot as a JSON object without `schema`. */
struct json *past_boot_json(const struct past_boot *boot);

/* When it began; 0 for a start that did not come as far as the guard. */
int64_t past_boot_time(const struct past_boot *boot);

/* A word for the outcome: "unanswered" for "". */
const char *past_boot_outcome(const struct past_boot *boot);

#endif
