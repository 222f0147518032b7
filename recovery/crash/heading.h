/* heading.h: the lines a report of the kernel begins with, and what they say
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_CRASH_HEADING_H
#define DARUMA_RECOVERY_CRASH_HEADING_H

#include "recovery/crash/crash.h"
#include "recovery/crash/place.h"
#include "recovery/crash/span.h"

/* Of several reports in one text the first of the highest weight counts. */
enum heading_weight {
	HEADING_NOTICE, /* the kernel checked something and goes on */
	HEADING_STALL,	/* something does not end, or the machine stops for a reason of its own */
	HEADING_FAULT,	/* the kernel cannot go on where it is */
};

struct heading {
	enum crash_kind kind;
	enum heading_weight weight;
	bool panic;	     /* "Kernel panic - not syncing: " */
	bool operator_asked; /* a panic that a person asked for */
	bool nobody;	     /* no code is to blame for this kind */
	bool follows;	     /* a panic only because of the report before it */
	bool warns;	     /* a sanity check: its caller may be the one to blame */
	bool leak;	     /* memory that nobody frees */
	bool locks;	     /* of how locks are held: where one was asked for is said */
	bool overflow;	     /* of a stack: what is at its top says nothing */
	bool trace_follows;  /* the frames follow without a line that announces them */
	bool details; /* what every fault says after its first line: never a report of its own if one is open */
	struct place place; /* named in the line itself; function "" if none */
};

/* Reads a line without its prefixes. Returns whether a report begins (or a panic is told) here. */
bool heading_read(struct span line, struct heading *ret);

#endif
