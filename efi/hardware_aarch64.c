/* hardware_aarch64.c: the registers of a real aarch64 machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * There are no ports: they read as ones. An access to memory where there is none ends the start, which is worse than a start
 * without a watchdog: whoever reads it asks reaches() first.
 */
#include "efi/hardware.h"

#include "efi/hardware_memory.h"
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

static uint64_t ticks_in_second(void)
{
	uint64_t value;

	__asm__("mrs %0, cntfrq_el0" : "=r"(value));
	return value;
}

const struct hardware daruma_hardware = {
	.read_port = read_port,
	.write_port = write_port,
	.read_memory = hardware_memory_read,
	.write_memory = hardware_memory_write,
	.reaches = memory_map_has,
	.ticks_in_second = ticks_in_second,
};
