/* boot_entry.h: the firmware's boot entries, as bytes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * EFI_LOAD_OPTION (UEFI 2.10, 3.1.3), packed, little endian:
 *
 *    u32    attributes            1: active
 *    u16    length of the device path in bytes
 *    u16[]  description           UCS-2 with a final zero
 *    u8[]   device path           hard drive node (10.3.5.1), file path node (10.3.5.4), end node
 *    u8[]   optional data         becomes the started program's load options
 *
 *    hard drive node: 04 01, u16 42, u32 partition, u64 start, u64 size (in logical blocks), GUID, 02 (GPT), 02 (GUID)
 *    file path node:  04 04, u16 4 + bytes of the path, path as UCS-2 with a final zero
 *    end node:        7f ff 04 00
 */
#ifndef DARUMA_RECOVERY_BOOT_BOOT_ENTRY_H
#define DARUMA_RECOVERY_BOOT_BOOT_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/limits.h"
#include "policy/names.h"

#define BOOT_ENTRY_SIZE	       2048 /* of a whole entry; larger ones are not read */
#define BOOT_ENTRY_TEXT_SIZE   256  /* description and paths, with the NUL */
#define BOOT_ENTRY_DESCRIPTION "Daruma"

struct boot_entry {
	bool active;
	char description[BOOT_ENTRY_TEXT_SIZE];
	bool has_partition; /* a GPT hard drive node was there */
	uint32_t partition;
	uint64_t start; /* in logical blocks */
	uint64_t size;
	uint8_t guid[DARUMA_GUID_SIZE];
	/* file on that partition, "" none; characters beyond ASCII become '?' */
	char path[BOOT_ENTRY_TEXT_SIZE];
	/* The optional data as text: UCS-2 up to a zero or its end; "" none. */
	char options[DARUMA_OPTIONS_SIZE];
	bool options_lost; /* it is no printable ASCII, or does not fit; `options` is "" then */
};

/* Writes at most `size` bytes. Texts must be printable ASCII. Returns the number of bytes, or 0 if they do not fit or a
 * text is not ASCII. */
size_t boot_entry_encode(const struct boot_entry *entry, uint8_t *bytes, size_t size);

/* Reads `size` bytes from outside. Nodes of other kinds are passed over. Returns false for bytes that are not a load
 * option; `*ret` is then zero. */
bool boot_entry_decode(const uint8_t *bytes, size_t size, struct boot_entry *ret);

/* The file that an entry leads to: its path, or one of ours (policy/names.h) where that is the first word of its options:
 * shim takes what it starts from there, and hands the rest on. The text belongs to the entry or is constant. */
const char *boot_entry_program(const struct boot_entry *entry);

/* Same partition and same program, upper and lower case alike (FAT). */
bool boot_entry_same_target(const struct boot_entry *one, const struct boot_entry *other);

#endif
