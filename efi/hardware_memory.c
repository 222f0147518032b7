/* hardware_memory.c: one access to memory by its address, as every processor has it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/hardware_memory.h"

uint32_t hardware_memory_read(uint64_t address, enum hardware_width width)
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

void hardware_memory_write(uint64_t address, enum hardware_width width, uint32_t value)
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
