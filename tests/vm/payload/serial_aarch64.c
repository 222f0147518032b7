/* serial_aarch64.c: the serial lines of QEMU's machine "virt": a PL011, and its own door for programs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * "virt" has one serial port that this program may use, and the firmware has it as its console. So
 * commands come by semihosting (Arm, "Semihosting for AArch32 and AArch64"), which asks nothing of the
 * firmware: what a program calls its console is a line of its own there.
 */
#include "tests/vm/payload/serial.h"

#define PL011	      0x09000000
#define DATA	      0x00
#define FLAGS	      0x18
#define TRANSMIT_FULL 0x20u

#define SYS_WRITEC 3
#define SYS_READC  7

static volatile uint32_t *console(unsigned offset)
{
	return (volatile uint32_t *)(uintptr_t)(PL011 + offset);
}

static void write_command_byte(const char *byte)
{
	register uint64_t x0 __asm__("x0") = SYS_WRITEC;
	register const char *x1 __asm__("x1") = byte;

	__asm__ volatile("hlt #0xf000" : "+r"(x0) : "r"(x1) : "memory");
}

/* QEMU lays the byte under the stack pointer and then answers with it; 7.2 answers before it does so.
 * An interrupt in between would push something else there. */
static char read_command_byte(void)
{
	register uint64_t x0 __asm__("x0") = SYS_READC;
	uint64_t masked;

	__asm__ volatile("mrs %1, daif\n"
			 "msr daifset, #2\n"
			 "mov x1, #0\n"
			 "hlt #0xf000\n"
			 "ldurb w0, [sp, #-1]\n"
			 "msr daif, %1\n"
			 : "+r"(x0), "=&r"(masked)
			 :
			 : "x1", "memory");
	return (char)x0;
}

/* The firmware has opened the console. */
void serial_open(enum serial_line line)
{
	(void)line;
}

void serial_put_byte(enum serial_line line, char byte)
{
	if (line == SERIAL_COMMANDS) {
		write_command_byte(&byte);
		return;
	}
	while (*console(FLAGS) & TRANSMIT_FULL)
		;
	*console(DATA) = (uint8_t)byte;
}

char serial_get_byte(enum serial_line line)
{
	(void)line;
	return read_command_byte();
}
