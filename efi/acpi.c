/* acpi.c: one table of the firmware's ACPI tables, found by its signature
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/acpi.h"

#include "policy/bytes.h"

#define RSDP_SIZE     36 /* from revision 2 on, all of it under the second checksum */
#define RSDP_OLD_SIZE 20 /* under the first one */
#define XSDT_MOST     (ACPI_HEADER_SIZE + 8 * 1024)
/* An x86 processor has no more, and faults at addresses that it does not have. */
#define ADDRESS_BITS 52

static bool is_address(const struct firmware *firmware, uint64_t address, size_t size)
{
	uint64_t end = 1ull << ADDRESS_BITS;

	return address > 0 && address < end && size <= end - address &&
	       firmware->hardware->reaches(firmware, address, size);
}

static void copy(const struct firmware *firmware, uint64_t address, uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)firmware->hardware->read_memory(address + i, HARDWARE_8);
}

static uint8_t sum(const struct firmware *firmware, uint64_t address, size_t size)
{
	uint8_t total = 0;

	for (size_t i = 0; i < size; i++)
		total = (uint8_t)(total + firmware->hardware->read_memory(address + i, HARDWARE_8));
	return total;
}

/* Physical address of the RSDP, or 0. */
static uint64_t rsdp(const struct firmware *firmware)
{
	EFI_GUID wanted = ACPI_20_TABLE_GUID;

	for (UINTN i = 0; firmware->tables && i < firmware->table_count; i++) {
		if (daruma_same((const uint8_t *)&firmware->tables[i].VendorGuid,
				(const uint8_t *)&wanted, sizeof(wanted)))
			return (uint64_t)(UINTN)firmware->tables[i].VendorTable;
	}
	return 0;
}

/* Of the XSDT, or 0. */
static uint64_t xsdt(const struct firmware *firmware)
{
	uint64_t address = rsdp(firmware);
	uint8_t bytes[RSDP_SIZE];

	if (!is_address(firmware, address, sizeof(bytes)))
		return 0;
	copy(firmware, address, bytes, sizeof(bytes));
	if (!daruma_same(bytes, (const uint8_t *)"RSD PTR ", 8) || bytes[15] < 2 ||
	    daruma_get32(bytes + 20) < RSDP_SIZE || sum(firmware, address, RSDP_OLD_SIZE) != 0 ||
	    sum(firmware, address, RSDP_SIZE) != 0)
		return 0;
	return daruma_get64(bytes + 24);
}

static bool has_signature(const struct firmware *firmware, uint64_t address,
			  const char signature[4])
{
	uint8_t bytes[4];

	if (!is_address(firmware, address, ACPI_HEADER_SIZE))
		return false;
	copy(firmware, address, bytes, sizeof(bytes));
	return daruma_same(bytes, (const uint8_t *)signature, sizeof(bytes));
}

/* Size of the table with that signature there, or 0 where it is damaged or longer than `most`. */
static size_t size_of(const struct firmware *firmware, uint64_t address, const char signature[4],
		      size_t most)
{
	uint8_t bytes[4];
	size_t size;

	if (!has_signature(firmware, address, signature))
		return 0;
	copy(firmware, address + 4, bytes, sizeof(bytes));
	size = daruma_get32(bytes);
	if (size < ACPI_HEADER_SIZE || size > most || !is_address(firmware, address, size) ||
	    sum(firmware, address, size) != 0)
		return 0;
	return size;
}

enum acpi_search acpi_find_table(const struct firmware *firmware, const char signature[4],
				 uint64_t *ret_address)
{
	uint64_t list = xsdt(firmware);
	size_t size = size_of(firmware, list, "XSDT", XSDT_MOST);

	if (size == 0)
		return ACPI_UNKNOWN;
	for (size_t at = ACPI_HEADER_SIZE; at + 8 <= size; at += 8) {
		uint8_t bytes[8];

		copy(firmware, list + at, bytes, sizeof(bytes));
		if (!has_signature(firmware, daruma_get64(bytes), signature))
			continue;
		*ret_address = daruma_get64(bytes);
		return ACPI_FOUND;
	}
	return ACPI_ABSENT;
}

size_t acpi_read_table(const struct firmware *firmware, const char signature[4], uint8_t *bytes,
		       size_t capacity)
{
	uint64_t address = 0;
	size_t size;

	if (acpi_find_table(firmware, signature, &address) != ACPI_FOUND)
		return 0;
	size = size_of(firmware, address, signature, capacity);
	copy(firmware, address, bytes, size);
	return size;
}
