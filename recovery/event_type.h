/* event_type.h: the kinds of events, their journal ids and sentences
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_EVENT_TYPE_H
#define DARUMA_RECOVERY_EVENT_TYPE_H

struct event_type {
	const char *name;
	const char *message_id; /* journal's MESSAGE_ID: never changed */
	const char *sentence;
};

/* The type of that name; one without a sentence of its own for a name the table does not have. Never NULL. */
const struct event_type *event_type_of(const char *name);

/* syslog priority of a severity, as one digit: info 6, notice 5, warning 4, error 3, critical 2, alert 1. */
const char *event_priority_of(const char *severity);

#endif
