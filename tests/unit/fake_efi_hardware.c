/* fake_efi_hardware.c: registers of the fake machine: PCI, a TCO watchdog, and tables of ACPI in memory
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * After Intel's ICH9 datasheet, not after the code under test.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/bytes.h"
#include "tests/unit/fake_efi.h"

#define PORTS	    0x600 /* where OVMF puts them */
#define GCS	    0xfed1f410ull
#define GCS_WORD    0x00000c04u /* other bits, which have to stay */
#define NO_REBOOT   0x20u
#define HALT	    0x0800u
#define CLOCK_FIRST 0x70
#define CLOCK_LAST  0x73

/* --- ports ---------------------------------------- */

static uint32_t config(const struct fake_hardware *hardware)
{
	if (!hardware->has_tco)
		return 0xffffffff;
	switch (hardware->pci_address) {
	case 0x8000f800:
		return hardware->identity;
	case 0x8000f840:
		return hardware->power_base;
	case 0x8000f844:
		return hardware->power_control;
	case 0x8000f8f0:
		return hardware->root_complex;
	default:
		return 0xffffffff;
	}
}

/* The clock is nobody's business here, and no access goes past the last port. */
static void look_at(uint16_t port, enum hardware_width width)
{
	fake_efi_now->hardware.uses++;
	if ((port <= CLOCK_LAST && port + width > CLOCK_FIRST) || port + width > 0x10000)
		abort();
}

static uint32_t read_port(uint16_t port, enum hardware_width width)
{
	struct fake_hardware *hardware = &fake_efi_now->hardware;

	look_at(port, width);
	if (port == 0xcf8 && width == HARDWARE_32)
		return hardware->pci_address;
	if (port >= 0xcfc && port < 0xd00) {
		uint32_t value = width == HARDWARE_32 ? 0xffffffff : (1u << 8 * width) - 1;

		if (fake_efi_device_config(hardware, hardware->pci_address + port - 0xcfc, width,
					   &value))
			return value;
	}
	if (port == 0xcfc && width == HARDWARE_32)
		return config(hardware);
	if (hardware->has_tco && port == PORTS + 0x30 && width == HARDWARE_32)
		return hardware->smi_enable;
	if (!hardware->has_tco || width != HARDWARE_16)
		return width == HARDWARE_32 ? 0xffffffff : (1u << 8 * width) - 1;
	switch (port) {
	case PORTS + 0x66:
		return hardware->status;
	case PORTS + 0x68:
		return hardware->control;
	case PORTS + 0x72:
		return hardware->ticks;
	default:
		return 0xffff;
	}
}

static void write_status(struct fake_hardware *hardware, uint32_t value)
{
	if (hardware->status_is_assigned)
		hardware->status = value & 7;
	else
		hardware->status &= (uint16_t)~value;
}

static void write_control(struct fake_hardware *hardware, uint32_t value)
{
	if (hardware->halt_stays)
		value |= HALT;
	if ((hardware->control & HALT) && !(value & HALT))
		hardware->armed_at = fake_efi_now->sets;
	hardware->control = (uint16_t)value;
}

static void write_port(uint16_t port, enum hardware_width width, uint32_t value)
{
	struct fake_hardware *hardware = &fake_efi_now->hardware;

	look_at(port, width);
	if (port == 0xcf8 && width == HARDWARE_32)
		hardware->pci_address = value;
	if (port >= 0xcfc && port < 0xd00)
		fake_efi_device_set_config(hardware, hardware->pci_address + port - 0xcfc, width,
					   value);
	if (!hardware->has_tco || width != HARDWARE_16)
		return;
	switch (port) {
	case PORTS + 0x60:
		hardware->reloads++;
		break;
	case PORTS + 0x66:
		write_status(hardware, value);
		break;
	case PORTS + 0x68:
		write_control(hardware, value);
		break;
	case PORTS + 0x72:
		hardware->ticks = hardware->ticks_stay ? hardware->ticks : (uint16_t)value;
		break;
	default:
		break;
	}
}

/* --- memory ---------------------------------------- */

static uint8_t byte_at(struct fake_hardware *hardware, uint64_t address)
{
	for (unsigned i = 0; i < FAKE_TABLES; i++) {
		const struct fake_table *table = &hardware->tables[i];

		if (address >= table->address && address - table->address < table->size)
			return table->bytes[address - table->address];
	}
	hardware->outside++;
	return 0xa4; /* even: then no wrong length has the right sum */
}

