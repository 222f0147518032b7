/* fake_efi_images.c: boot services of the fake firmware that load and start programs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/fake_efi.h"

#include <string.h>
#include <strings.h>

/* The device part of the fake's paths: all before their end node. */
static size_t device_size(void)
{
	const uint8_t *path = fake_efi_now->device_path;
	size_t at = 0;

	while (path[at] != 0x7f)
		at += (size_t)(path[at + 2] | path[at + 3] << 8);
	return at;
}

/* The file that a full path on our partition leads to; false for any other path. */
static bool read_path(const uint8_t *path, char *ret_file)
{
	size_t at = device_size();
	size_t size;
	CHAR16 wide[FAKE_PATH_SIZE];

	if (memcmp(path, fake_efi_now->device_path, at) != 0 || path[at] != 4 || path[at + 1] != 4)
		return false;
	size = (size_t)(path[at + 2] | path[at + 3] << 8);
	if (size < 6 || size - 4 > sizeof(wide))
		return false;
	memcpy(wide, path + at + 4, size - 4);
	if (wide[(size - 4) / 2 - 1] != 0)
		return false;
	fake_efi_narrow(wide, ret_file, FAKE_PATH_SIZE);
	return memcmp(path + at + size, "\x7f\xff\x04\x00", 4) == 0;
}

static EFI_STATUS EFIAPI load_image(BOOLEAN policy, EFI_HANDLE parent, EFI_DEVICE_PATH *path,
				    VOID *source, UINTN size, EFI_HANDLE *ret)
{
	char file[FAKE_PATH_SIZE];

	/* What shim's LoadImage demands. */
	if (policy || parent != fake_efi_now || source || size != 0)
		return EFI_UNSUPPORTED;
	if (!read_path((const uint8_t *)path, file))
		return EFI_NOT_FOUND;
	for (unsigned i = 0; i < FAKE_PROGRAMS; i++) {
		struct fake_program *program = &fake_efi_now->programs[i];

		if (program->path[0] == '\0' || strcasecmp(program->path, file) != 0)
			continue;
		program->loaded++;
		/* What shim's LoadImage leaves there. */
		program->image.LoadOptions = fake_efi_now->load_options;
		program->image.LoadOptionsSize = fake_efi_now->load_options_size;
		/* An image that may not be started stays loaded (UEFI 2.10, 7.4.1). */
		if (!EFI_ERROR(program->load_status) ||
		    program->load_status == EFI_SECURITY_VIOLATION)
			*ret = program;
		return program->load_status;
	}
	return EFI_NOT_FOUND;
}

static EFI_STATUS EFIAPI unload_image(EFI_HANDLE handle)
{
	((struct fake_program *)handle)->unloaded++;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI start_image(EFI_HANDLE handle, UINTN *size, CHAR16 **data)
{
	struct fake_efi *fake = fake_efi_now;
	struct fake_program *program = handle;

	(void)size;
	(void)data;
	fake_efi_now->starts++;
	program->started++;
	program->options_size = program->image.LoadOptionsSize;
	if (program->options_size > 0 && program->options_size <= sizeof(program->options))
		memcpy(program->options, program->image.LoadOptions, program->options_size);
	program->image.LoadOptions = NULL;
	program->image.LoadOptionsSize = 0;
	if (program->start_status != FAKE_RUNS)
		return program->start_status;
	strcpy(fake->started, program->path);
	fake->end = FAKE_HANDED_OVER;
	longjmp(fake->out, 1);
}

static bool is(EFI_GUID *guid, EFI_GUID which)
{
	return fake_efi_same_guid(guid, &which);
}

static VOID *interface_of(struct fake_efi *fake, EFI_HANDLE handle, EFI_GUID *guid)
{
	EFI_GUID loaded = EFI_LOADED_IMAGE_PROTOCOL_GUID;
	EFI_GUID path = EFI_DEVICE_PATH_PROTOCOL_GUID;
	EFI_GUID volume = EFI_SIMPLE_FILE_SYSTEM_PROTOCOL_GUID;

	if (handle == fake)
		return is(guid, loaded) ? &fake->self : NULL;
	if (handle == fake->device_path) {
		if (is(guid, path) && !fake->no_device_path)
			return fake->device_path;
		return is(guid, volume) && !fake->no_volume ? &fake->volume : NULL;
	}
	return is(guid, loaded) ? &((struct fake_program *)handle)->image : NULL;
}

static EFI_STATUS EFIAPI handle_protocol(EFI_HANDLE handle, EFI_GUID *guid, VOID **ret)
{
	VOID *interface = interface_of(fake_efi_now, handle, guid);

	if (!interface)
		return EFI_UNSUPPORTED;
	*ret = interface;
	return EFI_SUCCESS;
}

void fake_efi_images_init(struct fake_efi *fake)
{
	fake->boot.LoadImage = load_image;
	fake->boot.UnloadImage = unload_image;
	fake->boot.StartImage = start_image;
	fake->boot.HandleProtocol = handle_protocol;
}
