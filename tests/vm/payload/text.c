/* text.c: numbers, GUIDs and bytes in the payload's command lines
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/vm/payload/text.h"

bool text_same(const char *one, const char *other)
{
	while (*one && *one == *other) {
		one++;
		other++;
	}
	return *one == *other;
}

unsigned text_split(char *line, char **words, unsigned limit)
{
	unsigned count = 0;

	while (count < limit) {
		while (*line == ' ')
			*line++ = '\0';
		if (!*line)
			break;
		words[count++] = line;
		while (*line && *line != ' ')
			line++;
	}
	return count;
}

const char *text_value(const char *word, const char *key)
{
	while (*key && *word == *key) {
		word++;
		key++;
	}
	return !*key && *word == '=' ? word + 1 : NULL;
}

uint32_t text_number(const char *text)
{
	uint32_t number = 0;

	for (; *text >= '0' && *text <= '9'; text++)
		number = number * 10 + (uint32_t)(*text - '0');
	return number;
}

/* -1 for what is no lower-case hex digit. */
static int digit(char character)
{
	if (character >= '0' && character <= '9')
		return character - '0';
	if (character >= 'a' && character <= 'f')
		return character - 'a' + 10;
	return -1;
}

size_t text_hex(const char *text, uint8_t *ret_bytes, size_t limit)
{
	size_t size = 0;

	while (size < limit && digit(text[0]) >= 0 && digit(text[1]) >= 0) {
		ret_bytes[size++] = (uint8_t)(digit(text[0]) << 4 | digit(text[1]));
		text += 2;
	}
	return size;
}

void text_widen(const char *text, uint16_t *ret_wide, size_t limit)
{
	size_t length = 0;

	for (; *text && length + 1 < limit; text++)
		ret_wide[length++] = (uint8_t)*text;
	ret_wide[length] = 0;
}

void text_narrow(const uint16_t *wide, char *ret_text, size_t limit)
{
	size_t length = 0;

	for (; *wide && length + 1 < limit; wide++)
		ret_text[length++] = *wide < 128 ? (char)*wide : '?';
	ret_text[length] = '\0';
}
