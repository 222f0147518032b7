/* kept.h: what the quarantine keeps: a folder for each row, with its object
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * /var/lib/daruma/quarantine/<id>/object, <id> being a row of the table `action` (action.h). Who has it open holds the
 * quarantine alone.
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_KEPT_H
#define DARUMA_RECOVERY_QUARANTINE_KEPT_H

#include <stdbool.h>
#include <stdint.h>

#include "recovery/context.h"
#include "recovery/quarantine/file_port.h"

#define KEPT_OBJECT "object"

struct kept {
	const struct file_port *port;
	int folder; /* open, or -1 */
};

/* Opens the quarantine, which is made if it is missing, and holds it alone. Returns 0, -EBUSY (another process does), or an
 * errno. */
int kept_open(const struct context *context, const struct file_port *port, struct kept *ret);

/* One that was not opened ({ .folder = -1 }) and NULL are accepted. */
void kept_close(struct kept *kept);

/* Opens the folder of row `id`, made first if `create`. Returns a descriptor, the caller's to close; -ENOENT; or another
 * errno. */
int kept_open_row(const struct kept *kept, int64_t id, bool create);

/* For a row that is being planned, before its insertion is committed: a folder <id> with something in it was kept for a row
 * of tables that were lost, and holds perhaps the only copy. It becomes orphan-<id>-<n>, and nothing of ours touches it
 * again. So whatever is in <id> when there is a row is that row's own. Returns 0 or an errno. */
int kept_reserve(const struct kept *kept, int64_t id);

/* The object of row `id` is not to be used any more: mode 0000 in a folder of root's (R25). May be repeated. Returns 0 or an
 * errno. */
int kept_seal(const struct kept *kept, int64_t id);

/* Drops the object of row `id`, which is back in its place, and the folder. May be repeated. Returns 0 or an errno. */
int kept_forget(const struct kept *kept, int64_t id);

#endif
