/* measurement_protocols.h: the firmware's interfaces for measured boot, which gnu-efi does not know
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * EFI_TCG2_PROTOCOL: TCG EFI Protocol Specification, Family 2.0, revision 00.13: a TPM 2.0.
 * EFI_CC_MEASUREMENT_PROTOCOL: UEFI 2.10, 38.2: the registers of a confidential guest. Both are
 * called alike and log in one form. What the stage does not call is a pointer without a type.
 */
#ifndef DARUMA_EFI_MEASUREMENT_PROTOCOLS_H
#define DARUMA_EFI_MEASUREMENT_PROTOCOLS_H

#include <efi.h>
#include <stddef.h>
#include <stdint.h>

#define EFI_TCG2_PROTOCOL_GUID                                                                     \
	{                                                                                          \
		0x607f766c, 0x7455, 0x42be,                                                        \
		{                                                                                  \
			0x93, 0x0b, 0xe4, 0xd7, 0x6d, 0xb2, 0x72, 0x0f                             \
		}                                                                                  \
	}
#define EFI_CC_MEASUREMENT_PROTOCOL_GUID                                                           \
	{                                                                                          \
		0x96751a3d, 0x72f4, 0x41a6,                                                        \
		{                                                                                  \
			0xa7, 0x94, 0xed, 0x5d, 0x0e, 0x67, 0xae, 0x6b                             \
		}                                                                                  \
	}

/* The log of TCG_PCR_EVENT2 entries: a bit of `event_logs`, and a format for GetEventLog. */
#define MEASUREMENT_LOG_TCG_2 2u

struct tcg2_capability {
	uint8_t size; /* of this structure: told by the caller */
	uint8_t structure_version[2];
	uint8_t protocol_version[2];
	uint32_t algorithms;
	uint32_t event_logs;
	uint8_t tpm_present;
	uint16_t command_most;
	uint16_t response_most;
	uint32_t manufacturer;
	uint32_t banks;
	uint32_t active_banks;
};
_Static_assert(offsetof(struct tcg2_capability, tpm_present) == 16, "as the specification has it");
_Static_assert(sizeof(struct tcg2_capability) == 36, "as the specification has it");

struct cc_capability {
	uint8_t size; /* of this structure: told by the caller */
	uint8_t structure_version[2];
	uint8_t protocol_version[2];
	uint32_t algorithms;
	uint32_t event_logs;
	uint8_t type[2];
};
_Static_assert(offsetof(struct cc_capability, event_logs) == 12, "as the specification has it");
_Static_assert(sizeof(struct cc_capability) == 20, "as the specification has it");

/* Hashes `size` bytes at the address `data`, extends the register that `event` names, in every
 * active bank, and logs `event`: tagged_event.h draws it. EFI_VOLUME_FULL: extended, not logged. */
#define MEASUREMENT_HASH_LOG_EXTEND(protocol, name)                                                \
	EFI_STATUS(EFIAPI *name)                                                                   \
	(struct protocol * self, uint64_t flags, EFI_PHYSICAL_ADDRESS data, uint64_t size,         \
	 const uint8_t *event)

/* Where the log is, where its last entry, and whether entries are missing. */
#define MEASUREMENT_GET_LOG(protocol, name)                                                        \
	EFI_STATUS(EFIAPI *name)                                                                   \
	(struct protocol * self, uint32_t format, EFI_PHYSICAL_ADDRESS * ret_log,                  \
	 EFI_PHYSICAL_ADDRESS * ret_last, BOOLEAN * ret_truncated)

struct tcg2_protocol {
	EFI_STATUS(EFIAPI *GetCapability)
	(struct tcg2_protocol *self, struct tcg2_capability *ret);
	MEASUREMENT_GET_LOG(tcg2_protocol, GetEventLog);
	MEASUREMENT_HASH_LOG_EXTEND(tcg2_protocol, HashLogExtendEvent);
	/* One command of the TPM library specification, as bytes, and its response. */
	EFI_STATUS(EFIAPI *SubmitCommand)
	(struct tcg2_protocol *self, uint32_t size, const uint8_t *command, uint32_t capacity,
	 uint8_t *ret_response);
	void *GetActivePcrBanks;
	void *SetActivePcrBanks;
	void *GetResultOfSetActivePcrBanks;
};

struct cc_protocol {
	EFI_STATUS(EFIAPI *GetCapability)(struct cc_protocol *self, struct cc_capability *ret);
	void *GetEventLog;
	MEASUREMENT_HASH_LOG_EXTEND(cc_protocol, HashLogExtendEvent);
	EFI_STATUS(EFIAPI *MapPcrToMrIndex)
	(struct cc_protocol *self, uint32_t pcr, uint32_t *ret_register);
};

#endif