static uint32_t read_memory(uint64_t address, enum hardware_width width)
{
	struct fake_hardware *hardware = &fake_efi_now->hardware;
	uint32_t value = 0;

	hardware->uses++;
	if (hardware->has_tco && address == GCS && width == HARDWARE_32)
		return hardware->gcs;
	if (fake_efi_device_read(hardware, address, width, &value))
		return value;
	for (unsigned i = 0; i < width; i++)
		value |= (uint32_t)byte_at(hardware, address + i) << 8 * i;
	return value;
}

static void write_memory(uint64_t address, enum hardware_width width, uint32_t value)
{
	struct fake_hardware *hardware = &fake_efi_now->hardware;

	hardware->uses++;
	if (fake_efi_device_write(hardware, address, width, value))
		return;
	if (!hardware->has_tco || address != GCS || width != HARDWARE_32) {
		hardware->outside++;
		return;
	}
	hardware->gcs = hardware->no_reboot_stays ? value | NO_REBOOT : value;
}

static bool reaches(const struct firmware *firmware, uint64_t address, uint64_t size)
{
	uint64_t hole = fake_efi_now->hardware.unreachable;

	(void)firmware;
	return hole == 0 || hole < address || hole - address >= size;
}

static uint64_t ticks_in_second(void)
{
	return fake_efi_now->hardware.sbsa.ticks;
}

const struct hardware fake_efi_registers = { .read_port = read_port,
					     .write_port = write_port,
					     .read_memory = read_memory,
					     .write_memory = write_memory,
					     .reaches = reaches,
					     .ticks_in_second = ticks_in_second };

/* --- the machine ---------------------------------------- */

void fake_efi_hardware_init(struct fake_efi *fake)
{
	EFI_GUID other = SMBIOS_TABLE_GUID, acpi = ACPI_20_TABLE_GUID;

	fake->configuration[0] = (EFI_CONFIGURATION_TABLE){ other, fake };
	fake->configuration[1] = (EFI_CONFIGURATION_TABLE){ acpi, NULL };
	fake->table.ConfigurationTable = fake->configuration;
}

void fake_efi_hardware_switch_on(struct fake_efi *fake)
{
	struct fake_hardware *hardware = &fake->hardware;

	hardware->uses = 0;
	hardware->outside = 0;
	hardware->reloads = 0;
	hardware->armed_at = 0;
	hardware->pci_address = 0x80001234;
	if (hardware->runs_through_resets)
		return;
	fake_efi_device_reset(hardware);
	hardware->control |= HALT;
	hardware->gcs |= NO_REBOOT;
	hardware->ticks = 4;
}

void fake_efi_seal_table(struct fake_table *table)
{
	uint8_t sum = 0;

	daruma_put32(table->bytes + 4, (uint32_t)table->size);
	table->bytes[9] = 0;
	for (size_t i = 0; i < table->size; i++)
		sum = (uint8_t)(sum + table->bytes[i]);
	table->bytes[9] = (uint8_t)-sum;
}

/* Of the old part, and of the whole. */
static void seal_rsdp(struct fake_table *table)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < 20; i++)
		sum = (uint8_t)(sum + (i == 8 ? 0 : table->bytes[i]));
	table->bytes[8] = (uint8_t)-sum;
	sum = 0;
	for (size_t i = 0; i < table->size; i++)
		sum = (uint8_t)(sum + (i == 32 ? 0 : table->bytes[i]));
	table->bytes[32] = (uint8_t)-sum;
}

static struct fake_table *lay(struct fake_efi *fake, unsigned which, const char *signature,
			      size_t size)
{
	struct fake_table *table = &fake->hardware.tables[which];

	memset(table, 0, sizeof(*table));
	table->address = 0x7fb00000 + 0x10000ull * which;
	table->size = size;
	memcpy(table->bytes, signature, strlen(signature));
	return table;
}

void fake_efi_tables(struct fake_efi *fake)
{
	struct fake_table *rsdp = lay(fake, FAKE_RSDP, "RSD PTR ", 36);
	struct fake_table *list = lay(fake, FAKE_XSDT, "XSDT", 36 + 2 * 8);
	struct fake_table *other = lay(fake, FAKE_FACP, "FACP", 244);

	rsdp->bytes[15] = 2;
	daruma_put32(rsdp->bytes + 20, 36);
	daruma_put64(rsdp->bytes + 24, list->address);
	seal_rsdp(rsdp);
	daruma_put64(list->bytes + 36, other->address);
	daruma_put64(list->bytes + 44, 0);
	fake_efi_seal_table(list);
	fake_efi_seal_table(other);
	fake->configuration[1].VendorTable = (VOID *)(UINTN)rsdp->address;
	fake->table.NumberOfTableEntries = 2;
}

