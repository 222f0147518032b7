/* incident.h: one incident with all that belongs to it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INCIDENT_H
#define DARUMA_RECOVERY_INCIDENT_H

#include <stdint.h>

#include "policy/words.h"
#include "recovery/boot/past_boot.h"
#include "recovery/database.h"
#include "recovery/json.h"

struct incident {
	int64_t id;
	int64_t opened;
	int64_t closed;	    /* 0: open */
	struct json *facts; /* row of the table `incident` */
	/* newest first: from the one that failed first to the one that ended it */
	struct past_boot_list boots;
	struct json *changes; /* found in these boots */
	struct json *actions; /* taken in them */
	struct json *events;  /* oldest first */
	struct json *verdict; /* the last one, see verdict_view.h; NULL none */
};

/* Opens one, unless one is open: of this class, with the product that the text of the crash names ("" none). `opened`:
 * when it crashed, in seconds since 1970; 0, not known: now. Returns 0 or a negative errno. */
int incident_open(struct database *database, const char *product, enum daruma_ending class,
		  int64_t opened);

/* Setting: with which generation the safe starts of a late loop's incident compare, see recover_base.c. The stage may give
 * the next incident the same number (R26), and that is another one. */
#define INCIDENT_BASE_KEY "late-loop/incident"

/* Ends the open one, if there is one, at `closed` in seconds since 1970. Returns 0 or a negative errno. */
int incident_close(struct database *database, int64_t closed);

/* Loads incident `id`, or the newest one for 0. Returns 0, -ESRCH or another negative errno. */
int incident_load(struct database *database, int64_t id, struct incident *ret);

/* NULL parts are accepted. */
void incident_free(struct incident *incident);

#endif
