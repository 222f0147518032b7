/* efibind.h: what gnu-efi's headers ask of an architecture, for aarch64
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A distribution's gnu-efi has this file for its own architectures only. Those of 64 bits differ in
 * nothing that is used here but the calling convention, and on aarch64 the firmware's is that of C
 * (UEFI 2.10, 2.3.6): GNU_EFI_USE_MS_ABI is left undefined.
 */
#ifndef DARUMA_EFI_ARCHITECTURE_AARCH64_EFIBIND_H
#define DARUMA_EFI_ARCHITECTURE_AARCH64_EFIBIND_H

#include <x86_64/efibind.h>

#endif
