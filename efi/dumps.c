/* dumps.c: which crash dumps of the kernel lie in EFI variables
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/dumps.h"

#include "efi/text.h"
#include "efi/variables.h"
#include "policy/bytes.h"

#define MOST_VARIABLES	4096 /* a full store of dumps has about 300; firmware may list for ever */
#define NAME_SIZE	512  /* bytes */
#define MOST_CHARACTERS 64   /* of a dump's name */

static void add(struct daruma_dumps *dumps, const CHAR16 *name, const EFI_GUID *vendor)
{
	char ascii[MOST_CHARACTERS];
	size_t length = 0;

	if (!daruma_same((const uint8_t *)vendor, (const uint8_t *)&variables_crash,
			 sizeof(*vendor)))
		return;
	if (!text_narrow((const uint8_t *)name, NAME_SIZE, ascii, sizeof(ascii)))
		return;
	while (ascii[length] != '\0')
		length++;
	daruma_dumps_add(dumps, ascii, length);
}

EFI_STATUS dumps_list(const struct firmware *firmware, struct daruma_dumps *ret)
{
	CHAR16 name[NAME_SIZE / sizeof(CHAR16)] = { 0 }; /* empty: begin */
	EFI_GUID vendor = { 0 };
	struct daruma_dumps dumps = { 0 };

	for (unsigned i = 0; i < MOST_VARIABLES; i++) {
		UINTN size = sizeof(name);
		EFI_STATUS status = firmware->runtime->GetNextVariableName(&size, name, &vendor);

		if (status == EFI_NOT_FOUND) {
			*ret = dumps;
			return EFI_SUCCESS;
		}
		if (EFI_ERROR(status))
			return status;
		add(&dumps, name, &vendor);
	}
	return EFI_ABORTED;
}
