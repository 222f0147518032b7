/* hardware_memory.h: one access to memory by its address, as every processor has it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For the files of the architectures behind efi/hardware.h, whose contract these two have.
 */
#ifndef DARUMA_EFI_HARDWARE_MEMORY_H
#define DARUMA_EFI_HARDWARE_MEMORY_H

#include "efi/hardware.h"

uint32_t hardware_memory_read(uint64_t address, enum hardware_width width);
void hardware_memory_write(uint64_t address, enum hardware_width width, uint32_t value);

#endif
