/* fake_efi_devices.c: the watchdogs of the fake machine that are no part of an ICH9: 6300ESB, AMD's and ARM's
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * After Intel's 6300ESB datasheet and AMD's register references, not after the code under test.
 */
#include "policy/bytes.h"
#include "tests/unit/fake_efi.h"

#define FIRST_FUNCTION (FAKE_I6300ESB & ~0x700u)
#define SMBUS	       0x8000a000u
#define POWER	       0xfed80300u
#define TIMER	       0xfed80b00u

static uint32_t ones(enum hardware_width width)
{
	return UINT32_MAX >> (32 - 8 * (unsigned)width);
}

/* --- 6300ESB ---------------------------------------- */

static bool esb_config(const struct fake_i6300esb *device, uint32_t at, enum hardware_width width,
		       uint32_t *ret)
{
	/* What it is a function of has another identity, and says that it has more. */
	if (at == FIRST_FUNCTION && width == HARDWARE_32)
		*ret = 0x24d28086;
	else if (at == FIRST_FUNCTION + 0x0e && width == HARDWARE_8)
		*ret = 0x80;
	else if (at == FAKE_I6300ESB && width == HARDWARE_32)
		*ret = device->identity;
	else if (at == FAKE_I6300ESB + 0x04 && width == HARDWARE_16)
		*ret = device->command;
	else if (at == FAKE_I6300ESB + 0x10 && width == HARDWARE_32)
		*ret = device->base;
	else if (at == FAKE_I6300ESB + 0x60 && width == HARDWARE_16)
		*ret = device->config;
	else if (at == FAKE_I6300ESB + 0x68 && width == HARDWARE_8)
		*ret = device->lock;
	else
		return false;
	return true;
}

static void esb_set_config(struct fake_i6300esb *device, uint32_t at, enum hardware_width width,
			   uint32_t value)
{
	if (at == FAKE_I6300ESB + 0x04 && width == HARDWARE_16)
		device->command = (uint16_t)value;
	else if (at == FAKE_I6300ESB + 0x60 && width == HARDWARE_16 && !device->config_stays)
		device->config = (uint16_t)(device->one_more_flag ? value & ~2u : value);
	else if (at == FAKE_I6300ESB + 0x68 && width == HARDWARE_8 && !device->lock_stays &&
		 !(device->lock & 1))
		device->lock = (uint8_t)value;
}

static bool esb_answers(const struct fake_i6300esb *device, uint64_t address)
{
	return device->there && (device->command & 2) && address >= FAKE_I6300ESB_BASE &&
	       address < FAKE_I6300ESB_BASE + 0x10;
}

static uint32_t esb_read(const struct fake_i6300esb *device, uint64_t at, enum hardware_width width)
{
	if (at != 0x0c || width != HARDWARE_16)
		return 0;
	return !device->fired ? 0 : device->one_more_flag ? 0x1200 : 0x200;
}

static void esb_reload_register(struct fake_i6300esb *device, uint32_t value)
{
	if (value & 0x100)
		device->reloads++;
	if (value & (device->one_more_flag ? 0x1000u : 0x200u))
		device->fired = false;
}

static void esb_write(struct fake_i6300esb *device, uint64_t at, enum hardware_width width,
		      uint32_t value)
{
	bool to_reload = at == 0x0c && width == HARDWARE_16;

	if (device->unlocked < 2) {
		bool next = to_reload && value == (device->unlocked == 0 ? 0x80u : 0x86u);

		device->unlocked = next ? device->unlocked + 1 : 0;
		return;
	}
	device->unlocked = 0;
	if (to_reload)
		esb_reload_register(device, value);
	else if (at == 0 && width == HARDWARE_32)
		device->first = value;
	else if (at == 4 && width == HARDWARE_32)
		device->second = value;
}

/* --- AMD ---------------------------------------- */

static bool fch_config(const struct fake_fch *device, uint32_t at, enum hardware_width width,
		       uint32_t *ret)
{
	if (at == SMBUS && width == HARDWARE_32)
		*ret = device->identity;
	else if (at == SMBUS + 8 && width == HARDWARE_8)
		*ret = device->revision;
	else
		return false;
	return true;
}

