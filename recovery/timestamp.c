/* timestamp.c: moments as text
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/timestamp.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

int64_t timestamp_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* False for a year no calendar has; a hostile number must not print rubbish. `between` stands before the hour. */
static bool format(int64_t seconds, bool utc, char between, char *text)
{
	time_t moment = (time_t)seconds;
	struct tm parts;

	if (!(utc ? gmtime_r(&moment, &parts) : localtime_r(&moment, &parts)) ||
	    parts.tm_year > 9999 - 1900 || parts.tm_year < 0)
		return false;
	snprintf(text, TIMESTAMP_SIZE, "%04d-%02d-%02d%c%02d:%02d:%02d", parts.tm_year + 1900,
		 parts.tm_mon + 1, parts.tm_mday, between, parts.tm_hour, parts.tm_min,
		 parts.tm_sec);
	return true;
}

void timestamp_machine(int64_t milliseconds, char ret_text[TIMESTAMP_SIZE])
{
	char day[TIMESTAMP_SIZE];

	if (milliseconds < 0 || !format(milliseconds / 1000, true, 'T', day))
		strcpy(ret_text, "1970-01-01T00:00:00.000Z");
	else
		snprintf(ret_text, TIMESTAMP_SIZE, "%.26s.%03dZ", day, (int)(milliseconds % 1000));
}

void timestamp_human(int64_t seconds, bool utc, char ret_text[TIMESTAMP_SIZE])
{
	char day[TIMESTAMP_SIZE];

	if (seconds <= 0 || !format(seconds, utc, ' ', day))
		strcpy(ret_text, "-");
	else
		snprintf(ret_text, TIMESTAMP_SIZE, "%.26s%s", day, utc ? " UTC" : "");
}

int64_t timestamp_parse(const char *text)
{
	struct tm parts = { 0 };

	if (!text || sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &parts.tm_year, &parts.tm_mon,
			    &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec) != 6)
		return 0;
	parts.tm_year -= 1900;
	parts.tm_mon -= 1;
	return timegm(&parts);
}
