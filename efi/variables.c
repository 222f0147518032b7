/* variables.c: EFI variables, with exact attributes (R33)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/variables.h"

#include "policy/bytes.h"

const EFI_GUID variables_daruma = {
	0x8d4f2c5e, 0x6a31, 0x4b7e, { 0x9c, 0x0d, 0xd1, 0xa2, 0xb3, 0xc4, 0xe5, 0xf6 }
};
const EFI_GUID variables_crash = {
	0xcfc8fc79, 0xbe2e, 0x4ddc, { 0x97, 0xf0, 0x9f, 0x98, 0xbf, 0xe2, 0x98, 0xa0 }
};
const EFI_GUID variables_global = {
	0x8be4df61, 0x93ca, 0x11d2, { 0xaa, 0x0d, 0x00, 0xe0, 0x98, 0x03, 0x2b, 0x8c }
};

/* The firmware's prototypes have no const; it does not change what these point to. */

static EFI_STATUS get(const struct firmware *firmware, struct variable variable, UINT32 *attributes,
		      uint8_t *bytes, UINTN *size)
{
	return firmware->runtime->GetVariable((CHAR16 *)variable.name, (EFI_GUID *)variable.vendor,
					      attributes, size, bytes);
}

static EFI_STATUS set(const struct firmware *firmware, struct variable variable, UINT32 attributes,
		      const uint8_t *bytes, UINTN size)
{
	return firmware->runtime->SetVariable((CHAR16 *)variable.name, (EFI_GUID *)variable.vendor,
					      attributes, size, (uint8_t *)bytes);
}

EFI_STATUS variables_read(const struct firmware *firmware, struct variable variable,
			  UINT32 attributes, uint8_t *bytes, UINTN capacity, UINTN *ret_size)
{
	UINTN size = capacity;
	UINT32 found = 0;
	EFI_STATUS status = get(firmware, variable, &found, bytes, &size);

	if (EFI_ERROR(status))
		return status;
	if (size > capacity)
		return EFI_DEVICE_ERROR;
	if (found != attributes)
		return EFI_SECURITY_VIOLATION;
	*ret_size = size;
	return EFI_SUCCESS;
}

/* Whether a variable of this name is in the way of one with `attributes` (firmware never lets
 * them change). Old firmware does not tell the attributes of a value that is too long for the
 * buffer, so such a one is in the way too. */
static bool is_in_the_way(const struct firmware *firmware, struct variable variable,
			  UINT32 attributes)
{
	uint8_t bytes[VARIABLES_MOST];
	UINTN size;
	EFI_STATUS status =
		variables_read(firmware, variable, attributes, bytes, sizeof(bytes), &size);

	return status == EFI_SECURITY_VIOLATION || status == EFI_BUFFER_TOO_SMALL;
}

EFI_STATUS variables_write(const struct firmware *firmware, struct variable variable,
			   UINT32 attributes, const uint8_t *bytes, UINTN size)
{
	EFI_STATUS status = set(firmware, variable, attributes, bytes, size);

	if (!EFI_ERROR(status) || !is_in_the_way(firmware, variable, attributes))
		return status;
	/* A power cut after the deletion leaves no variable: for the record the table knows that
	 * state (R7). */
	status = variables_delete(firmware, variable);
	if (EFI_ERROR(status))
		return status;
	return set(firmware, variable, attributes, bytes, size);
}

bool variables_holds(const struct firmware *firmware, struct variable variable, UINT32 attributes,
		     const uint8_t *bytes, UINTN size)
{
	uint8_t found[VARIABLES_MOST];
	UINTN found_size;

	return !EFI_ERROR(variables_read(firmware, variable, attributes, found, sizeof(found),
					 &found_size)) &&
	       found_size == size && daruma_same(found, bytes, size);
}

EFI_STATUS variables_delete(const struct firmware *firmware, struct variable variable)
{
	/* Attributes 0 delete a variable of any attributes; others would have to be exactly its
	 * own. */
	EFI_STATUS status = set(firmware, variable, 0, NULL, 0);

	return status == EFI_NOT_FOUND ? EFI_SUCCESS : status;
}