static bool fch_answers(const struct fake_fch *device, uint64_t address)
{
	if (!device->there || !(device->isa & 2))
		return false;
	return (address >= POWER && address < POWER + 8) ||
	       (address >= TIMER && address < TIMER + 8 && (device->decode & 0x80));
}

static uint32_t fch_read(const struct fake_fch *device, uint64_t address, enum hardware_width width)
{
	switch (address) {
	case POWER:
		return width == HARDWARE_8 ? device->decode : ones(width);
	case POWER + 3:
		return width == HARDWARE_8 ? device->clock : ones(width);
	case POWER + 4:
		return width == HARDWARE_8 ? device->isa : ones(width);
	case TIMER:
		return width == HARDWARE_32 ? device->control : ones(width);
	case TIMER + 4:
		return width == HARDWARE_32 ? device->count : ones(width);
	default:
		return ones(width);
	}
}

static void fch_set_control(struct fake_fch *device, uint32_t value)
{
	uint32_t fired = device->control & ~value & 2;

	if (value & 0x80) {
		device->reloads++;
		device->count = device->count_stays ? 0 : device->preset;
	}
	if (device->run_stays)
		value &= ~1u;
	device->control = (value & 5u) | (device->control & 8u) | fired;
}

static void fch_write(struct fake_fch *device, uint64_t address, enum hardware_width width,
		      uint32_t value)
{
	if (address == POWER && width == HARDWARE_8 && !device->decode_stays)
		device->decode = (uint8_t)value;
	else if (address == POWER + 3 && width == HARDWARE_8 && !device->clock_stays)
		device->clock = (uint8_t)value;
	else if (address == TIMER && width == HARDWARE_32)
		fch_set_control(device, value);
	else if (address == TIMER + 4 && width == HARDWARE_32)
		device->preset = value & 0xffff;
}

/* --- ARM ---------------------------------------- */

static uint32_t *sbsa_register(struct fake_sbsa *device, uint64_t address)
{
	switch (address) {
	case FAKE_SBSA_CONTROL:
		return &device->control;
	case FAKE_SBSA_CONTROL + 8:
		return &device->offset;
	case FAKE_SBSA_CONTROL + 12:
		return device->version ? &device->offset_high : NULL;
	default:
		return NULL;
	}
}

static bool sbsa_read(struct fake_sbsa *device, uint64_t address, enum hardware_width width,
		      uint32_t *ret)
{
	const uint32_t *found = sbsa_register(device, address);

	if (!device->there || width != HARDWARE_32)
		return false;
	if (address == FAKE_SBSA_CONTROL + 0xfcc)
		*ret = device->version << 16 | 0x43b;
	else if (found)
		*ret = *found;
	return found || address == FAKE_SBSA_CONTROL + 0xfcc;
}

static bool sbsa_write(struct fake_sbsa *device, uint64_t address, enum hardware_width width,
		       uint32_t value)
{
	uint32_t *found = sbsa_register(device, address);

	if (!device->there || width != HARDWARE_32)
		return false;
	if (address == FAKE_SBSA_REFRESH) {
		device->control &= 1;
		device->reloads++;
	} else if (address == FAKE_SBSA_CONTROL) {
		device->control = device->run_stays ? 0 : value & 1;
	} else if (found) {
		*found = value;
	}
	return found || address == FAKE_SBSA_REFRESH;
}

/* --- all ---------------------------------------- */

bool fake_efi_device_config(struct fake_hardware *hardware, uint32_t at, enum hardware_width width,
			    uint32_t *ret)
{
	return (hardware->i6300esb.there && esb_config(&hardware->i6300esb, at, width, ret)) ||
	       (hardware->fch.there && fch_config(&hardware->fch, at, width, ret));
}

void fake_efi_device_set_config(struct fake_hardware *hardware, uint32_t at,
				enum hardware_width width, uint32_t value)
{
	if (hardware->i6300esb.there)
		esb_set_config(&hardware->i6300esb, at, width, value);
}

