/* i6300esb.c: the watchdog of Intel's 6300ESB, which virtual machines have more than boards
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/i6300esb.h"

#include <stdint.h>

#include "efi/pci.h"

#define IDENTITY 0x25ab8086u

#define COMMAND_MEMORY 2u
#define BASE_IS_PORT   1u
#define BASE_MASK      0xfffffff0u

#define CONFIG		0x60
#define CONFIG_MASK	0x27u
#define IN_THE_WAY	0x24u /* a fast clock; resets nothing */
#define FIRST_IS_SILENT 0x03u
#define LOCK		0x68
#define LOCKED		1u
#define RUNS		2u

#define FIRST_TIME  0x00
#define SECOND_TIME 0x04
#define RELOAD	    0x0c
#define UNLOCK_1    0x80u
#define UNLOCK_2    0x86u
#define RELOAD_NOW  0x100u
#define FIRED	    0x200u
#define FIRED_QEMU  0x1000u
#define SECOND	    512u /* of each of the two times */
#define TIME_MOST   0xfffffu

/* Where it is on this machine. */
struct device {
	const struct hardware *hardware;
	uint32_t function;
	uint64_t base;
	uint32_t command; /* as it was */
};

/* Its registers answer then, until close(). */
static bool open(const struct firmware *firmware, struct device *ret)
{
	const struct hardware *hardware = firmware->hardware;
	uint32_t function = pci_find(hardware, IDENTITY);
	uint32_t base;

	if (function == 0)
		return false;
	base = pci_read(hardware, function, PCI_BASE, HARDWARE_32);
	if ((base & BASE_IS_PORT) || (base & BASE_MASK) == 0)
		return false;
	*ret = (struct device){
		.hardware = hardware,
		.function = function,
		.base = base & BASE_MASK,
		.command = pci_read(hardware, function, PCI_COMMAND, HARDWARE_16),
	};
	pci_write(hardware, function, PCI_COMMAND, HARDWARE_16, ret->command | COMMAND_MEMORY);
	return true;
}

static void close(const struct device *device)
{
	pci_write(device->hardware, device->function, PCI_COMMAND, HARDWARE_16, device->command);
}

static void unlock(const struct device *device)
{
	device->hardware->write_memory(device->base + RELOAD, HARDWARE_16, UNLOCK_1);
	device->hardware->write_memory(device->base + RELOAD, HARDWARE_16, UNLOCK_2);
}

static void put(const struct device *device, uint32_t at, enum hardware_width width, uint32_t value)
{
	unlock(device);
	device->hardware->write_memory(device->base + at, width, value);
}

/* What reads as set is written back: ones clear. */
static bool take_status(const struct device *device)
{
	uint32_t status = device->hardware->read_memory(device->base + RELOAD, HARDWARE_16) &
			  (FIRED | FIRED_QEMU);

	put(device, RELOAD, HARDWARE_16, status);
	return status & FIRED;
}

static uint32_t lock_of(const struct device *device)
{
	return pci_read(device->hardware, device->function, LOCK, HARDWARE_8);
}

static void stop(const struct device *device)
{
	if (!(lock_of(device) & LOCKED))
		pci_write(device->hardware, device->function, LOCK, HARDWARE_8, 0);
}

static void set_time(const struct device *device, unsigned seconds)
{
	uint32_t time = seconds > TIME_MOST / SECOND ? TIME_MOST : seconds * SECOND;

	put(device, FIRST_TIME, HARDWARE_32, time);
	put(device, SECOND_TIME, HARDWARE_32, time);
}

/* False where it would reset at another time, or nothing. (What the first expiry does QEMU reads back otherwise.) */
static bool set_config(const struct device *device)
{
	uint32_t config = pci_read(device->hardware, device->function, CONFIG, HARDWARE_16);

	pci_write(device->hardware, device->function, CONFIG, HARDWARE_16,
		  (config & ~CONFIG_MASK) | FIRST_IS_SILENT);
	return !(pci_read(device->hardware, device->function, CONFIG, HARDWARE_16) & IN_THE_WAY);
}

static bool set_running(const struct device *device)
{
	put(device, RELOAD, HARDWARE_16, RELOAD_NOW);
	pci_write(device->hardware, device->function, LOCK, HARDWARE_8, RUNS);
	return lock_of(device) & RUNS;
}

static bool arm(const struct device *device, unsigned seconds)
{
	if (lock_of(device) & LOCKED)
		return false;
	stop(device);
	take_status(device);
	set_time(device, seconds);
	if (set_config(device) && set_running(device))
		return true;
	stop(device);
	return false;
}

bool i6300esb_is_there(const struct firmware *firmware)
{
	struct device device;

	if (!open(firmware, &device))
		return false;
	close(&device);
	return true;
}

bool i6300esb_fired(const struct firmware *firmware)
{
	struct device device;
	bool fired;

	if (!open(firmware, &device))
		return false;
	fired = take_status(&device);
	close(&device);
	return fired;
}

bool i6300esb_arm(const struct firmware *firmware, unsigned seconds)
{
	struct device device;
	bool armed;

	if (!open(firmware, &device))
		return false;
	armed = arm(&device, seconds);
	close(&device);
	return armed;
}

void i6300esb_stop(const struct firmware *firmware)
{
	struct device device;

	if (!open(firmware, &device))
		return;
	stop(&device);
	close(&device);
}
