/* partition.c: which partition and file this program was started from
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/partition.h"

#include "efi/devicepath.h"

const uint8_t *partition_path(const struct firmware *firmware)
{
	EFI_GUID guid = EFI_DEVICE_PATH_PROTOCOL_GUID;

	return firmware_protocol(firmware, firmware->self->DeviceHandle, guid);
}

bool partition_guid(const struct firmware *firmware, uint8_t ret_guid[DARUMA_GUID_SIZE])
{
	return devicepath_partition(partition_path(firmware), DEVICEPATH_MOST, ret_guid);
}

bool partition_own_file(const struct firmware *firmware, char ret_file[DARUMA_PATH_SIZE])
{
	return devicepath_file((const uint8_t *)firmware->self->FilePath, DEVICEPATH_MOST,
			       ret_file);
}
