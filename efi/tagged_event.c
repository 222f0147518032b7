/* tagged_event.c: one measured event: a register is extended, and the log says by what
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/tagged_event.h"

#include "efi/measurement_protocols.h"
#include "policy/bytes.h"

#define HEADER_SIZE  14
#define AT_TEXT	     26
#define EV_EVENT_TAG 6u

/* What is hashed; the firmware wants an address as a number. */
struct measured {
	EFI_PHYSICAL_ADDRESS address;
	uint64_t size;
};

static uint32_t text_size(const char *text)
{
	uint32_t size = 0;

	while (size < TAGGED_EVENT_TEXT_MOST && text[size] != '\0')
		size++;
	return size;
}

static void encode(const struct tagged_event *event, uint32_t index,
		   uint8_t ret[AT_TEXT + TAGGED_EVENT_TEXT_MOST])
{
	uint32_t size = text_size(event->text);

	daruma_put32(ret, AT_TEXT + size);
	daruma_put32(ret + 4, HEADER_SIZE);
	daruma_put16(ret + 8, 1);
	daruma_put32(ret + 10, index);
	daruma_put32(ret + 14, EV_EVENT_TAG);
	daruma_put32(ret + 18, event->tag);
	daruma_put32(ret + 22, size);
	daruma_copy(ret + AT_TEXT, (const uint8_t *)event->text, size);
}

static void *locate(const struct firmware *firmware, EFI_GUID guid)
{
	void *interface = NULL;

	return EFI_ERROR(firmware->boot->LocateProtocol(&guid, NULL, &interface)) ? NULL :
										    interface;
}

static EFI_STATUS into_tpm(const struct firmware *firmware, const struct tagged_event *event,
			   const struct measured *measured)
{
	struct tcg2_protocol *tpm = locate(firmware, (EFI_GUID)EFI_TCG2_PROTOCOL_GUID);
	struct tcg2_capability capability = { .size = sizeof(capability) };
	uint8_t bytes[AT_TEXT + TAGGED_EVENT_TEXT_MOST];
	EFI_STATUS status;

	if (!tpm)
		return EFI_NOT_FOUND;
	status = tpm->GetCapability(tpm, &capability);
	if (EFI_ERROR(status))
		return status;
	/* Firmware publishes the protocol without a TPM too. */
	if (!capability.tpm_present)
		return EFI_NOT_FOUND;
	encode(event, event->pcr, bytes);
	return tpm->HashLogExtendEvent(tpm, 0, measured->address, measured->size, bytes);
}

static EFI_STATUS into_guest(const struct firmware *firmware, const struct tagged_event *event,
			     const struct measured *measured)
{
	struct cc_protocol *guest = locate(firmware, (EFI_GUID)EFI_CC_MEASUREMENT_PROTOCOL_GUID);
	struct cc_capability capability = { .size = sizeof(capability) };
	uint8_t bytes[AT_TEXT + TAGGED_EVENT_TEXT_MOST];
	uint32_t index = 0;
	EFI_STATUS status;

	if (!guest)
		return EFI_NOT_FOUND;
	status = guest->GetCapability(guest, &capability);
	if (EFI_ERROR(status))
		return status;
	if (!(capability.event_logs & MEASUREMENT_LOG_TCG_2))
		return EFI_UNSUPPORTED;
	status = guest->MapPcrToMrIndex(guest, event->pcr, &index);
	if (EFI_ERROR(status))
		return status;
	encode(event, index, bytes);
	return guest->HashLogExtendEvent(guest, 0, measured->address, measured->size, bytes);
}

EFI_STATUS tagged_event_measure(const struct firmware *firmware, const struct tagged_event *event,
				const uint8_t *data, size_t size)
{
	struct measured measured = { (EFI_PHYSICAL_ADDRESS)(UINTN)data, size };
	EFI_STATUS tpm = into_tpm(firmware, event, &measured);
	EFI_STATUS guest = into_guest(firmware, event, &measured);

	if (tpm == EFI_NOT_FOUND)
		return guest;
	return EFI_ERROR(tpm) || guest == EFI_NOT_FOUND ? tpm : guest;
}
