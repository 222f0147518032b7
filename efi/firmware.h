/* firmware.h: the services of UEFI that the stage uses, passed as a parameter
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * There is no global system table: whatever reads or changes the machine says so in its
 * parameters, and a test hands in a fake one.
 */
#ifndef DARUMA_EFI_FIRMWARE_H
#define DARUMA_EFI_FIRMWARE_H

#include <efi.h>
#include <stdbool.h>

#include "efi/hardware.h"

struct firmware {
	EFI_HANDLE image; /* of this program */
	EFI_BOOT_SERVICES *boot;
	EFI_RUNTIME_SERVICES *runtime;
	SIMPLE_TEXT_OUTPUT_INTERFACE *console; /* NULL where there is none */
	SIMPLE_INPUT_INTERFACE *keyboard;      /* NULL where there is none */
	EFI_LOADED_IMAGE *self;		       /* how this program was started */
	const EFI_CONFIGURATION_TABLE *tables; /* NULL where there is none */
	UINTN table_count;
	const struct hardware *hardware;
};

/* Fills `*ret` from what efi_main() was given, and the port to the registers of this machine. Fails
 * with the status of the firmware where this program has no loaded image protocol; `*ret` is then
 * unchanged. */
EFI_STATUS firmware_open(EFI_HANDLE image, EFI_SYSTEM_TABLE *table, const struct hardware *hardware,
			 struct firmware *ret);

/* The interface of protocol `guid` on `handle`, or NULL. */
void *firmware_protocol(const struct firmware *firmware, EFI_HANDLE handle, EFI_GUID guid);

#endif
