/* encrypted_disk.h: whether what lies on a disk is encrypted there
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_BOOT_ENCRYPTED_DISK_H
#define DARUMA_RECOVERY_BOOT_ENCRYPTED_DISK_H

#include <stdbool.h>
#include <sys/types.h>

#include "recovery/context.h"

/* Whether crypttab(5) has a line: some disk of this machine is encrypted. */
bool encrypted_disk_is_used(const struct context *context);

/* Whether the file system on `device` (st_dev of a file on it) lies on dm-crypt, or on something that does (LVM, RAID), by
 * /sys/dev/block. Where the device is none that is listed there (btrfs, ZFS, overlays have numbers of their own) any
 * encrypted disk is taken for it. */
bool encrypted_disk_is_below(const struct context *context, dev_t device);

/* Whether a disk may be opened by a TPM: one is there, and so is an encrypted disk. How it is opened (clevis, a key script,
 * systemd-cryptsetup) is not looked at. */
bool encrypted_disk_may_be_sealed(const struct context *context);

#endif
