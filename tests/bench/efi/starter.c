/* starter.c: starts the loader that the bench names over a serial port, and stamps when
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * It says "ready" and takes one line, the path of the loader: so the variable store and the disk are
 * the same ones for every loader. If the loader cannot be started or comes back it says "returned
 * STATUS", least byte first.
 */
#include <efi.h>

#include "policy/bytes.h"
#include "policy/limits.h"
#include "tests/bench/efi/image.h"
#include "tests/bench/efi/stamp.h"
#include "tests/vm/payload/serial.h"

/* 0.1 s, in which the firmware takes in what was typed; then it is right behind a tick of the
 * firmware's clock, for every loader. */
static EFI_STATUS settle(EFI_BOOT_SERVICES *boot)
{
	EFI_EVENT event;
	UINTN which;
	EFI_STATUS status = boot->CreateEvent(EVT_TIMER, 0, NULL, NULL, &event);

	if (EFI_ERROR(status))
		return status;
	status = boot->SetTimer(event, TimerRelative, 1000000);
	if (!EFI_ERROR(status))
		status = boot->WaitForEvent(1, &event, &which);
	boot->CloseEvent(event);
	return status;
}

static EFI_STATUS run(EFI_HANDLE image, EFI_SYSTEM_TABLE *system, const char *file)
{
	struct stamps stamps;
	EFI_HANDLE child;
	EFI_STATUS status = image_load(image, system, file, &child);

	if (!EFI_ERROR(status))
		status = stamp_hang_up(system, &stamps);
	if (!EFI_ERROR(status))
		status = stamp_first_image(system->BootServices, &stamps);
	if (!EFI_ERROR(status))
		status = settle(system->BootServices);
	if (EFI_ERROR(status))
		return status;
	stamps.entry = stamp_take();
	return system->BootServices->StartImage(child, NULL, NULL);
}

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *system);

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *system)
{
	char file[DARUMA_PATH_SIZE];
	uint8_t status[8];

	serial_open(SERIAL_COMMANDS);
	serial_put(SERIAL_COMMANDS, "ready\n");
	serial_get_line(SERIAL_COMMANDS, file, sizeof(file));
	daruma_put64(status, run(image, system, file));
	serial_put(SERIAL_COMMANDS, "returned ");
	serial_put_hex(SERIAL_COMMANDS, status, sizeof(status));
	serial_put(SERIAL_COMMANDS, "\n");
	return EFI_SUCCESS;
}
