/* hardware_aarch64.c: the registers of a real aarch64 machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * There are no ports: they read as ones. An access to memory where there is none ends the start, which is worse than a start
 * without a watchdog: whoever reads it asks reaches() first.
 */
#include "efi/hardware.h"

#include "efi/memory_map.h"

static uint32_t ones(enum hardware_width width)
{
	return UINT32_MAX >> (32 - 8 * (unsigned)width);
}

static uint32_t read_port(uint16_t port, enum hardware_width width)
{
	(void)port;
	return ones(width);
}

static void write_port(uint16_t port, enum hardware_width width, uint32_t value)
{
	(void)port;
	(void)width;
	(void)value;
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

static uint64_t ticks_in_second(void)
{
	uint64_t value;

	__asm__("mrs %0, cntfrq_el0" : "=r"(value));
	return value;
}

const struct hardware daruma_hardware = {
	.read_port = read_port,
	.write_port = write_port,
	.read_memory = read_memory,
	.write_memory = write_memory,
	.reaches = memory_map_has,
	.ticks_in_second = ticks_in_second,
};
