/* files.c: read a small file of our own partition
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/files.h"

#include "efi/text.h"

static EFI_STATUS read_from(EFI_FILE_HANDLE root, const char *path, uint8_t *bytes, UINTN capacity,
			    UINTN *ret_size)
{
	CHAR16 name[DARUMA_PATH_SIZE];
	EFI_FILE_HANDLE file = NULL;
	UINTN size = capacity;
	EFI_STATUS status;

	text_widen(path, name, DARUMA_PATH_SIZE);
	status = root->Open(root, &file, name, EFI_FILE_MODE_READ, 0);
	if (EFI_ERROR(status))
		return status;
	status = file->Read(file, &size, bytes);
	file->Close(file);
	if (EFI_ERROR(status))
		return status;
	if (size > capacity)
		return EFI_DEVICE_ERROR;
	*ret_size = size;
	return EFI_SUCCESS;
}

EFI_STATUS files_read(const struct firmware *firmware, const char *path, uint8_t *bytes,
		      UINTN capacity, UINTN *ret_size)
{
	EFI_GUID guid = EFI_SIMPLE_FILE_SYSTEM_PROTOCOL_GUID;
	EFI_SIMPLE_FILE_SYSTEM_PROTOCOL *volume =
		firmware_protocol(firmware, firmware->self->DeviceHandle, guid);
	EFI_FILE_HANDLE root = NULL;
	EFI_STATUS status;

	if (!volume)
		return EFI_UNSUPPORTED;
	status = volume->OpenVolume(volume, &root);
	if (EFI_ERROR(status))
		return status;
	status = read_from(root, path, bytes, capacity, ret_size);
	root->Close(root);
	return status;
}
