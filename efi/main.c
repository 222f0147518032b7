/* main.c: entry of the UEFI program; what it does is stage.c
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/stage.h"

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table)
{
	struct firmware firmware;
	EFI_STATUS status = firmware_open(image, table, &daruma_hardware, &firmware);

	return EFI_ERROR(status) ? status : daruma_stage_run(&firmware);
}
