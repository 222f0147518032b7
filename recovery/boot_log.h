/* boot_log.h: the kernel's messages of an earlier start, as the journal keeps them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Only what journald read from the kernel's log (_TRANSPORT=kernel, which no client can set) with facility 0, which no
 * writer of /dev/kmsg can have (systemd.journal-fields(7), Linux Documentation/ABI/testing/dev-kmsg). It ends where the
 * last of it reached the disk: what the machine died of may not be in it, and what is in it the machine may have survived.
 *
 * journalctl(1) reads, with bounds on lines, bytes and seconds. A journal that is volatile, damaged or slow, or no
 * journalctl, is no error: then there is no text, and a notice says so where something was there.
 */
#ifndef DARUMA_RECOVERY_BOOT_LOG_H
#define DARUMA_RECOVERY_BOOT_LOG_H

#include "recovery/context.h"
#include "recovery/crash_text.h"
#include "recovery/process.h"

#define BOOT_LOG_ID_SIZE 33 /* of a kernel's boot id: 32 hex digits and a NUL */

/* The last messages of the start with that kernel boot id; what is no such id has none. Returns 0 or -ENOMEM. */
int boot_log_read(const struct context *context, const struct process_port *processes,
		  const char *kernel_boot_id, struct crash_text *ret);

/* The kernel boot id of the start that the journal knows before this one; "" where it knows none. */
void boot_log_before(const struct context *context, const struct process_port *processes,
		     char ret_kernel_boot_id[BOOT_LOG_ID_SIZE]);

#endif
