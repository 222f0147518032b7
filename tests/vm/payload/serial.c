/* serial.c: the payload's two serial ports, driven directly so that they outlive boot services
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/vm/payload/serial.h"

/* Registers of a 16550, as offsets from its port. */
enum {
	DATA,
	INTERRUPTS,
	FIFO,
	LINE_CONTROL,
	MODEM_CONTROL,
	LINE_STATUS,
};

#define LINE_8N1	0x03
#define LINE_DIVISOR	0x80
#define STATUS_RECEIVED 0x01
#define STATUS_EMPTY	0x20

static void out(uint16_t port, unsigned offset, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"((uint16_t)(port + offset)));
}

static uint8_t in(uint16_t port, unsigned offset)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"((uint16_t)(port + offset)));
	return value;
}

static void put_byte(uint16_t port, char byte)
{
	while (!(in(port, LINE_STATUS) & STATUS_EMPTY))
		;
	out(port, DATA, (uint8_t)byte);
}

static char get_byte(uint16_t port)
{
	while (!(in(port, LINE_STATUS) & STATUS_RECEIVED))
		__asm__ volatile("pause");
	return (char)in(port, DATA);
}

void serial_open(uint16_t port)
{
	out(port, INTERRUPTS, 0);
	out(port, LINE_CONTROL, LINE_DIVISOR);
	out(port, DATA, 1);
	out(port, INTERRUPTS, 0);
	out(port, LINE_CONTROL, LINE_8N1);
	out(port, FIFO, 0x07);
	out(port, MODEM_CONTROL, 0x03);
}

void serial_put(uint16_t port, const char *text)
{
	while (*text)
		put_byte(port, *text++);
}

void serial_put_hex(uint16_t port, const uint8_t *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < size; i++) {
		put_byte(port, digits[bytes[i] >> 4]);
		put_byte(port, digits[bytes[i] & 15]);
	}
}

void serial_get_line(uint16_t port, char *line, size_t size)
{
	size_t length = 0;
	char byte;

	while ((byte = get_byte(port)) != '\n')
		if (length + 1 < size)
			line[length++] = byte;
	line[length] = '\0';
}
