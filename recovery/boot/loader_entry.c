/* loader_entry.c: entries of the Boot Loader Specification, type 1
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/loader_entry.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define ENDING ".conf"

static bool is_blank(char letter)
{
	return letter == ' ' || letter == '\t' || letter == '\r';
}

/* The value behind `key` in the line; false for another line. */
static bool read_value(const char *at, const char *end, const char *key, const char **ret,
		       size_t *ret_length)
{
	size_t length = strlen(key);

	while (at < end && is_blank(*at))
		at++;
	if ((size_t)(end - at) <= length || memcmp(at, key, length) != 0 || !is_blank(at[length]))
		return false;
	at += length;
	while (at < end && is_blank(*at))
		at++;
	while (end > at && is_blank(end[-1]))
		end--;
	*ret = at;
	*ret_length = (size_t)(end - at);
	return true;
}

bool loader_entry_is_of(const char *text, size_t length, const char *release)
{
	const char *end = text + length;

	for (const char *at = text; at < end;) {
		const char *newline = memchr(at, '\n', (size_t)(end - at)), *value;
		size_t size;

		newline = newline ? newline : end;
		if (read_value(at, newline, "version", &value, &size))
			return size == strlen(release) && memcmp(value, release, size) == 0;
		at = newline < end ? newline + 1 : end;
	}
	return false;
}

/* "+3" or "+3-1" at the end of the name without its ending. */
static size_t without_counters(const char *name, size_t length)
{
	size_t at = length;

	while (at > 0 && (isdigit((unsigned char)name[at - 1]) || name[at - 1] == '-'))
		at--;
	return at > 1 && at < length && name[at - 1] == '+' && name[at] != '-' ? at - 1 : length;
}

bool loader_entry_id(const char *name, char ret_id[LOADER_ENTRY_ID_MAX])
{
	size_t length = strlen(name), ending = sizeof(ENDING) - 1;

	if (length <= ending || length >= LOADER_ENTRY_ID_MAX || name[0] == '.' ||
	    strcmp(name + length - ending, ENDING) != 0)
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isascii((unsigned char)name[i]) ||
		    (!isalnum((unsigned char)name[i]) && !strchr("._+~-", name[i])))
			return false;
	snprintf(ret_id, LOADER_ENTRY_ID_MAX, "%.*s" ENDING,
		 (int)without_counters(name, length - ending), name);
	return true;
}
