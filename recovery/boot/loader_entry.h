/* loader_entry.h: entries of the Boot Loader Specification, type 1
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_BOOT_LOADER_ENTRY_H
#define DARUMA_RECOVERY_BOOT_LOADER_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#define LOADER_ENTRY_ID_MAX 200

/* Whether the first line "version" of the entry's text names the kernel `release`. Pure. */
bool loader_entry_is_of(const char *text, size_t length, const char *release);

/* The id of an entry by the name of its file, "x.conf": that name without the counters of boot counting (x+3-1.conf), as
 * systemd-boot has it. False for other names, and for those with characters that no id needs. Pure. */
bool loader_entry_id(const char *name, char ret_id[LOADER_ENTRY_ID_MAX]);

#endif
