/* prefix.h: what logs put before a line of the kernel
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * pstore and /dev/kmsg say who wrote a line: "<N>" or "N,...;", N being 8 times the facility plus the level. User space
 * may write lines too, with a facility above zero, never with the kernel's (Linux Documentation/ABI/testing/dev-kmsg).
 * Journals and syslog files say it by the tag before the text, dmesg -x by the facility's name. Kernels built to do so
 * also say which task or processor printed: "[T123]", "[C0]" (CONFIG_PRINTK_CALLER).
 */
#ifndef DARUMA_RECOVERY_CRASH_PREFIX_H
#define DARUMA_RECOVERY_CRASH_PREFIX_H

#include <stdint.h>

#include "recovery/crash/span.h"

struct log_line {
	struct span text; /* without all that; points into what was given */
	bool numbered;	  /* begins with a facility and level in figures */
	bool stamped;	  /* has a time stamp or the kernel's tag */
	bool by_user;	  /* says itself that user space wrote it */
	uint32_t caller;  /* the task or processor that printed; 0 not said */
};

/* Takes a line, without its newline, apart. Total. Marks of quoting ("> ", "| ") are taken off too. */
struct log_line prefix_strip(struct span line);

#endif
