/* serial.h: the payload's two serial lines, driven directly so that they outlive boot services
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_TESTS_VM_PAYLOAD_SERIAL_H
#define DARUMA_TESTS_VM_PAYLOAD_SERIAL_H

#include <stddef.h>
#include <stdint.h>

enum serial_line {
	/* What the test keeps as serial.log. */
	SERIAL_CONSOLE,
	/* Where the test's commands come from; the firmware leaves it alone. */
	SERIAL_COMMANDS,
};

void serial_put(enum serial_line line, const char *text);

/* Two lower-case hex digits for each byte. */
void serial_put_hex(enum serial_line line, const uint8_t *bytes, size_t size);

/* Waits for a whole line of text and stores it without its end. One that does not fit is cut. */
void serial_get_line(enum serial_line line, char *text, size_t size);

/* --- what each architecture has: serial_x86.c, serial_aarch64.c ------------------------------- */

/* Once, before any other. */
void serial_open(enum serial_line line);

/* Both wait. Nothing is read from the console. */
void serial_put_byte(enum serial_line line, char byte);
char serial_get_byte(enum serial_line line);

#endif
