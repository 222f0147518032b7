/* crash_text.h: the text of a crash, wherever it was found
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_CRASH_TEXT_H
#define DARUMA_RECOVERY_CRASH_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "recovery/crash_child.h"

#define CRASH_TEXT_MAX 1048576 /* bytes of one crash as they are stored */

/* Where a text is from, the best first: each is asked only where those before it tell of no crash. */
enum crash_source {
	CRASH_SOURCE_PSTORE,  /* dumps.h: what the kernel stored while it crashed */
	CRASH_SOURCE_KDUMP,   /* kdump.h: the log of the dead kernel, from its memory */
	CRASH_SOURCE_JOURNAL, /* boot_log.h: what was on the disk by then; not the end */
	CRASH_SOURCES,
};

/* Begins as { 0 }. */
struct crash_text {
	char *text; /* owned; NULL where there is none that is new */
	size_t size;
	struct crash_part
		*parts; /* owned; what `text` consists of, all of it; NULL: one plain part */
	size_t parts_count;
	int64_t time;	/* seconds since 1970, by the machine's clock then; 0 not known */
	unsigned fresh; /* stored texts or records that were not seen before */
};

/* "pstore", "kdump", "journal"; static storage; "unknown" outside the enumeration. */
const char *crash_source_name(enum crash_source source);

/* Runs the reader (crash_child.h) over it. Returns as crash_child_read(). */
int crash_text_read(const struct crash_text *text, unsigned seconds, struct crash *ret);

/* NULL is accepted. */
void crash_text_free(struct crash_text *text);

#endif
