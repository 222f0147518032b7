/* tco.c: the watchdog of Intel chipsets from ICH6 to the 9 series: TCO, version 2
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/tco.h"

#include <stdint.h>

#include "efi/pci.h"

#define LPC_BRIDGE PCI_FUNCTION(0x1f, 0)
#define INTEL	   0x8086

#define CONFIG_POWER_BASE    0x40
#define CONFIG_POWER_CONTROL 0x44
#define CONFIG_ROOT_COMPLEX  0xf0

#define POWER_BASE_MASK	  0xff80u
#define POWER_ENABLED	  0x80u
#define ROOT_COMPLEX_MASK 0xffffc000u
#define ROOT_ENABLED	  1u

#define GCS	  0x3410
#define NO_REBOOT 0x20u

#define SMI_ENABLE	0x30
#define SMI_OF_TCO	(1u << 13 | 1u)
#define TCO_RELOAD	0x60
#define TCO_STATUS	0x66
#define SECOND_EXPIRY	0x02u
#define EXPIRED_AT_BOOT 0x04u
#define TCO_CONTROL	0x68
#define HALT		0x0800u
#define TCO_TIME	0x72
#define TICKS_MASK	0x3ffu
#define TICKS_LEAST	4u
#define TICKS_IN_3	5u /* seconds */

/* Where its registers are on this machine. */
struct tco {
	const struct hardware *hardware;
	uint16_t ports;
	uint64_t gcs;
};

/* Identities of the bridges, first to last. */
static const struct {
	uint16_t first;
	uint16_t last;
} bridges[] = {
	{ 0x2640, 0x2642 },					    /* ICH6 */
	{ 0x2670, 0x267f },					    /* 631xESB, 632xESB */
	{ 0x27b0, 0x27b0 }, { 0x27b8, 0x27b9 }, { 0x27bc, 0x27bd }, /* ICH7, NM10 */
	{ 0x2810, 0x2812 }, { 0x2814, 0x2815 },			    /* ICH8 */
	{ 0x2912, 0x2912 }, { 0x2914, 0x2914 }, { 0x2916, 0x2919 }, /* ICH9 */
	{ 0x3a14, 0x3a14 }, { 0x3a16, 0x3a16 }, { 0x3a18, 0x3a18 }, { 0x3a1a, 0x3a1a }, /* ICH10 */
	{ 0x3b00, 0x3b03 }, { 0x3b06, 0x3b0b }, { 0x3b0d, 0x3b0d }, { 0x3b0f, 0x3b0f }, /* 5 */
	{ 0x3b12, 0x3b12 }, { 0x3b14, 0x3b14 }, { 0x3b16, 0x3b16 },			/* 3400 */
	{ 0x1c41, 0x1c5f },			/* 6 series */
	{ 0x1d40, 0x1d41 },			/* X79, C600 */
	{ 0x1e40, 0x1e5f },			/* 7 series */
	{ 0x8c40, 0x8c5f }, { 0x9c40, 0x9c47 }, /* 8 series */
	{ 0x8cc1, 0x8cc4 }, { 0x8cc6, 0x8cc6 }, /* 9 series */
};

static uint32_t read_config(const struct hardware *hardware, uint8_t at)
{
	return pci_read(hardware, LPC_BRIDGE, at, HARDWARE_32);
}

static bool is_ours(uint32_t identity)
{
	uint32_t device = identity >> 16;

	if ((identity & 0xffff) != INTEL)
		return false;
	for (unsigned i = 0; i < sizeof(bridges) / sizeof(bridges[0]); i++) {
		if (device >= bridges[i].first && device <= bridges[i].last)
			return true;
	}
	return false;
}

