/* reader.h: reads the text of a crash, in pieces of any size
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Takes what kernels of x86-64, 64-bit ARM and RISC-V print, with the prefixes of pstore, dmesg, consoles, journals and
 * mail. Pure and total: no input or output, no allocation, every byte sequence has an answer; the memory is that of the
 * struct. Text that user space wrote counts for nothing (R12, R30): lines of a facility above zero; once the text has
 * facilities, lines without one; once it has stamps or tags, lines without them where a report would begin.
 */
#ifndef DARUMA_RECOVERY_CRASH_READER_H
#define DARUMA_RECOVERY_CRASH_READER_H

#include <stddef.h>

#include "recovery/crash/crash.h"
#include "recovery/crash/report.h"

#define CRASH_LINE_MAX 4096 /* bytes; the rest of a longer line is dropped */

/* The caller provides the memory, about 60 KiB; the members are the reader's own. */
struct crash_reader {
	char line[CRASH_LINE_MAX];
	size_t length;
	bool numbered; /* the text tells facilities */
	bool stamped;  /* the text has stamps or tags */
	bool forged;   /* user space wrote what looks like a report */
	bool oops;     /* a fault that the kernel did not take for a notice */
	bool panicked;
	bool operator_asked; /* the last panic was a person's */
	enum crash_kind operator_kind;
	bool has_current, has_best;
	struct report current, best;
};

void crash_reader_init(struct crash_reader *reader);

/* Reads the next `size` bytes. `bytes` may be NULL where size is 0. */
void crash_reader_feed(struct crash_reader *reader, const void *bytes, size_t size);

/* After the last byte. Of several reports the first that matters is told: faults before stalls before warnings. A panic
 * that a person asked for names nobody. */
void crash_reader_finish(struct crash_reader *reader, struct crash *ret);

#endif
