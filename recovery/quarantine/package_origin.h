/* package_origin.h: which package each quarantined object came with, and from which version to which that went
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Kept in the table package_origin, since logs are rotated away and packages removed.
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_PACKAGE_ORIGIN_H
#define DARUMA_RECOVERY_QUARANTINE_PACKAGE_ORIGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/json.h"
#include "recovery/process.h"
#include "recovery/products/package_log.h"
#include "recovery/timestamp.h"

struct package_origin {
	char package[PACKAGE_NAME_SIZE]; /* "" nobody's */
	char manager[8];
	struct package_transition transition;
};

/* Finds out and enters the origin of every entry of which it is not known yet. May be repeated. Returns the number of
 * entries that a package owns, or a negative errno. */
int package_origin_record(const struct context *context, const struct process_port *processes,
			  struct database *database);

/* The origin of entry `id`; with package "" where it is unknown or nobody's. Returns 0 or a negative errno. */
int package_origin_load(struct database *database, int64_t id, struct package_origin *ret);

/* "acme-sensor 1.0 -> 1.1, TIME"; "-" for nobody's. */
#define PACKAGE_ORIGIN_TEXT_SIZE                                                                   \
	(PACKAGE_NAME_SIZE + 2 * PACKAGE_VERSION_SIZE + TIMESTAMP_SIZE + 16)
void package_origin_text(const struct package_origin *origin, bool utc,
			 char ret[PACKAGE_ORIGIN_TEXT_SIZE]);

/* {"name","manager","before","after","time"}, or NULL, which is null, for nobody's. */
struct json *package_origin_json(const struct package_origin *origin);

#endif
