/* serial.h: the payload's two serial ports, driven directly so that they outlive boot services
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_TESTS_VM_PAYLOAD_SERIAL_H
#define DARUMA_TESTS_VM_PAYLOAD_SERIAL_H

#include <stddef.h>
#include <stdint.h>

#define SERIAL_CONSOLE 0x3f8 /* what the test keeps as serial.log */
/* Where the test's commands come from; the firmware leaves it alone */
#define SERIAL_COMMANDS 0x2e8

/* 115200 8N1, no interrupts. */
void serial_open(uint16_t port);

void serial_put(uint16_t port, const char *text);

/* Two lower-case hex digits for each byte. */
void serial_put_hex(uint16_t port, const uint8_t *bytes, size_t size);

/* Waits for a whole line and stores it without its end. A line that does not fit is cut. */
void serial_get_line(uint16_t port, char *line, size_t size);

#endif
