/* move.h: taking one object out of its place, and putting a good one there
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What is kept (kept.h) is a second name for the object where it is on the same file system, has no other names and
 * is not open for writing, else a copy that was compared. Beside the place `.daruma-<action>` holds the good copy
 * before the swap and the object after it. The swap exchanges two names at once; so the place is never empty and
 * undoing it (move_undo.h) needs no room on the disk (R28). Who calls the functions in which order is said in
 * action.h.
 *
 * Only `path`, its neighbour `.daruma-<action>` and the quarantine are ever touched, opened as safe_path.h says (R24).
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_MOVE_H
#define DARUMA_RECOVERY_QUARANTINE_MOVE_H

#include "recovery/context.h"
#include "recovery/inventory/store.h"
#include "recovery/quarantine/action.h"
#include "recovery/quarantine/file_port.h"
#include "recovery/quarantine/kept.h"
#include "recovery/quarantine/place.h"

struct move {
	const struct context *context;
	const struct file_port *port;
	struct database *database; /* for what is recorded of folders */
	struct kept kept;
	struct store store;
};

/* Opens the quarantine and the store, and holds the quarantine alone. Returns 0, -EBUSY (another process does), or an
 * errno. */
int move_open(const struct context *context, const struct file_port *port,
	      struct database *database, struct move *ret);

/* NULL is accepted. */
void move_close(struct move *move);

/* The digest of what is in place: a regular file with a name of its own. Returns 0; -ENOENT nothing is there; -ELOOP a
 * link; -EXDEV outside or behind a mount; -EISDIR; -EINVAL no regular file. */
int move_look(const struct context *context, const char *folder, const char *path,
	      char *ret_sha256);

/* Keeps the object (action->sha256) in the quarantine and fills action->attributes. Returns 0, -EAGAIN (something else is
 * in place by now), or an errno; the place is untouched. */
int move_keep(const struct move *move, struct action *action);

/* Sets the good copy (action->replaced_by) beside the place, with action->put_attributes. Returns 0, -ENODATA or
 * -EBADMSG (it is not there or damaged), or an errno; the place is untouched. */
int move_prepare(const struct move *move, const struct action *action);

/* Takes the one and puts the other. Returns 0, -EAGAIN (what was taken is not what was kept: it is back), or an errno. */
int move_swap(const struct move *move, const struct action *action);

/* After all swaps: drops the second name and seals the object, mode 0000 in a folder of root's (R25). May be repeated. */
int move_settle(const struct move *move, const struct action *action);

#endif
