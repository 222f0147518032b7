/* tpm.h: the TPM as the firmware shows it to a program: bare commands, and the log of measurements
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_TESTS_VM_PAYLOAD_TPM_H
#define DARUMA_TESTS_VM_PAYLOAD_TPM_H

#include <efi.h>
#include <stdint.h>

/* Sends a command of `size` bytes. `*ret_size` is the room for the response, and then its size; the TPM's own code of
 * success or failure is in it. EFI_NOT_FOUND where the firmware has no TPM protocol. */
EFI_STATUS tpm_command(EFI_BOOT_SERVICES *boot, const uint8_t *command, UINTN size,
		       uint8_t *ret_response, UINTN *ret_size);

/* All entries of the log, which stays the firmware's. EFI_NOT_FOUND as above. */
EFI_STATUS tpm_log(EFI_BOOT_SERVICES *boot, const uint8_t **ret_log, UINTN *ret_size);

#endif
