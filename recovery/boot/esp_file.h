/* esp_file.h: a large file laid on the ESP, and the room for it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_BOOT_ESP_FILE_H
#define DARUMA_RECOVERY_BOOT_ESP_FILE_H

#include <stdint.h>

#include "recovery/boot/esp.h"

/* Writes the file `name` of the open folder, mode 0600, with what `from`, an open file, holds from where it stands: fsync, and
 * read back against what was written. What was there before is gone from the beginning on. Returns 0 or a negative errno
 * (-ENOSPC, -EROFS, -EIO: reads back otherwise ...); then a part of the file may be left. */
int esp_file_write(int folder, const char *name, int from);

/* Bytes that are free on the ESP. Returns 0 or a negative errno. */
int esp_file_free_room(const struct esp *esp, uint64_t *ret);

#endif
