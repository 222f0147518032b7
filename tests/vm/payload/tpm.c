/* tpm.c: the TPM as the firmware shows it to a program: bare commands, and the log of measurements
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/vm/payload/tpm.h"

#include "efi/measurement_protocols.h"
#include "policy/bytes.h"

static struct tcg2_protocol *locate(EFI_BOOT_SERVICES *boot)
{
	EFI_GUID guid = EFI_TCG2_PROTOCOL_GUID;
	void *protocol = NULL;

	return EFI_ERROR(boot->LocateProtocol(&guid, NULL, &protocol)) ? NULL : protocol;
}

EFI_STATUS tpm_command(EFI_BOOT_SERVICES *boot, const uint8_t *command, UINTN size,
		       uint8_t *ret_response, UINTN *ret_size)
{
	struct tcg2_protocol *tpm = locate(boot);
	EFI_STATUS status;
	UINTN length;

	if (!tpm)
		return EFI_NOT_FOUND;
	status =
		tpm->SubmitCommand(tpm, (uint32_t)size, command, (uint32_t)*ret_size, ret_response);
	if (EFI_ERROR(status))
		return status;
	/* Tag 2, size 4, big endian (TPM 2.0 library, part 1, 18). */
	length = (UINTN)ret_response[2] << 24 | (UINTN)ret_response[3] << 16 |
		 (UINTN)ret_response[4] << 8 | ret_response[5];
	if (length > *ret_size)
		return EFI_DEVICE_ERROR;
	*ret_size = length;
	return EFI_SUCCESS;
}

/* Bytes of a digest by its algorithm; 0 for an unknown one. */
static UINTN digest_size(uint16_t algorithm)
{
	switch (algorithm) {
	case 0x04: /* SHA-1 */
		return 20;
	case 0x0b: /* SHA-256 */
	case 0x12: /* SM3 */
		return 32;
	case 0x0c: /* SHA-384 */
		return 48;
	case 0x0d: /* SHA-512 */
		return 64;
	default:
		return 0;
	}
}

/* TCG_PCR_EVENT2: PCR 4, type 4, number of digests 4, each algorithm 2 and its bytes, then size 4, data. */
static UINTN entry_size(const uint8_t *entry)
{
	UINTN at = 12;

	for (uint32_t left = daruma_get32(entry + 8); left > 0; left--)
		at += 2 + digest_size(daruma_get16(entry + at));
	return at + 4 + daruma_get32(entry + at);
}

EFI_STATUS tpm_log(EFI_BOOT_SERVICES *boot, const uint8_t **ret_log, UINTN *ret_size)
{
	struct tcg2_protocol *tpm = locate(boot);
	EFI_PHYSICAL_ADDRESS first = 0, last = 0;
	BOOLEAN truncated = FALSE;
	EFI_STATUS status;

	if (!tpm)
		return EFI_NOT_FOUND;
	status = tpm->GetEventLog(tpm, MEASUREMENT_LOG_TCG_2, &first, &last, &truncated);
	if (EFI_ERROR(status))
		return status;
	/* The first entry is of another form; a log without another one is none of a machine that starts. */
	if (truncated || last <= first)
		return EFI_VOLUME_CORRUPTED;
	*ret_log = (const uint8_t *)(UINTN)first;
	*ret_size = (UINTN)(last - first) + entry_size((const uint8_t *)(UINTN)last);
	return EFI_SUCCESS;
}
