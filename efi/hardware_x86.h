/* hardware_x86.h: the registers of a real x86 machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_EFI_HARDWARE_X86_H
#define DARUMA_EFI_HARDWARE_X86_H

#include "efi/hardware.h"

/* The port for the machine that this program runs on. A stage for another architecture is built
 * with another file in the place of this one. */
extern const struct hardware hardware_x86_port;

#endif
