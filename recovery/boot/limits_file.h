/* limits_file.h: limits.bin and limits.bak on the ESP
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_BOOT_LIMITS_FILE_H
#define DARUMA_RECOVERY_BOOT_LIMITS_FILE_H

#include <stdbool.h>

#include "policy/limits.h"
#include "policy/words.h"
#include "recovery/boot/esp.h"

enum limits_copy {
	LIMITS_FIRST,  /* limits.bin */
	LIMITS_BACKUP, /* limits.bak */
	LIMITS_COPIES,
};

/* What one copy holds. `*ret` is the built-in limits unless VALID. */
enum daruma_state limits_file_read(const struct esp *esp, enum limits_copy copy,
				   struct daruma_limits *ret);

/* The limits the firmware stage will use: the first copy that is valid. Returns false, and the built-in limits, if
 * neither is. */
bool limits_file_load(const struct esp *esp, struct daruma_limits *ret);

/* How many of the copies limits_file_write() would write; both where they cannot be read. */
int limits_file_count_outdated(const struct esp *esp, const struct daruma_limits *limits);

/* Writes both copies, the backup first: a new file, fsync, read back, rename, fsync of the folder; so that at every moment
 * one copy is whole. A copy that says the same already is not written. `install` of the limits is set to the ESP's.
 * Returns the number of files written (0: nothing to do), or a negative errno: -ENOENT (no EFI/daruma folder: the stage
 * is not installed), -EROFS, -ENOSPC, -EIO (read back otherwise) ... */
int limits_file_write(const struct esp *esp, const struct daruma_limits *limits);

#endif
