/* hardware_x86.c: the registers of a real x86 machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/hardware.h"

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

static uint32_t read_memory(uint64_t address, enum hardware_width width)
{
	switch (width) {
	case HARDWARE_8:
		return *(const volatile uint8_t *)(uintptr_t)address;
	case HARDWARE_16:
		return *(const volatile uint16_t *)(uintptr_t)address;
	case HARDWARE_32:
		return *(const volatile uint32_t *)(uintptr_t)address;
	}
	return 0;
}

static void write_memory(uint64_t address, enum hardware_width width, uint32_t value)
{
	switch (width) {
	case HARDWARE_8:
		*(volatile uint8_t *)(uintptr_t)address = (uint8_t)value;
		break;
	case HARDWARE_16:
		*(volatile uint16_t *)(uintptr_t)address = (uint16_t)value;
		break;
	case HARDWARE_32:
		*(volatile uint32_t *)(uintptr_t)address = value;
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
	.read_memory = read_memory,
	.write_memory = write_memory,
	.reaches = reaches,
	.ticks_in_second = ticks_in_second,
};
