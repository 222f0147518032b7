/* stamp.c: handing a stamp from the program that starts a loader to the one that the loader starts
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/bench/efi/stamp.h"

#include "policy/bytes.h"

static const EFI_GUID stamp_guid = {
	0x3d1f0a52, 0x7b64, 0x4c0e, { 0x8a, 0x11, 0x52, 0x6e, 0xd0, 0x97, 0x43, 0xbc }
};

EFI_STATUS stamp_hang_up(EFI_SYSTEM_TABLE *system, struct stamps *stamps)
{
	return system->BootServices->InstallConfigurationTable((EFI_GUID *)&stamp_guid, stamps);
}

const struct stamps *stamp_find(const EFI_SYSTEM_TABLE *system)
{
	for (UINTN i = 0; i < system->NumberOfTableEntries; i++)
		if (daruma_same((const uint8_t *)&system->ConfigurationTable[i].VendorGuid,
				(const uint8_t *)&stamp_guid, sizeof(stamp_guid)))
			return system->ConfigurationTable[i].VendorTable;
	return NULL;
}

static void EFIAPI note_image(EFI_EVENT event, void *context)
{
	struct stamps *stamps = context;

	(void)event;
	if (stamps->first_image.cycles == 0)
		stamps->first_image = stamp_take();
}

EFI_STATUS stamp_first_image(EFI_BOOT_SERVICES *boot, struct stamps *stamps)
{
	EFI_GUID guid = EFI_LOADED_IMAGE_PROTOCOL_GUID;
	EFI_EVENT event;
	void *registration;
	EFI_STATUS status;

	stamps->first_image = (struct stamp){ 0 };
	status = boot->CreateEvent(EVT_NOTIFY_SIGNAL, TPL_CALLBACK, note_image, stamps, &event);
	if (EFI_ERROR(status))
		return status;
	return boot->RegisterProtocolNotify(&guid, event, &registration);
}
