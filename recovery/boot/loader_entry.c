/* loader_entry.c: entries of the Boot Loader Specification, type 1
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/loader_entry.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
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

/* What one line is. */
enum line {
	OPTIONS,
	TITLE,
	KERNEL,
	OTHER,
	NOTHING, /* blank, or a comment */
};

static enum line line_of(const char *at, const char *end, const char **ret, size_t *ret_length)
{
	static const char *const keys[] = {
		[OPTIONS] = "options", [TITLE] = "title", [KERNEL] = "linux"
	};

	for (int i = 0; i < OTHER; i++)
		if (read_value(at, end, keys[i], ret, ret_length))
			return (enum line)i;
	while (at < end && is_blank(*at))
		at++;
	return at == end || *at == '#' ? NOTHING : OTHER;
}

/* `text` has room. */
static void append(char *text, const char *bytes, size_t length, const char *end)
{
	size_t used = strlen(text);

	memcpy(text + used, bytes, length);
	strcpy(text + used + length, end);
}

static bool split(const char *text, const char *end, char *options, char *others)
{
	bool kernel = false;

	for (const char *at = text; at < end;) {
		const char *newline = memchr(at, '\n', (size_t)(end - at)), *value;
		size_t size;
		enum line line;

		newline = newline ? newline : end;
		line = line_of(at, newline, &value, &size);
		if (line == OPTIONS)
			append(options, value, size, " ");
		else if (line == KERNEL || line == OTHER)
			append(others, at, (size_t)(newline - at), "\n");
		kernel |= line == KERNEL;
		at = newline < end ? newline + 1 : end;
	}
	return kernel;
}

int loader_entry_split(const char *text, size_t length, char **ret_options, char **ret_others)
{
	/* A line may get an end that it had not. */
	char *options = calloc(1, length + 2), *others = calloc(1, length + 2);
	int error = !options || !others ? -ENOMEM : memchr(text, '\0', length) ? -EBADMSG : 0;

	if (!error && !split(text, text + length, options, others))
		error = -EOPNOTSUPP;
	if (error) {
		free(options);
		free(others);
		return error;
	}
	*ret_options = options;
	*ret_others = others;
	return 0;
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
