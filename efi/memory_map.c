/* memory_map.c: whether there is anything at an address, by the firmware's own map
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/memory_map.h"

#include "policy/bytes.h"

#define SIGNATURE      0x565245535f455844ull /* "DXE_SERV" */
#define TYPE_MEMORY    2u
#define TYPE_REGISTERS 3u

static const EFI_GUID dxe_services = {
	0x05ad34ba, 0x6f02, 0x4214, { 0x95, 0x2e, 0x4d, 0xa0, 0x39, 0x8e, 0x2b, 0xb9 }
};

static const struct memory_map_services *services(const struct firmware *firmware)
{
	for (UINTN i = 0; firmware->tables && i < firmware->table_count; i++) {
		const struct memory_map_services *found = firmware->tables[i].VendorTable;

		if (daruma_same((const uint8_t *)&firmware->tables[i].VendorGuid,
				(const uint8_t *)&dxe_services, sizeof(dxe_services)))
			return found && found->header.Signature == SIGNATURE &&
					       found->header.HeaderSize >= sizeof(*found) ?
				       found :
				       NULL;
	}
	return NULL;
}

bool memory_map_has(const struct firmware *firmware, uint64_t address, uint64_t size)
{
	const struct memory_map_services *map = services(firmware);
	struct memory_map_entry entry = { .size = 0 };

	if (!map || EFI_ERROR(map->get_memory_space_descriptor(address, &entry)))
		return false;
	if (address < entry.base || address - entry.base > entry.size ||
	    size > entry.size - (address - entry.base))
		return false;
	return entry.type == TYPE_MEMORY || (entry.type == TYPE_REGISTERS && entry.attributes != 0);
}
