/* loader.c: a loader that does nothing but load and start, which no loader can undercut
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/bench/efi/image.h"

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *system);

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *system)
{
	return image_run(image, system, IMAGE_ARRIVAL);
}
