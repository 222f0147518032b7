/* utf8.c: which bytes are UTF-8
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/utf8.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* RFC 3629, section 4: the first byte tells the length and the range of the second. */
static const struct {
	unsigned char first_low, first_high;
	unsigned char second_low, second_high;
	unsigned char length;
} forms[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static bool continues(const unsigned char *bytes, size_t length)
{
	for (size_t i = 2; i < length; i++)
		if (bytes[i] < 0x80 || bytes[i] > 0xbf)
			return false;
	return true;
}

size_t utf8_length(const char *text, size_t size)
{
	const unsigned char *bytes = (const unsigned char *)text;

	if (size == 0)
		return 0;
	if (bytes[0] < 0x80)
		return 1;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (bytes[0] < forms[i].first_low || bytes[0] > forms[i].first_high)
			continue;
		if (size < forms[i].length || bytes[1] < forms[i].second_low ||
		    bytes[1] > forms[i].second_high || !continues(bytes, forms[i].length))
			return 0;
		return forms[i].length;
	}
	return 0;
}

char *utf8_mend(const char *text)
{
	static const char replacement[] = "\xef\xbf\xbd";
	size_t left = strlen(text);
	char *copy = malloc(3 * left + 1);
	char *to = copy;

	if (!copy)
		return NULL;
	while (left > 0) {
		size_t length = utf8_length(text, left);
		size_t taken = length ? length : 1;

		memcpy(to, length ? text : replacement, length ? length : 3);
		to += length ? length : 3;
		text += taken;
		left -= taken;
	}
	*to = 0;
	return copy;
}
