/* partition.h: the partition behind a mount point; the only user of libblkid
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_BOOT_PARTITION_H
#define DARUMA_RECOVERY_BOOT_PARTITION_H

#include "recovery/boot/esp.h"

/* Fills the fields of `esp` from `guid` down, from the partition table of the disk that `esp->path` is on. Returns 0;
 * -ENODEV: no block device with a GPT entry is behind it; or the errno of opening the disk. */
int partition_describe(struct esp *esp);

#endif
