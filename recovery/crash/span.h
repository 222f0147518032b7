/* span.h: a piece of a text that is not terminated
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A span points into somebody else's bytes and owns nothing. Every function is total: an empty span may have any `at`.
 */
#ifndef DARUMA_RECOVERY_CRASH_SPAN_H
#define DARUMA_RECOVERY_CRASH_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
	const char *at;
	size_t length; /* bytes */
};

static inline struct span span_of(const char *text)
{
	return (struct span){ .at = text, .length = strlen(text) };
}

/* What is left without the first `length` bytes, at most all of them. */
static inline struct span span_after(struct span text, size_t length)
{
	if (length > text.length)
		length = text.length;
	return (struct span){ .at = text.at + length, .length = text.length - length };
}

/* The first `length` bytes, at most all of them. */
static inline struct span span_first(struct span text, size_t length)
{
	if (length < text.length)
		text.length = length;
	return text;
}

static inline bool span_starts(struct span text, const char *head)
{
	size_t length = strlen(head);

	return text.length >= length && memcmp(text.at, head, length) == 0;
}

static inline bool span_is(struct span text, const char *whole)
{
	return text.length == strlen(whole) && span_starts(text, whole);
}

/* Takes `head` off the front. Returns whether it was there. */
static inline bool span_take(struct span *text, const char *head)
{
	if (!span_starts(*text, head))
		return false;
	*text = span_after(*text, strlen(head));
	return true;
}

/* Where `part` begins in `text`; text.length if it does not. */
static inline size_t span_find(struct span text, const char *part)
{
	const char *found = memmem(text.at, text.length, part, strlen(part));

	return found ? (size_t)(found - text.at) : text.length;
}

static inline bool span_has(struct span text, const char *part)
{
	return memmem(text.at, text.length, part, strlen(part)) != NULL;
}

/* Without blanks at its front. */
static inline struct span span_trim(struct span text)
{
	while (text.length > 0 && (*text.at == ' ' || *text.at == '\t'))
		text = span_after(text, 1);
	return text;
}

static inline bool span_digit(char letter)
{
	return letter >= '0' && letter <= '9';
}

static inline bool span_hex(char letter)
{
	return span_digit(letter) || (letter >= 'a' && letter <= 'f') ||
	       (letter >= 'A' && letter <= 'F');
}

static inline bool span_letter(char letter)
{
	return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

/* How many bytes at the front `is` holds for. */
static inline size_t span_while(struct span text, bool (*is)(char letter))
{
	size_t length = 0;

	while (length < text.length && is(text.at[length]))
		length++;
	return length;
}

#endif
