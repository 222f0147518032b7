/* kernel_log.h: lines in the kernel's log, for the time before there is a journal
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_EARLY_KERNEL_LOG_H
#define DARUMA_RECOVERY_EARLY_KERNEL_LOG_H

/* Writes "<program>: <text>" to /dev/kmsg as one line; nothing happens if that cannot be done. */
void kernel_log_line(const char *program, const char *text, ...)
	__attribute__((format(printf, 2, 3)));

#endif
