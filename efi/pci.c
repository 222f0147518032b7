/* pci.c: the configuration space of PCI devices on the first bus, by its two ports
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/pci.h"

#include <stdbool.h>

#define PORT_ADDRESS 0xcf8
#define PORT_DATA    0xcfc

#define NO_DEVICE      0xffffffffu
#define HEADER	       0x0e
#define MANY_FUNCTIONS 0x80u
#define DEVICES	       32
#define FUNCTIONS      8

uint32_t pci_read(const struct hardware *hardware, uint32_t function, uint8_t at,
		  enum hardware_width width)
{
	uint32_t before = hardware->read_port(PORT_ADDRESS, HARDWARE_32);
	uint32_t value;

	hardware->write_port(PORT_ADDRESS, HARDWARE_32, function | (at & 0xfcu));
	value = hardware->read_port((uint16_t)(PORT_DATA + (at & 3u)), width);
	hardware->write_port(PORT_ADDRESS, HARDWARE_32, before);
	return value;
}

void pci_write(const struct hardware *hardware, uint32_t function, uint8_t at,
	       enum hardware_width width, uint32_t value)
{
	uint32_t before = hardware->read_port(PORT_ADDRESS, HARDWARE_32);

	hardware->write_port(PORT_ADDRESS, HARDWARE_32, function | (at & 0xfcu));
	hardware->write_port((uint16_t)(PORT_DATA + (at & 3u)), width, value);
	hardware->write_port(PORT_ADDRESS, HARDWARE_32, before);
}

/* Some devices of one function answer for all eight. */
static unsigned count_functions(const struct hardware *hardware, unsigned device)
{
	uint32_t first = PCI_FUNCTION(device, 0);

	if (pci_read(hardware, first, PCI_IDENTITY, HARDWARE_32) == NO_DEVICE)
		return 0;
	return pci_read(hardware, first, HEADER, HARDWARE_8) & MANY_FUNCTIONS ? FUNCTIONS : 1;
}

uint32_t pci_find(const struct hardware *hardware, uint32_t identity)
{
	for (unsigned device = 0; device < DEVICES; device++) {
		unsigned count = count_functions(hardware, device);

		for (unsigned i = 0; i < count; i++) {
			uint32_t function = PCI_FUNCTION(device, i);

			if (pci_read(hardware, function, PCI_IDENTITY, HARDWARE_32) == identity)
				return function;
		}
	}
	return 0;
}
