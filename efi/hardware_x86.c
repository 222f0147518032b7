/* hardware_x86.c: the registers of a real x86 machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/hardware.h"

#include "efi/hardware_memory.h"

static uint32_t read_port(uint16_t port, enum hardware_width width)
{
	uint32_t value = 0;

	switch (width) {
	case HARDWARE_8:
		__asm__ volatile("inb %w1, %b0" : "+a"(value) : "Nd"(port));
		break;
	case HARDWARE_16:
		__asm__ volatile("inw %w1, %w0" : "+a"(value) : "Nd"(port));
		break;
	case HARDWARE_32:
		__asm__ volatile("inl %w1, %k0" : "+a"(value) : "Nd"(port));
		break;
	}
	return value;
}

static void write_port(uint16_t port, enum hardware_width width, uint32_t value)
{
	switch (width) {
	case HARDWARE_8:
		__asm__ volatile("outb %b0, %w1" : : "a"(value), "Nd"(port));
		break;
	case HARDWARE_16:
		__asm__ volatile("outw %w0, %w1" : : "a"(value), "Nd"(port));
		break;
	case HARDWARE_32:
		__asm__ volatile("outl %k0, %w1" : : "a"(value), "Nd"(port));
		break;
	}
}

/* All of it is mapped, and what is not there reads as ones. */
static bool reaches(const struct firmware *firmware, uint64_t address, uint64_t size)
{
	(void)firmware;
	(void)address;
	(void)size;
	return true;
}

static uint64_t ticks_in_second(void)
{
	return 0;
}

const struct hardware daruma_hardware = {
	.read_port = read_port,
	.write_port = write_port,
	.read_memory = hardware_memory_read,
	.write_memory = hardware_memory_write,
	.reaches = reaches,
	.ticks_in_second = ticks_in_second,
};
