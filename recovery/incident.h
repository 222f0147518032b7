/* incident.h: one incident with all that belongs to it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INCIDENT_H
#define DARUMA_RECOVERY_INCIDENT_H

#include <stdint.h>

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

/* Loads incident `id`, or the newest one for 0. Returns 0, -ESRCH or another negative errno. */
int incident_load(struct database *database, int64_t id, struct incident *ret);

/* NULL parts are accepted. */
void incident_free(struct incident *incident);

#endif
