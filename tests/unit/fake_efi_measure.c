/* fake_efi_measure.c: what the fake firmware has for measured boot: a TPM, registers of a guest
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/fake_efi.h"

#include <stdlib.h>
#include <string.h>

/* The register that stands for PCR 5 in a guest of Intel TDX (UEFI 2.10, 38.4.1). */
#define REGISTER_OF_PCR_5 2

static bool fails(unsigned fault_at, unsigned call)
{
	return fault_at != 0 && (fault_at == FAKE_EVERY || fault_at == call);
}

static size_t cut(uint64_t size, size_t capacity)
{
	return size < capacity ? (size_t)size : capacity;
}

static void keep(bool guest, uint64_t flags, EFI_PHYSICAL_ADDRESS data, uint64_t size,
		 const uint8_t *event)
{
	struct fake_efi *fake = fake_efi_now;
	struct fake_measured *measured = &fake->measured[fake->measured_count++];

	if (fake->measured_count > FAKE_MEASURED)
		abort();
	*measured = (struct fake_measured){ .guest = guest, .flags = flags };
	measured->size = (size_t)size;
	measured->event_size = event[0];
	measured->starts = fake->starts;
	memcpy(measured->event, event, cut(event[0], sizeof(measured->event)));
	memcpy(measured->data, (const void *)(UINTN)data, cut(size, sizeof(measured->data)));
}

static EFI_STATUS EFIAPI measure_tpm(struct tcg2_protocol *self, uint64_t flags,
				     EFI_PHYSICAL_ADDRESS data, uint64_t size, const uint8_t *event)
{
	struct fake_efi *fake = fake_efi_now;

	if (self != &fake->tpm)
		return EFI_INVALID_PARAMETER;
	if (fails(fake->tpm_fault_at, ++fake->tpm_calls))
		return fake->measure_fails_with;
	keep(false, flags, data, size, event);
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI measure_guest(struct cc_protocol *self, uint64_t flags,
				       EFI_PHYSICAL_ADDRESS data, uint64_t size,
				       const uint8_t *event)
{
	struct fake_efi *fake = fake_efi_now;

	if (self != &fake->guest)
		return EFI_INVALID_PARAMETER;
	if (fails(fake->guest_fault_at, ++fake->guest_calls))
		return fake->measure_fails_with;
	keep(true, flags, data, size, event);
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI tpm_capability(struct tcg2_protocol *self, struct tcg2_capability *ret)
{
	if (self != &fake_efi_now->tpm)
		return EFI_INVALID_PARAMETER;
	if (ret->size < sizeof(*ret))
		return EFI_BUFFER_TOO_SMALL;
	if (EFI_ERROR(fake_efi_now->tpm_capability_status))
		return fake_efi_now->tpm_capability_status;
	*ret = (struct tcg2_capability){ .size = sizeof(*ret), .structure_version = { 1, 1 } };
	ret->event_logs = MEASUREMENT_LOG_TCG_2;
	ret->tpm_present = !fake_efi_now->no_tpm;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI guest_capability(struct cc_protocol *self, struct cc_capability *ret)
{
	if (self != &fake_efi_now->guest)
		return EFI_INVALID_PARAMETER;
	if (ret->size < sizeof(*ret))
		return EFI_BUFFER_TOO_SMALL;
	if (EFI_ERROR(fake_efi_now->guest_capability_status))
		return fake_efi_now->guest_capability_status;
	*ret = (struct cc_capability){ .size = sizeof(*ret), .structure_version = { 1, 0 } };
	ret->event_logs = fake_efi_now->guest_has_no_log ? 1 : MEASUREMENT_LOG_TCG_2;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI map_pcr(struct cc_protocol *self, uint32_t pcr, uint32_t *ret)
{
	if (self != &fake_efi_now->guest || pcr != 5)
		return EFI_INVALID_PARAMETER;
	if (EFI_ERROR(fake_efi_now->guest_map_status))
		return fake_efi_now->guest_map_status;
	*ret = REGISTER_OF_PCR_5;
	return EFI_SUCCESS;
}

VOID *fake_efi_measure_locate(struct fake_efi *fake, const EFI_GUID *guid)
{
	EFI_GUID tpm = EFI_TCG2_PROTOCOL_GUID;
	EFI_GUID guest = EFI_CC_MEASUREMENT_PROTOCOL_GUID;
	bool is_tpm = fake_efi_same_guid(guid, &tpm);
	bool is_guest = fake_efi_same_guid(guid, &guest);

	fake->measurement_lookups += is_tpm || is_guest;
	if (is_tpm && !fake->no_tpm_protocol)
		return &fake->tpm;
	return is_guest && fake->guest_measures ? &fake->guest : NULL;
}

void fake_efi_measure_init(struct fake_efi *fake)
{
	fake->tpm.GetCapability = tpm_capability;
	fake->tpm.HashLogExtendEvent = measure_tpm;
	fake->guest.GetCapability = guest_capability;
	fake->guest.HashLogExtendEvent = measure_guest;
	fake->guest.MapPcrToMrIndex = map_pcr;
}
