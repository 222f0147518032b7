/* innocent.h: functions that stand at the top of a report and are not to blame for it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_CRASH_INNOCENT_H
#define DARUMA_RECOVERY_CRASH_INNOCENT_H

#include <stdbool.h>

enum innocent {
	INNOCENT_NOT,	   /* may be to blame */
	INNOCENT_LIBRARY,  /* does what its caller told it: to blame only if nobody else is there */
	INNOCENT_REPORTER, /* finds, prints or stops: never to blame */
};

/* What kind of report the function stands in. */
enum innocent_context {
	INNOCENT_FAULTING,
	INNOCENT_WAITING, /* about something that does not end: what waits is innocent too */
	INNOCENT_LEAKING, /* about memory nobody frees: what allocates is innocent too */
};

enum innocent innocent_function(const char *function, enum innocent_context context);

/* Functions that call what others registered with them: system calls, work queues, timers, soft interrupts. */
bool innocent_is_dispatcher(const char *function);

/* Functions that wait until the other processors have answered. */
bool innocent_is_waiting_for_all(const char *function);

/* Functions at which the processor left what it did for an interrupt or an exception: below stands what it did. */
bool innocent_is_entry(const char *function);

/* Functions that look at stalls from inside the stalled processor's timer or NMI. */
bool innocent_is_stall_reporter(const char *function);

/* Modules that offer an interface to drivers; their sanity checks speak of the caller. */
bool innocent_is_framework(const char *module);

#endif
