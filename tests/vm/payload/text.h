/* text.h: numbers, GUIDs and bytes in the payload's command lines
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_TESTS_VM_PAYLOAD_TEXT_H
#define DARUMA_TESTS_VM_PAYLOAD_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool text_same(const char *one, const char *other);

/* Cuts a line at its spaces, in place. Returns the number of words, at most `limit`. */
unsigned text_split(char *line, char **words, unsigned limit);

/* What follows `key` and an equals sign in `word`, or NULL where `word` is something else. */
const char *text_value(const char *word, const char *key);

/* A decimal number; stops at the first other character. */
uint32_t text_number(const char *text);

/* Reads pairs of hex digits. Returns the number of bytes, at most `limit`; stops at the first other character. */
size_t text_hex(const char *text, uint8_t *ret_bytes, size_t limit);

/* ASCII to a wide string of at most `limit` units with its end. */
void text_widen(const char *text, uint16_t *ret_wide, size_t limit);

/* The other way; what is not ASCII becomes a question mark. */
void text_narrow(const uint16_t *wide, char *ret_text, size_t limit);

#endif
