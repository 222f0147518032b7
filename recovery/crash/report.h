/* report.h: one report of the kernel, line by line
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_CRASH_REPORT_H
#define DARUMA_RECOVERY_CRASH_REPORT_H

#include <stdint.h>

#include "recovery/crash/heading.h"
#include "recovery/crash/place.h"
#include "recovery/crash/span.h"

#define REPORT_FRAMES 128 /* of all traces of one report; what comes after them is dropped */

struct report {
	bool open;     /* begun, and not ended by "---[ end trace" */
	bool headless; /* its first line is missing */
	struct heading heading;
	uint32_t caller; /* who prints it; 0 not said */

	bool has_pointer; /* an instruction pointer in the kernel was printed, if only an address */
	struct place pointer; /* its place; function "" if it is no place in known code */
	bool collecting;      /* inside a trace */
	bool trace_starts;    /* the next frame is the first of a trace */
	bool pointer_last;    /* the last frame is the pointer printed before a trace */
	size_t count;
	struct place frames[REPORT_FRAMES]; /* `count` of them, innermost first */

	struct place work;	     /* what the workqueue's thread was running */
	char cache[CRASH_NAME_SIZE]; /* slab cache whose object was to be copied */
	char owner[CRASH_NAME_SIZE]; /* the loaded module that the cache is named after */
	bool in_modules;	     /* inside "Modules linked in:" */
	bool has_address;	     /* the faulting address was printed */
	uint64_t address;
};

/* Begins a report. `heading` may be NULL: then its head is missing. */
void report_begin(struct report *report, const struct heading *heading, uint32_t caller);

/* Whether a report whose head is missing may begin with this line. */
bool report_can_begin(struct span line);

/* Reads a line without its prefixes that is no heading. */
void report_read(struct report *report, struct span line, uint32_t caller);

/* Whether anything in it names a place. */
bool report_has_place(const struct report *report);

/* The kind, corrected by the address; OTHER for a report without a head. */
enum crash_kind report_kind(const struct report *report);

/* Copies what is used of it. */
void report_copy(struct report *to, const struct report *from);

#endif
