/* json_scan.c: is this text strictly JSON, before any parser touches it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/json_scan.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "recovery/json.h"
#include "recovery/utf8.h"

struct scan {
	const char *text;
	size_t length;
	size_t at;
	unsigned depth;
	const char *problem; /* set once */
	json_scan_number *number;
	void *user;
	int error;
};

static bool scan_value(struct scan *scan);

static bool fail(struct scan *scan, const char *problem)
{
	if (!scan->problem)
		scan->problem = problem;
	return false;
}

/* The byte at the place, or -1 at the end. */
static int peek(const struct scan *scan)
{
	return scan->at < scan->length ? (unsigned char)scan->text[scan->at] : -1;
}

static bool take(struct scan *scan, char wanted)
{
	if (peek(scan) != wanted)
		return false;
	scan->at++;
	return true;
}

static void skip_space(struct scan *scan)
{
	while (peek(scan) == ' ' || peek(scan) == '\t' || peek(scan) == '\n' || peek(scan) == '\r')
		scan->at++;
}

static bool take_digits(struct scan *scan)
{
	size_t start = scan->at;

	while (peek(scan) >= '0' && peek(scan) <= '9')
		scan->at++;
	return scan->at > start;
}

static bool scan_number(struct scan *scan)
{
	bool whole = true;

	take(scan, '-');
	if (!take(scan, '0') && !take_digits(scan))
		return fail(scan, "not a value");
	if (take(scan, '.')) {
		whole = false;
		if (!take_digits(scan))
			return fail(scan, "a digit must follow the point");
	}
	if (take(scan, 'e') || take(scan, 'E')) {
		whole = false;
		if (!take(scan, '+'))
			take(scan, '-');
		if (!take_digits(scan))
			return fail(scan, "a digit must follow the exponent");
	}
	scan->error = scan->number(scan->user, whole);
	return scan->error == 0;
}

static int hex_of(int byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	if (byte >= 'A' && byte <= 'F')
		return byte - 'A' + 10;
	return -1;
}

/* Four hex digits, or -1. */
static int take_unit(struct scan *scan)
{
	int unit = 0;

	for (int i = 0; i < 4; i++, scan->at++) {
		int digit = hex_of(peek(scan));

		if (digit < 0)
			return -1;
		unit = unit * 16 + digit;
	}
	return unit;
}

static bool scan_unicode(struct scan *scan)
{
	int unit = take_unit(scan);

	if (unit < 0)
		return fail(scan, "four hex digits must follow \\u");
	if (unit == 0)
		return fail(scan, "a string must not hold the character zero");
	if (unit >= 0xdc00 && unit <= 0xdfff)
		return fail(scan, "half of a surrogate pair");
	if (unit < 0xd800 || unit > 0xdbff)
		return true;
	if (!take(scan, '\\') || !take(scan, 'u'))
		return fail(scan, "half of a surrogate pair");
	unit = take_unit(scan);
	if (unit < 0xdc00 || unit > 0xdfff)
		return fail(scan, "half of a surrogate pair");
	return true;
}

static bool scan_escape(struct scan *scan)
{
	int byte = peek(scan);

	if (byte <= 0 || !strchr("\"\\/bfnrtu", byte)) /* strchr() finds the NUL too */
		return fail(scan, "unknown escape");
	scan->at++;
	return byte == 'u' ? scan_unicode(scan) : true;
}

static bool scan_character(struct scan *scan)
{
	size_t size;

	if (peek(scan) < 0)
		return fail(scan, "a string does not end");
	if (peek(scan) < 0x20)
		return fail(scan, "a control character in a string");
	if (take(scan, '\\'))
		return scan_escape(scan);
	size = utf8_length(scan->text + scan->at, scan->length - scan->at);
	if (size == 0)
		return fail(scan, "not UTF-8");
	scan->at += size;
	return true;
}

static bool scan_string(struct scan *scan)
{
	if (!take(scan, '"'))
		return fail(scan, "a string was expected");
	while (!take(scan, '"'))
		if (!scan_character(scan))
			return false;
	return true;
}

static bool scan_member(struct scan *scan)
{
	skip_space(scan);
	if (!scan_string(scan))
		return false;
	skip_space(scan);
	if (!take(scan, ':'))
		return fail(scan, "a colon was expected");
	return scan_value(scan);
}

/* An object or an array, whose first bracket is taken. */
static bool scan_container(struct scan *scan, char last, bool (*element)(struct scan *scan))
{
	if (++scan->depth > JSON_DEPTH_MAX)
		return fail(scan, "nested too deeply");
	skip_space(scan);
	if (take(scan, last)) {
		scan->depth--;
		return true;
	}
	for (;;) {
		if (!element(scan))
			return false;
		skip_space(scan);
		if (take(scan, last)) {
			scan->depth--;
			return true;
		}
		if (!take(scan, ','))
			return fail(scan, "a comma or the end was expected");
	}
}

static bool scan_word(struct scan *scan, const char *word)
{
	for (; *word; word++)
		if (!take(scan, *word))
			return fail(scan, "not a value");
	return true;
}

static bool scan_value(struct scan *scan)
{
	skip_space(scan);
	switch (peek(scan)) {
	case '{':
		scan->at++;
		return scan_container(scan, '}', scan_member);
	case '[':
		scan->at++;
		return scan_container(scan, ']', scan_value);
	case '"':
		return scan_string(scan);
	case 't':
		return scan_word(scan, "true");
	case 'f':
		return scan_word(scan, "false");
	case 'n':
		return scan_word(scan, "null");
	case -1:
		return fail(scan, "the text ends too early");
	default:
		return scan_number(scan);
	}
}

static void name_place(const struct scan *scan, char *problem, size_t size)
{
	size_t line = 1;
	size_t column = 1;

	for (size_t i = 0; i < scan->at && i < scan->length; i++) {
		column++;
		if (scan->text[i] == '\n') {
			line++;
			column = 1;
		}
	}
	snprintf(problem, size, "line %zu, column %zu: %s", line, column, scan->problem);
}

int json_scan(const char *text, size_t length, json_scan_number *number, void *user,
	      char *ret_problem, size_t problem_size)
{
	struct scan scan = { .text = text, .length = length, .number = number, .user = user };
	bool sound = scan_value(&scan);

	if (sound) {
		skip_space(&scan);
		sound = scan.at == scan.length || fail(&scan, "text after the value");
	}
	if (sound)
		return 0;
	if (scan.error)
		return scan.error;
	name_place(&scan, ret_problem, problem_size);
	return -EBADMSG;
}
