/* hardware.h: registers of the machine that no service of UEFI reaches, behind a port
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For the watchdogs alone. `struct firmware` carries the port, so that a test hands in a machine of
 * its own; efi/hardware_x86.c and efi/hardware_aarch64.c are real ones; no other file of efi/ has
 * assembler, and only hardware_memory.c takes a number for an address.
 */
#ifndef DARUMA_EFI_HARDWARE_H
#define DARUMA_EFI_HARDWARE_H

#include <stdbool.h>
#include <stdint.h>

/* Of one access, in bytes. */
enum hardware_width {
	HARDWARE_8 = 1,
	HARDWARE_16 = 2,
	HARDWARE_32 = 4,
};

struct firmware;

/* Each of the first four makes exactly one access of that width; what is read comes back with zeroes above
 * it, and of `value` no more than the width is written. There is no error: a register that is not
 * there reads as ones and takes nothing. */
struct hardware {
	uint32_t (*read_port)(uint16_t port, enum hardware_width width);
	void (*write_port)(uint16_t port, enum hardware_width width, uint32_t value);
	/* `address` is physical. It is the processor's own too, until ExitBootServices: UEFI promises
	 * that of all in its memory map (2.10, 2.3.4), and firmware does it with the registers of the
	 * chipset as well. The caller answers for it being one of the machine's. */
	uint32_t (*read_memory)(uint64_t address, enum hardware_width width);
	void (*write_memory)(uint64_t address, enum hardware_width width, uint32_t value);
	/* Whether there are `size` bytes at that address, as far as the machine has to be asked before
	 * they are read: on x86 it has not. */
	bool (*reaches)(const struct firmware *firmware, uint64_t address, uint64_t size);
	/* Ticks of the system counter of aarch64; 0 elsewhere. */
	uint64_t (*ticks_in_second)(void);
};

/* The port for the machine that this program runs on: a stage is built with the file of its
 * architecture, hardware_x86.c or hardware_aarch64.c. */
extern const struct hardware daruma_hardware;

#endif
