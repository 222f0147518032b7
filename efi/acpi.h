/* acpi.h: one table of the firmware's ACPI tables, found by its signature
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The way is the one for 64-bit addresses: EFI configuration table (UEFI 2.10, 4.6), RSDP, XSDT
 * (ACPI 6.5, 5.2.5.3 and 5.2.8). Memory is read byte by byte through efi/hardware.h and not through
 * pointers: a test then has tables at any address, and sees each byte that is looked at. What is
 * found is copied, so that whoever asked for it judges bytes that stay as they are.
 *
 * The tables are the firmware's word. Their signatures, lengths and checksums are checked all the
 * same: firmware has bugs.
 */
#ifndef DARUMA_EFI_ACPI_H
#define DARUMA_EFI_ACPI_H

#include "efi/firmware.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ACPI_HEADER_SIZE 36 /* of each table: signature, length, checksum and who made it */

enum acpi_search {
	ACPI_UNKNOWN, /* there is no list of tables, or it is damaged */
	ACPI_ABSENT,  /* the list is sound, and no table in it has the signature */
	ACPI_FOUND,
};

/* Looks for the first table with this signature, which may be damaged: systems differ in what they
 * take. Sets `*ret_address` where it is found. Changes nothing. */
enum acpi_search acpi_find_table(const struct firmware *firmware, const char signature[4],
				 uint64_t *ret_address);

/* Copies that table into `bytes`, header and all. Its size, or 0 where there is none, where it is
 * longer than `capacity`, or where its length or checksum is wrong. Changes nothing. */
size_t acpi_read_table(const struct firmware *firmware, const char signature[4], uint8_t *bytes,
		       size_t capacity);

#endif
