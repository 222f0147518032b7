/* hardware_aarch64.c: no registers: on aarch64 the stage reaches none
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * There are no ports. Registers in memory are mapped before ExitBootServices only where the firmware's
 * memory map has them, and an access to others ends the start, which is worse than a start without a
 * watchdog. So all of them are absent, as efi/hardware.h has it, and with them every watchdog.
 */
#include "efi/hardware.h"

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
	(void)address;
	return ones(width);
}

static void write_memory(uint64_t address, enum hardware_width width, uint32_t value)
{
	(void)address;
	(void)width;
	(void)value;
}

const struct hardware daruma_hardware = {
	.read_port = read_port,
	.write_port = write_port,
	.read_memory = read_memory,
	.write_memory = write_memory,
};