struct fake_table *fake_efi_table(struct fake_efi *fake, unsigned which, const char *signature,
				  size_t size)
{
	struct fake_table *list = &fake->hardware.tables[FAKE_XSDT];
	struct fake_table *table = lay(fake, which, signature, size);

	daruma_put64(list->bytes + 44, table->address);
	fake_efi_seal_table(list);
	return table;
}

void fake_efi_tco(struct fake_efi *fake)
{
	fake->hardware.has_tco = true;
	fake->hardware.identity = 0x29188086;
	fake->hardware.power_base = PORTS | 1;
	fake->hardware.power_control = 0x80;
	fake->hardware.root_complex = 0xfed1c001;
	fake->hardware.gcs = GCS_WORD;
	fake_efi_tables(fake);
}

struct entry {
	uint8_t action, instruction, space, shift, access;
	uint64_t address;
	uint32_t value, mask;
};

static const struct entry entries[] = {
	{ 1, 0x02, 1, 0, 2, PORTS + 0x60, 1, 0xffff },	/* reload */
	{ 6, 0x83, 1, 0, 2, PORTS + 0x72, 0, 0x3ff },	/* set countdown */
	{ 8, 0x00, 1, 11, 2, PORTS + 0x68, 0, 1 },	/* get running */
	{ 9, 0x82, 1, 11, 2, PORTS + 0x68, 0, 1 },	/* set running */
	{ 11, 0x82, 1, 11, 2, PORTS + 0x68, 1, 1 },	/* set stopped */
	{ 17, 0x82, 0, 5, 3, GCS, 0, 1 },		/* set reboot */
	{ 32, 0x00, 1, 1, 2, PORTS + 0x66, 1, 1 },	/* get status */
	{ 33, 0x02, 1, 0, 2, PORTS + 0x66, 2, 0xffff }, /* set status */
	{ 33, 0x02, 1, 0, 2, PORTS + 0x66, 4, 0xffff },
};

#define ENTRIES (sizeof(entries) / sizeof(entries[0]))

static void put_entry(uint8_t *at, const struct entry *entry)
{
	at[0] = entry->action;
	at[1] = entry->instruction;
	at[4] = entry->space;
	at[5] = (uint8_t)(8 << (entry->access - 1));
	at[6] = entry->shift;
	at[7] = entry->access;
	daruma_put64(at + 8, entry->address);
	daruma_put32(at + 16, entry->value);
	daruma_put32(at + 20, entry->mask);
}

void fake_efi_wdat(struct fake_efi *fake)
{
	struct fake_table *table;

	fake_efi_tco(fake);
	table = fake_efi_table(fake, FAKE_WDAT, "WDAT", 68 + ENTRIES * 24);
	daruma_put32(table->bytes + 36, 32);
	memcpy(table->bytes + 40, "\xff\x00\xff\xff\xff", 5);
	daruma_put32(table->bytes + 48, 600);
	daruma_put32(table->bytes + 52, 0x3ff);
	daruma_put32(table->bytes + 56, 4);
	table->bytes[60] = 0x81;
	daruma_put32(table->bytes + 64, ENTRIES);
	for (size_t i = 0; i < ENTRIES; i++)
		put_entry(table->bytes + 68 + 24 * i, &entries[i]);
	fake_efi_seal_table(table);
}

bool fake_efi_is_watched(const struct fake_efi *fake)
{
	const struct fake_hardware *hardware = &fake->hardware;

	if (fake_efi_device_runs(hardware))
		return true;
	return hardware->has_tco && !(hardware->control & HALT) && !(hardware->gcs & NO_REBOOT);
}

bool fake_efi_expires(struct fake_efi *fake)
{
	struct fake_hardware *hardware = &fake->hardware;

	bool resets = fake_efi_is_watched(fake);

	if (hardware->has_tco && !(hardware->control & HALT))
		hardware->status |= 6;
	fake_efi_device_expires(hardware);
	return resets;
}
