/* fuzz_efi_wdat.c: any bytes as the table WDAT; what is taken is run against registers that answer anything
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The input is the table without its ACPI header, whose length and checksum are made right; what registers answer is
 * taken from it too.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "efi/acpi.h"
#include "efi/wdat.h"
#include "policy/bytes.h"
#include "tests/unit/fake_efi.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct fake_efi machine;
static struct firmware firmware;
static struct fake_table *table;
static unsigned answers;

/* What only a sound table may have touched. */
static void check_access(uint64_t first, uint64_t most, enum hardware_width width)
{
	if (first == 0 || width > 4 || first + width - 1 > most)
		abort();
}

static uint32_t answer(enum hardware_width width)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < width; i++)
		value |= (uint32_t)table->bytes[answers++ % table->size] << 8 * i;
	return value;
}

static void check_port(uint16_t port, enum hardware_width width)
{
	check_access(port, 0xffff, width);
	if (port <= 0x73 && port + width > 0x70)
		abort();
}

static uint32_t read_port(uint16_t port, enum hardware_width width)
{
	check_port(port, width);
	return answer(width);
}

static void write_port(uint16_t port, enum hardware_width width, uint32_t value)
{
	(void)value;
	check_port(port, width);
}

/* Bytes of tables are looked at one by one, and most of them are those of the input. */
static uint32_t read_memory(uint64_t address, enum hardware_width width)
{
	for (unsigned i = FAKE_TABLES; width == HARDWARE_8 && i-- > 0;) {
		const struct fake_table *known = &machine.hardware.tables[i];

		if (address - known->address < known->size)
			return known->bytes[address - known->address];
	}
	check_access(address, (1ull << 52) - 1, width);
	return answer(width);
}

static void write_memory(uint64_t address, enum hardware_width width, uint32_t value)
{
	(void)value;
	check_access(address, (1ull << 52) - 1, width);
}

static bool reaches(const struct firmware *asked, uint64_t address, uint64_t size)
{
	(void)asked;
	(void)address;
	return size > 0;
}

static const struct hardware registers = { .read_port = read_port,
					   .write_port = write_port,
					   .read_memory = read_memory,
					   .write_memory = write_memory,
					   .reaches = reaches };

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fake_efi_init(&machine);
	fake_efi_wdat(&machine);
	fake_efi_now = &machine;
	table = &machine.hardware.tables[FAKE_WDAT];
	if (EFI_ERROR(firmware_open(&machine, &machine.table, &registers, &firmware)))
		abort();
	return 0;
}

/* From memory of exactly that size, so that a look behind it is seen. */
static bool decode(struct wdat *ret)
{
	uint8_t *exact = malloc(table->size);
	bool sound;

	memcpy(exact, table->bytes, table->size);
	sound = wdat_decode(exact, table->size, ret);
	free(exact);
	return sound;
}

static void check(const struct wdat *wdat)
{
	if (wdat->count > WDAT_ENTRIES || wdat->period == 0 || wdat->least > wdat->most ||
	    table->size < WDAT_HEADER_SIZE + wdat->count * WDAT_ENTRY_SIZE)
		abort();
	for (unsigned i = 0; i < wdat->count; i++) {
		if (wdat->entries[i].shift >= 8 * wdat->entries[i].width)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wdat wdat;
	bool sound;

	if (size > FAKE_TABLE_SIZE - ACPI_HEADER_SIZE)
		return 0;
	memcpy(table->bytes + ACPI_HEADER_SIZE, data, size);
	table->size = ACPI_HEADER_SIZE + size;
	fake_efi_seal_table(table);
	answers = 0;
	sound = decode(&wdat);
	if (sound)
		check(&wdat);
	if (wdat_is_absent(&firmware) || wdat_is_there(&firmware) != sound)
		abort();
	(void)wdat_fired(&firmware);
	if (wdat_arm(&firmware, 60) && !sound)
		abort();
	wdat_stop(&firmware);
	return 0;
}
