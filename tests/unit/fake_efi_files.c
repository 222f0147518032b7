/* fake_efi_files.c: the FAT partition of the fake firmware
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/fake_efi.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* One open file or the root folder. */
struct open_file {
	EFI_FILE services; /* first: the firmware's handle is a pointer to it */
	const struct fake_file *file;
	size_t at;
};

static EFI_STATUS EFIAPI open_file(EFI_FILE_HANDLE folder, EFI_FILE_HANDLE *ret, CHAR16 *name,
				   UINT64 mode, UINT64 attributes);

static EFI_STATUS EFIAPI close_file(EFI_FILE_HANDLE handle)
{
	fake_efi_now->open_files--;
	free(handle);
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI read_file(EFI_FILE_HANDLE handle, UINTN *size, VOID *bytes)
{
	struct open_file *open = (struct open_file *)handle;
	size_t rest;

	if (!open->file)
		return EFI_UNSUPPORTED;
	if (EFI_ERROR(open->file->read_status))
		return open->file->read_status;
	rest = open->file->size - open->at;
	if (*size > rest)
		*size = rest;
	if (*size > 0)
		memcpy(bytes, open->file->bytes + open->at, *size);
	open->at += *size;
	return EFI_SUCCESS;
}

static EFI_FILE_HANDLE make(const struct fake_file *file)
{
	struct open_file *open = calloc(1, sizeof(*open));

	if (!open)
		abort();
	open->services.Open = open_file;
	open->services.Close = close_file;
	open->services.Read = read_file;
	open->file = file;
	fake_efi_now->open_files++;
	return &open->services;
}

static EFI_STATUS EFIAPI open_file(EFI_FILE_HANDLE folder, EFI_FILE_HANDLE *ret, CHAR16 *name,
				   UINT64 mode, UINT64 attributes)
{
	char path[FAKE_PATH_SIZE];

	(void)folder;
	(void)attributes;
	/* The stage only reads. */
	if (mode != EFI_FILE_MODE_READ)
		return EFI_WRITE_PROTECTED;
	fake_efi_narrow(name, path, sizeof(path));
	for (unsigned i = 0; i < FAKE_FILES; i++) {
		const struct fake_file *file = &fake_efi_now->files[i];

		if (file->path[0] == '\0' || strcasecmp(file->path, path) != 0)
			continue;
		if (EFI_ERROR(file->open_status))
			return file->open_status;
		*ret = make(file);
		return EFI_SUCCESS;
	}
	return EFI_NOT_FOUND;
}

static EFI_STATUS EFIAPI open_volume(EFI_SIMPLE_FILE_SYSTEM_PROTOCOL *volume, EFI_FILE_HANDLE *ret)
{
	(void)volume;
	if (EFI_ERROR(fake_efi_now->volume_status))
		return fake_efi_now->volume_status;
	*ret = make(NULL);
	return EFI_SUCCESS;
}

void fake_efi_files_init(struct fake_efi *fake)
{
	fake->volume.Revision = EFI_SIMPLE_FILE_SYSTEM_PROTOCOL_REVISION;
	fake->volume.OpenVolume = open_volume;
}
