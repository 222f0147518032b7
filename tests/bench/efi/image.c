/* image.c: loading a program from the partition that this one is on
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/bench/efi/image.h"

#include "efi/devicepath.h"

EFI_STATUS image_load(EFI_HANDLE image, EFI_SYSTEM_TABLE *system, const char *file,
		      EFI_HANDLE *ret_child)
{
	EFI_BOOT_SERVICES *boot = system->BootServices;
	EFI_GUID image_guid = EFI_LOADED_IMAGE_PROTOCOL_GUID;
	EFI_GUID path_guid = EFI_DEVICE_PATH_PROTOCOL_GUID;
	EFI_LOADED_IMAGE *self;
	uint8_t path[DEVICEPATH_MOST];
	void *device;
	EFI_STATUS status;

	status = boot->HandleProtocol(image, &image_guid, (void **)&self);
	if (EFI_ERROR(status))
		return status;
	status = boot->HandleProtocol(self->DeviceHandle, &path_guid, &device);
	if (EFI_ERROR(status))
		return status;
	if (!devicepath_append_file(device, file, path, sizeof(path)))
		return EFI_INVALID_PARAMETER;
	return boot->LoadImage(FALSE, image, (EFI_DEVICE_PATH *)path, NULL, 0, ret_child);
}

EFI_STATUS image_run(EFI_HANDLE image, EFI_SYSTEM_TABLE *system, const char *file)
{
	EFI_HANDLE child;
	EFI_STATUS status = image_load(image, system, file, &child);

	return EFI_ERROR(status) ? status : system->BootServices->StartImage(child, NULL, NULL);
}