static bool open(const struct firmware *firmware, struct tco *ret)
{
	const struct hardware *hardware = firmware->hardware;
	uint32_t ports, root;

	if (!is_ours(read_config(hardware, PCI_IDENTITY)) ||
	    !(read_config(hardware, CONFIG_POWER_CONTROL) & POWER_ENABLED))
		return false;
	ports = read_config(hardware, CONFIG_POWER_BASE) & POWER_BASE_MASK;
	root = read_config(hardware, CONFIG_ROOT_COMPLEX);
	if (ports == 0 || !(root & ROOT_ENABLED) || (root & ROOT_COMPLEX_MASK) == 0)
		return false;
	*ret = (struct tco){
		.hardware = hardware,
		.ports = (uint16_t)ports,
		.gcs = (root & ROOT_COMPLEX_MASK) + GCS,
	};
	return true;
}

static uint32_t get(const struct tco *tco, uint16_t at)
{
	return tco->hardware->read_port((uint16_t)(tco->ports + at), HARDWARE_16);
}

static void put(const struct tco *tco, uint16_t at, uint32_t value)
{
	tco->hardware->write_port((uint16_t)(tco->ports + at), HARDWARE_16, value);
}

/* False where the bit does not become what it should. */
static bool set_no_reboot(const struct tco *tco, bool on)
{
	uint32_t gcs = tco->hardware->read_memory(tco->gcs, HARDWARE_32) & ~NO_REBOOT;

	tco->hardware->write_memory(tco->gcs, HARDWARE_32, on ? gcs | NO_REBOOT : gcs);
	return !(tco->hardware->read_memory(tco->gcs, HARDWARE_32) & NO_REBOOT) == !on;
}

static void clear_status(const struct tco *tco)
{
	/* In this order: the datasheet wants the first one gone before the other. */
	put(tco, TCO_STATUS, SECOND_EXPIRY);
	put(tco, TCO_STATUS, EXPIRED_AT_BOOT);
}

static bool is_for_firmware(const struct tco *tco)
{
	uint32_t enabled =
		tco->hardware->read_port((uint16_t)(tco->ports + SMI_ENABLE), HARDWARE_32);

	return (enabled & SMI_OF_TCO) == SMI_OF_TCO;
}

static bool set_time(const struct tco *tco, unsigned seconds)
{
	uint32_t ticks = seconds * TICKS_IN_3 / 3;

	if (!is_for_firmware(tco))
		ticks /= 2;
	if (ticks < TICKS_LEAST)
		ticks = TICKS_LEAST;
	if (ticks > TICKS_MASK)
		ticks = TICKS_MASK;
	put(tco, TCO_TIME, (get(tco, TCO_TIME) & ~TICKS_MASK) | ticks);
	return (get(tco, TCO_TIME) & TICKS_MASK) == ticks;
}

static bool set_running(const struct tco *tco)
{
	put(tco, TCO_RELOAD, 1);
	put(tco, TCO_CONTROL, get(tco, TCO_CONTROL) & ~HALT);
	return !(get(tco, TCO_CONTROL) & HALT);
}

static void stop(const struct tco *tco)
{
	put(tco, TCO_CONTROL, get(tco, TCO_CONTROL) | HALT);
	set_no_reboot(tco, true);
}

bool tco_is_there(const struct firmware *firmware)
{
	struct tco tco;

	return open(firmware, &tco);
}

bool tco_fired(const struct firmware *firmware)
{
	struct tco tco;
	bool fired;

	if (!open(firmware, &tco))
		return false;
	fired = get(&tco, TCO_STATUS) & SECOND_EXPIRY;
	clear_status(&tco);
	return fired;
}

bool tco_arm(const struct firmware *firmware, unsigned seconds)
{
	struct tco tco;

	if (!open(firmware, &tco))
		return false;
	clear_status(&tco);
	if (set_no_reboot(&tco, false) && set_time(&tco, seconds) && set_running(&tco))
		return true;
	stop(&tco);
	return false;
}

void tco_stop(const struct firmware *firmware)
{
	struct tco tco;

	if (open(firmware, &tco))
		stop(&tco);
}
