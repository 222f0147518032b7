/* drop_in.h: drop-ins of one kind for units of /etc/systemd/system, told from those of others by their first line
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * systemd.unit(5): UNIT.d/NAME.conf adds to what the file of UNIT says. What the administrator or a package wrote under the
 * same name is neither replaced nor removed.
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_DROP_IN_H
#define DARUMA_RECOVERY_QUARANTINE_DROP_IN_H

#include "recovery/context.h"

#define DROP_IN_FOLDER	 "/etc/systemd/system"
#define DROP_IN_SIZE_MAX 65536 /* larger ones are not ours */

struct drop_in_kind {
	const char *name;  /* "50-x.conf" */
	const char *first; /* the first line with its end: what begins with it is ours */
};

/* Has the drop-in of `unit` (a whole name, without '/') below context->root say `text`, which begins with kind->first.
 * A power cut leaves the old one or the new one. Returns 1 if it was written, 0 if it said so already, -EEXIST
 * (another's file has that name), -EINVAL, or the errno of a call. */
int drop_in_write(const struct context *context, const struct drop_in_kind *kind, const char *unit,
		  const char *text);

/* Deletes it, and its folder unless something else is in there. Returns 1, 0 (there was none), or as above. */
int drop_in_remove(const struct context *context, const struct drop_in_kind *kind,
		   const char *unit);

/* Calls `each` with every one that is ours, in no order; it may be removed then. Returns what `each` returns if not 0,
 * 0, or a negative errno. */
int drop_in_each(const struct context *context, const struct drop_in_kind *kind,
		 int (*each)(const char *unit, const char *text, void *user), void *user);

#endif
