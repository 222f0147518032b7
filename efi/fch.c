/* fch.c: the watchdog of AMD's chipsets since the first Zen
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/fch.h"

#include <stdint.h>

#include "efi/pci.h"

#define SMBUS	       PCI_FUNCTION(0x14, 0)
#define IDENTITY       0x790b1022u
#define REVISION_LEAST 0x51u

#define POWER	     0xfed80300ull
#define DECODE	     (POWER + 0)
#define TIMER_SHOWN  0x80u
#define CLOCK	     (POWER + 3)
#define CLOCK_MASK   0x0fu
#define CLOCK_SECOND 0x03u
#define ISA	     (POWER + 4)
#define MEMORY_SHOWN 0x02u

#define CONTROL	   0xfed80b00ull
#define RUNS	   0x01u
#define FIRED	   0x02u
#define SWITCH_OFF 0x04u
#define DISABLED   0x08u
#define RELOAD	   0x80u
#define COUNT	   (CONTROL + 4)
#define COUNT_MOST 0xffffu

static uint32_t control(const struct hardware *hardware)
{
	return hardware->read_memory(CONTROL, HARDWARE_32);
}

/* FIRED is cleared by a one, so it is written where that is meant only. */
static void set_control(const struct hardware *hardware, uint32_t value)
{
	hardware->write_memory(CONTROL, HARDWARE_32, value);
}

static bool is_chipset(const struct hardware *hardware)
{
	return pci_read(hardware, SMBUS, PCI_IDENTITY, HARDWARE_32) == IDENTITY &&
	       pci_read(hardware, SMBUS, PCI_REVISION, HARDWARE_8) >= REVISION_LEAST &&
	       (hardware->read_memory(ISA, HARDWARE_8) & MEMORY_SHOWN);
}

static bool is_shown(const struct hardware *hardware)
{
	return hardware->read_memory(DECODE, HARDWARE_8) & TIMER_SHOWN;
}

/* Firmware may have left it off; until it is on its registers read as ones. */
static bool show(const struct hardware *hardware)
{
	uint32_t decode = hardware->read_memory(DECODE, HARDWARE_8);

	hardware->write_memory(DECODE, HARDWARE_8, decode | TIMER_SHOWN);
	return is_shown(hardware);
}

static bool set_clock(const struct hardware *hardware)
{
	uint32_t clock = hardware->read_memory(CLOCK, HARDWARE_8);

	hardware->write_memory(CLOCK, HARDWARE_8, (clock & ~CLOCK_MASK) | CLOCK_SECOND);
	return (hardware->read_memory(CLOCK, HARDWARE_8) & CLOCK_MASK) == CLOCK_SECOND;
}

static void stop(const struct hardware *hardware)
{
	set_control(hardware, control(hardware) & ~(RUNS | FIRED));
}

static bool set_running(const struct hardware *hardware)
{
	uint32_t value = control(hardware) & ~(FIRED | SWITCH_OFF);

	set_control(hardware, value | RUNS);
	set_control(hardware, value | RUNS | RELOAD);
	return (control(hardware) & (RUNS | SWITCH_OFF)) == RUNS;
}

/* What is left of the time, which is taken over by the reload. */
static bool counts_from(const struct hardware *hardware, uint32_t count)
{
	uint32_t left = hardware->read_memory(COUNT, HARDWARE_32) & COUNT_MOST;

	return left > 0 && left <= count;
}

static bool arm(const struct hardware *hardware, unsigned seconds)
{
	uint32_t count = seconds > COUNT_MOST ? COUNT_MOST : seconds;

	if (!show(hardware) || (control(hardware) & DISABLED))
		return false;
	/* Before anything is changed, so that a count that is almost over does not end. */
	stop(hardware);
	set_control(hardware, control(hardware) | FIRED);
	hardware->write_memory(COUNT, HARDWARE_32, count);
	return set_clock(hardware) && set_running(hardware) && counts_from(hardware, count);
}

bool fch_is_there(const struct firmware *firmware)
{
	const struct hardware *hardware = firmware->hardware;

	return is_chipset(hardware) && (!is_shown(hardware) || !(control(hardware) & DISABLED));
}

bool fch_fired(const struct firmware *firmware)
{
	const struct hardware *hardware = firmware->hardware;
	uint32_t value;

	if (!is_chipset(hardware) || !show(hardware))
		return false;
	value = control(hardware);
	if (value & FIRED)
		set_control(hardware, value);
	return value & FIRED;
}

bool fch_arm(const struct firmware *firmware, unsigned seconds)
{
	const struct hardware *hardware = firmware->hardware;

	if (!is_chipset(hardware))
		return false;
	if (arm(hardware, seconds))
		return true;
	if (is_shown(hardware))
		stop(hardware);
	return false;
}

void fch_stop(const struct firmware *firmware)
{
	const struct hardware *hardware = firmware->hardware;

	if (is_chipset(hardware) && is_shown(hardware))
		stop(hardware);
}
