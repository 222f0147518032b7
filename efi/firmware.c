/* firmware.c: the services of UEFI that the stage uses, passed as a parameter
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/firmware.h"

EFI_STATUS firmware_open(EFI_HANDLE image, EFI_SYSTEM_TABLE *table, const struct hardware *hardware,
			 struct firmware *ret)
{
	EFI_GUID guid = EFI_LOADED_IMAGE_PROTOCOL_GUID;
	void *self = NULL;
	EFI_STATUS status = table->BootServices->HandleProtocol(image, &guid, &self);

	if (EFI_ERROR(status))
		return status;
	if (!self)
		return EFI_NOT_FOUND;
	*ret = (struct firmware){
		.image = image,
		.boot = table->BootServices,
		.runtime = table->RuntimeServices,
		.console = table->ConOut,
		.keyboard = table->ConIn,
		.self = self,
		.tables = table->ConfigurationTable,
		.table_count = table->NumberOfTableEntries,
		.hardware = hardware,
	};
	return EFI_SUCCESS;
}

void *firmware_protocol(const struct firmware *firmware, EFI_HANDLE handle, EFI_GUID guid)
{
	void *interface = NULL;

	if (!handle || EFI_ERROR(firmware->boot->HandleProtocol(handle, &guid, &interface)))
		return NULL;
	return interface;
}
