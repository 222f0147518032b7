/* start_aarch64.c: where firmware enters the program: puts its addresses right, and calls efi_main()
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Firmware loads the image where it likes. ld leaves a list of the words that hold addresses (ELF for
 * the Arm 64-bit Architecture, "Dynamic relocations"), and efi/image_aarch64.lds says where the list
 * is. On x86 gnu-efi brings all this along; what it has for aarch64 makes no image whose pages can be
 * protected.
 */
#include <efi.h>
#include <stdint.h>

#define R_AARCH64_RELATIVE 1027

struct relocation {
	uint64_t offset; /* of the word, from the start of the image */
	uint64_t type;
	uint64_t address; /* its value, from there too */
};

/* Hidden: reached without a word that would have to be put right first. */
#pragma GCC visibility push(hidden)
extern uint8_t image_start[];
extern const struct relocation image_relocations[];
extern const struct relocation image_relocations_end[];
EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);
EFI_STATUS start_aarch64(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);
#pragma GCC visibility pop

/* A list of PE relocations that asks for nothing: without one, firmware takes the image for one that can
 * only be where it was linked. One block: its page, its size, two entries to skip. */
static const uint32_t nothing_to_relocate[]
	__attribute__((used, section(".reloc"), aligned(4096))) = { 0, 12, 0 };

EFI_STATUS start_aarch64(EFI_HANDLE image, EFI_SYSTEM_TABLE *table)
{
	uint64_t start = (uint64_t)image_start;

	for (const struct relocation *at = image_relocations; at != image_relocations_end; at++) {
		if (at->type != R_AARCH64_RELATIVE)
			return EFI_LOAD_ERROR;
		*(uint64_t *)(start + at->offset) = start + at->address;
	}
	return efi_main(image, table);
}
