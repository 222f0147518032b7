/* fuzz_efi_boot_entry.c: any bytes as the boot entry that the stage may delete; only one that leads to it goes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What leads there is asked of recovery/boot/boot_entry.c, which reads the same bytes in its own way.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "efi/bootentry.h"
#include "efi/variables.h"
#include "recovery/boot/boot_entry.h"
#include "tests/unit/fake_efi.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct fake_efi machine;
static struct firmware firmware;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fake_efi_init(&machine);
	fake_efi_now = &machine;
	machine.self = (EFI_LOADED_IMAGE){
		.DeviceHandle = machine.device_path,
		.FilePath = (EFI_DEVICE_PATH *)machine.own_path,
	};
	if (EFI_ERROR(firmware_open(&machine, &machine.table, &fake_efi_registers, &firmware)))
		abort();
	fake_efi_put(&machine, "BootCurrent", &variables_global, 6, (const uint8_t *)"\x0a", 2);
	return 0;
}

static bool leads_here(const uint8_t *data, size_t size)
{
	struct boot_entry entry;

	if (!boot_entry_decode(data, size, &entry))
		return false;
	/* The first word may be sound where the rest is not. */
	return (entry.options_lost ||
		strcasecmp(boot_entry_program(&entry), DARUMA_ESP_PROGRAM) == 0) &&
	       memmem(data, size, fake_install, DARUMA_GUID_SIZE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool deleted;

	if (size == 0 || size > FAKE_VALUE_SIZE)
		return 0;
	fake_efi_put(&machine, "Boot000A", &variables_global, 7, data, size);
	deleted = bootentry_delete_own(&firmware);
	if (deleted != !fake_efi_find(&machine, "Boot000A", &variables_global))
		abort();
	if (deleted && !leads_here(data, size))
		abort();
	return 0;
}
