/* timestamp.h: moments as text
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_TIMESTAMP_H
#define DARUMA_RECOVERY_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

#define TIMESTAMP_SIZE 40

/* Milliseconds since 1970, now. */
int64_t timestamp_now(void);

/* RFC 3339 in UTC with milliseconds: 2026-03-04T05:06:07.890Z. */
void timestamp_machine(int64_t milliseconds, char ret_text[TIMESTAMP_SIZE]);

/* For people, of seconds: "2026-03-04 06:06:07", in local time, or in UTC and then with " UTC" behind it. */
void timestamp_human(int64_t seconds, bool utc, char ret_text[TIMESTAMP_SIZE]);

/* Seconds since 1970 of what timestamp_machine() wrote; 0 for anything else, and for NULL. */
int64_t timestamp_parse(const char *text);

#endif
