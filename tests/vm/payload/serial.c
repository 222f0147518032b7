/* serial.c: texts and bytes over a serial line
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/vm/payload/serial.h"

void serial_put(enum serial_line line, const char *text)
{
	while (*text)
		serial_put_byte(line, *text++);
}

void serial_put_hex(enum serial_line line, const uint8_t *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < size; i++) {
		serial_put_byte(line, digits[bytes[i] >> 4]);
		serial_put_byte(line, digits[bytes[i] & 15]);
	}
}

void serial_get_line(enum serial_line line, char *text, size_t size)
{
	size_t length = 0;
	char byte;

	while ((byte = serial_get_byte(line)) != '\n')
		if (length + 1 < size)
			text[length++] = byte;
	text[length] = '\0';
}
