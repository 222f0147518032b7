/* memory_map.h: whether there is anything at an address, by the firmware's own map
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For machines where an access to nothing ends the start (aarch64). The map of UEFI's boot services has memory only, so this
 * is the one of the phase before them, which knows registers too: table DXE_SERVICES, function GetMemorySpaceDescriptor
 * (UEFI Platform Initialization 1.8, volume 2, 7.2.5). Firmware of another make has none, and then nothing is there.
 */
#ifndef DARUMA_EFI_MEMORY_MAP_H
#define DARUMA_EFI_MEMORY_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "efi/firmware.h"

/* The start of the table, up to the one function that is used. */
struct memory_map_entry {
	UINT64 base;
	UINT64 size;
	UINT64 capabilities;
	UINT64 attributes; /* EFI_MEMORY_UC ...: 0 it is not mapped */
	UINT32 type;	   /* 2 memory, 3 registers */
	EFI_HANDLE image;
	EFI_HANDLE device;
};

typedef EFI_STATUS(EFIAPI *memory_map_get)(UINT64 address, struct memory_map_entry *ret);

struct memory_map_services {
	EFI_TABLE_HEADER header;
	void *others[4];
	memory_map_get get_memory_space_descriptor;
};

/* Whether `size` bytes at that physical address are memory, or registers that are mapped, all in one entry of the map. */
bool memory_map_has(const struct firmware *firmware, uint64_t address, uint64_t size);

#endif
