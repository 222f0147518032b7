/* pci.h: the configuration space of PCI devices on the first bus, by its two ports
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * PCI Local Bus Specification 3.0, 3.2.2.3.2: 0xcf8 takes an address (bit 31 set; bus, device,
 * function and register), 0xcfc has that register. The firmware's own code, which may run between
 * the two accesses, leaves the address as it found it; so does this. Where there are no ports
 * everything reads as ones, and no device is found.
 */
#ifndef DARUMA_EFI_PCI_H
#define DARUMA_EFI_PCI_H

#include "efi/hardware.h"

#include <stdint.h>

/* A function of a device on bus 0, as it stands in the address. */
#define PCI_FUNCTION(device, function)                                                             \
	(0x80000000u | (uint32_t)(device) << 11 | (uint32_t)(function) << 8)

#define PCI_IDENTITY 0x00 /* 32 bits: vendor below, device above */
#define PCI_COMMAND  0x04 /* 16 bits; bit 1: registers in memory answer */
#define PCI_REVISION 0x08 /* 8 bits */
#define PCI_BASE     0x10 /* 32 bits: where the first registers are */

/* One access of the register `at`, a multiple of `width`. */
uint32_t pci_read(const struct hardware *hardware, uint32_t function, uint8_t at,
		  enum hardware_width width);
void pci_write(const struct hardware *hardware, uint32_t function, uint8_t at,
	       enum hardware_width width, uint32_t value);

/* The first function on bus 0 with that identity, 0 where there is none. */
uint32_t pci_find(const struct hardware *hardware, uint32_t identity);

#endif
