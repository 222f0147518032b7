/* variables.h: EFI variables, with exact attributes (R33)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * All of it on UEFI 2.10, 8.2. Names end with a zero. Statuses are those of the firmware where
 * nothing else is said.
 */
#ifndef DARUMA_EFI_VARIABLES_H
#define DARUMA_EFI_VARIABLES_H

#include "efi/firmware.h"

#include <stdint.h>

/* A variable: what it is called and whose it is. */
struct variable {
	const CHAR16 *name;
	const EFI_GUID *vendor;
};

extern const EFI_GUID variables_daruma; /* vendor of record, answer and note */
extern const EFI_GUID variables_crash;	/* vendor of the kernel's crash dumps */
extern const EFI_GUID variables_global; /* vendor of Boot#### and BootCurrent */

/* Reads the value, at most `capacity` bytes. Sets `*ret_size` on success only.
 *   EFI_NOT_FOUND           there is none
 *   EFI_BUFFER_TOO_SMALL    it is longer than `capacity`
 *   EFI_SECURITY_VIOLATION  its attributes are not exactly `attributes`: somebody else made it
 *   others                  the firmware cannot read it */
EFI_STATUS variables_read(const struct firmware *firmware, struct variable variable,
			  UINT32 attributes, uint8_t *bytes, UINTN capacity, UINTN *ret_size);

/* Writes the value in one call. Where firmware refuses it because a variable of that name has
 * other attributes or is not of our size, that one is deleted and the value is written again. */
EFI_STATUS variables_write(const struct firmware *firmware, struct variable variable,
			   UINT32 attributes, const uint8_t *bytes, UINTN size);

/* Whether the variable holds exactly these `size` bytes (at most VARIABLES_MOST) and attributes:
 * firmware may say that it wrote and not have done so (R58). */
#define VARIABLES_MOST 128
bool variables_holds(const struct firmware *firmware, struct variable variable, UINT32 attributes,
		     const uint8_t *bytes, UINTN size);

/* Deletes the variable, whatever its attributes. One that is not there is a success. */
EFI_STATUS variables_delete(const struct firmware *firmware, struct variable variable);

#endif
