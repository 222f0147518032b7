/* image.h: loading a program from the partition that this one is on
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_TESTS_BENCH_EFI_IMAGE_H
#define DARUMA_TESTS_BENCH_EFI_IMAGE_H

#include <efi.h>

/* The program to which every measured loader leads. */
#define IMAGE_ARRIVAL "\\EFI\\bench\\arrival.efi"

/* Loads the file at the absolute path `file`. Sets `*ret_child` on success only; statuses of the firmware. */
EFI_STATUS image_load(EFI_HANDLE image, EFI_SYSTEM_TABLE *system, const char *file,
		      EFI_HANDLE *ret_child);

/* Loads it and starts it: as little as a loader can do. */
EFI_STATUS image_run(EFI_HANDLE image, EFI_SYSTEM_TABLE *system, const char *file);

#endif
