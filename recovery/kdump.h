/* kdump.h: logs of dead kernels that kdump saved
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * With a kdump kernel loaded a panic leads to that kernel before pstore is told (Linux kernel/panic.c), and what it leaves is
 * a folder per crash below /var/crash: dmesg.<stamp> in <stamp>/ (kdump-tools of Debian and Ubuntu), vmcore-dmesg.txt in
 * <address>-<date>/, or vmcore-dmesg-incomplete.txt until it is whole (Fedora, RHEL), dmesg.txt in <date>/ (SUSE). The
 * log has no facilities: what user space wrote to /dev/kmsg, which only root may, looks like the kernel's.
 *
 * Only what is root's (ours, in tests) and nobody else may write counts, as /var/crash itself is everybody's on Ubuntu; no
 * link is followed. Size and number are bounded (R30).
 */
#ifndef DARUMA_RECOVERY_KDUMP_H
#define DARUMA_RECOVERY_KDUMP_H

#include <stdbool.h>
#include <stdint.h>

#include "recovery/context.h"
#include "recovery/crash_text.h"
#include "recovery/database.h"

/* In /var/crash, and in each folder there: names that are read, and those of them that count. */
#define KDUMP_NAMES_MAX	  65536
#define KDUMP_FOLDERS_MAX 4096
#define KDUMP_TEXTS_MAX	  64 /* of more, the newest */

/* The newest log that is not older than `since` (seconds since 1970) and was not marked as seen; of a longer one the last
 * CRASH_TEXT_MAX bytes, where the crash is. `database` may be NULL: then none was seen. Returns 0 (also when there is
 * none), -ENOMEM or the errno of reading it. */
int kdump_read_new(const struct context *context, struct database *database, int64_t since,
		   struct crash_text *ret);

/* Whether there is such a log. What cannot be read is none. */
bool kdump_has_new(const struct context *context, struct database *database, int64_t since);

/* Marks all logs that are present now as seen. Writes only if that changes something. */
int kdump_mark_seen(const struct context *context, struct database *database);

#endif
