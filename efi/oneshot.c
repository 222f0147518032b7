/* oneshot.c: the entry that systemd-boot is to start in a safe start
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/oneshot.h"

#include "efi/files.h"
#include "efi/variables.h"
#include "policy/names.h"

#define ATTRIBUTES                                                                                 \
	(EFI_VARIABLE_NON_VOLATILE | EFI_VARIABLE_BOOTSERVICE_ACCESS | EFI_VARIABLE_RUNTIME_ACCESS)

static const EFI_GUID loader = {
	0x4a67b082, 0x0a4c, 0x41cf, { 0xb6, 0xc7, 0x44, 0x0b, 0x29, 0xbb, 0x8c, 0x4f }
};
static const struct variable variable = { L"LoaderEntryOneShot", &loader };
/* A pattern: some versions have the counter of the file's name in the name of the entry, others not. */
static const CHAR16 entry[] = L"daruma-safe*.conf";

void oneshot_ask(const struct firmware *firmware)
{
	uint8_t byte;
	UINTN size = 0;

	if (!EFI_ERROR(files_read(firmware, DARUMA_ESP_SAFE_ENTRY, &byte, 1, &size)) && size == 1)
		variables_write(firmware, variable, ATTRIBUTES, (const uint8_t *)entry,
				sizeof(entry));
}

void oneshot_take_back(const struct firmware *firmware)
{
	if (variables_holds(firmware, variable, ATTRIBUTES, (const uint8_t *)entry, sizeof(entry)))
		variables_delete(firmware, variable);
}