bool fake_efi_device_read(struct fake_hardware *hardware, uint64_t address,
			  enum hardware_width width, uint32_t *ret)
{
	if (esb_answers(&hardware->i6300esb, address))
		*ret = esb_read(&hardware->i6300esb, address - FAKE_I6300ESB_BASE, width);
	else if (fch_answers(&hardware->fch, address))
		*ret = fch_read(&hardware->fch, address, width);
	else
		return sbsa_read(&hardware->sbsa, address, width, ret);
	return true;
}

bool fake_efi_device_write(struct fake_hardware *hardware, uint64_t address,
			   enum hardware_width width, uint32_t value)
{
	if (esb_answers(&hardware->i6300esb, address))
		esb_write(&hardware->i6300esb, address - FAKE_I6300ESB_BASE, width, value);
	else if (fch_answers(&hardware->fch, address))
		fch_write(&hardware->fch, address, width, value);
	else
		return sbsa_write(&hardware->sbsa, address, width, value);
	return true;
}

void fake_efi_device_reset(struct fake_hardware *hardware)
{
	hardware->i6300esb.lock = 0;
	hardware->i6300esb.unlocked = 0;
	hardware->i6300esb.reloads = 0;
	hardware->fch.control &= ~1u;
	hardware->fch.reloads = 0;
	/* As the firmware leaves them in each start. */
	hardware->fch.decode &= 0x7f;
	hardware->fch.clock |= 0x0c;
	hardware->sbsa.control &= 4;
	hardware->sbsa.reloads = 0;
}

bool fake_efi_device_runs(const struct fake_hardware *hardware)
{
	const struct fake_i6300esb *esb = &hardware->i6300esb;
	const struct fake_fch *fch = &hardware->fch;

	if (hardware->sbsa.there && (hardware->sbsa.control & 1))
		return true;
	return (esb->there && (esb->lock & 2) && !(esb->config & 0x20)) ||
	       (fch->there && (fch->decode & 0x80) && (fch->clock & 0x0c) == 0 &&
		(fch->control & 0x0d) == 1);
}

void fake_efi_device_expires(struct fake_hardware *hardware)
{
	if (hardware->i6300esb.there && (hardware->i6300esb.lock & 2))
		hardware->i6300esb.fired = true;
	if (hardware->fch.there && (hardware->fch.control & 1))
		hardware->fch.control |= 2;
	if (hardware->sbsa.there && (hardware->sbsa.control & 1))
		hardware->sbsa.control |= 6;
}

void fake_efi_i6300esb(struct fake_efi *fake)
{
	fake->hardware.i6300esb = (struct fake_i6300esb){
		.there = true,
		.identity = 0x25ab8086,
		.base = FAKE_I6300ESB_BASE,
		.config = 0x1020,
		.first = 0xfffff,
		.second = 0xfffff,
	};
	fake_efi_tables(fake);
}

void fake_efi_fch(struct fake_efi *fake)
{
	fake->hardware.fch = (struct fake_fch){
		.there = true,
		.identity = 0x790b1022,
		.revision = 0x51,
		.decode = 0x01,
		.clock = 0x5c,
		.isa = 0x02,
		.control = 0x04,
	};
	fake_efi_tables(fake);
}

/* Behind a timer of another type. */
void fake_efi_sbsa(struct fake_efi *fake)
{
	struct fake_table *table;
	uint8_t *timer;

	fake->hardware.sbsa = (struct fake_sbsa){ .there = true, .ticks = 100000000 };
	fake_efi_tables(fake);
	table = fake_efi_table(fake, FAKE_GTDT, "GTDT", 104 + 20 + 28);
	daruma_put32(table->bytes + 88, 2);
	daruma_put32(table->bytes + 92, 104);
	daruma_put16(table->bytes + 105, 20);
	timer = table->bytes + 104 + 20;
	timer[0] = 1;
	daruma_put16(timer + 1, 28);
	daruma_put64(timer + 4, FAKE_SBSA_REFRESH);
	daruma_put64(timer + 12, FAKE_SBSA_CONTROL);
	fake_efi_seal_table(table);
}
