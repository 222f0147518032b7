/* hardware_error.h: the hardware error that the firmware recorded of the start before
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The ACPI table BERT names a region of memory; Linux shows what is in it as a file of sysfs (drivers/acpi/sysfs.c). It is one
 * Generic Error Status Block (ACPI 6.5, 18.3.2.7.1) with sections of the kinds of UEFI 2.10, N.2.2. Firmware fills it where
 * the machine went down by an error of its own, and leaves it empty otherwise; but some firmware shows an old one in each
 * start.
 */
#ifndef DARUMA_RECOVERY_HARDWARE_ERROR_H
#define DARUMA_RECOVERY_HARDWARE_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recovery/context.h"
#include "recovery/database.h"

#define HARDWARE_ERROR_FILE "/sys/firmware/acpi/tables/data/BERT"

struct hardware_error {
	bool uncorrected; /* it can have taken the machine down */
	const char
		*kind; /* "processor", "memory", "pcie", "firmware" or "unknown"; static storage */
};

/* Reads `size` bytes of the region; `bytes` may be NULL where size is 0. `cut`: more of it follows. Returns 1 if an error is
 * recorded, 0 if none is, or -EBADMSG for what is no such block. `*ret` is filled in every case. */
int hardware_error_parse(const uint8_t *bytes, size_t size, bool cut, struct hardware_error *ret);

/* The same of this machine, of an error that was not marked as seen: 0 too where there is no such file, and where what is in it
 * was marked. Returns a negative errno if it cannot be read, or `database` cannot say what was marked. */
int hardware_error_find(const struct context *context, struct database *database,
			struct hardware_error *ret);

/* Marks what is recorded now as seen: in later starts it says nothing of the one before. Writes only if that changes
 * something. What cannot be read tells nothing either, and is no error. */
int hardware_error_mark_seen(const struct context *context, struct database *database);

#endif
