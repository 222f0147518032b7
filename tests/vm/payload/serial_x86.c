/* serial_x86.c: the serial lines of a PC: 16550s behind ports
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/vm/payload/serial.h"

static const uint16_t ports[] = { [SERIAL_CONSOLE] = 0x3f8, [SERIAL_COMMANDS] = 0x2e8 };

/* Registers, as offsets from the port. */
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

static void out(enum serial_line line, unsigned offset, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"((uint16_t)(ports[line] + offset)));
}

static uint8_t in(enum serial_line line, unsigned offset)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"((uint16_t)(ports[line] + offset)));
	return value;
}

/* 115200 8N1, no interrupts. */
void serial_open(enum serial_line line)
{
	out(line, INTERRUPTS, 0);
	out(line, LINE_CONTROL, LINE_DIVISOR);
	out(line, DATA, 1);
	out(line, INTERRUPTS, 0);
	out(line, LINE_CONTROL, LINE_8N1);
	out(line, FIFO, 0x07);
	out(line, MODEM_CONTROL, 0x03);
}

void serial_put_byte(enum serial_line line, char byte)
{
	while (!(in(line, LINE_STATUS) & STATUS_EMPTY))
		;
	out(line, DATA, (uint8_t)byte);
}

char serial_get_byte(enum serial_line line)
{
	while (!(in(line, LINE_STATUS) & STATUS_RECEIVED))
		__asm__ volatile("pause");
	return (char)in(line, DATA);
}
