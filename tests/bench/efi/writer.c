/* writer.c: the same as loader.c with one non-volatile write before: tells what one costs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/variables.h"
#include "policy/record.h"
#include "tests/bench/efi/image.h"

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *system);

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *system)
{
	/* As large as the record, and with its attributes. The bench has put one there that is replaced. */
	uint8_t bytes[DARUMA_RECORD_SIZE] = { 1 };
	EFI_STATUS status = system->RuntimeServices->SetVariable(
		(CHAR16 *)u"DarumaBench", (EFI_GUID *)&variables_daruma, DARUMA_RECORD_ATTRIBUTES,
		sizeof(bytes), bytes);

	return EFI_ERROR(status) ? status : image_run(image, system, IMAGE_ARRIVAL);
}
