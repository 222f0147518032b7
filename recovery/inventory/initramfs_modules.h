/* initramfs_modules.h: which kernel modules, and other files, an initramfs brings (R10)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Archives may stand one behind another: first those that are not compressed (microcode), then a compressed one, which the
 * system's own programs unpack.
 */
#ifndef DARUMA_RECOVERY_INVENTORY_INITRAMFS_MODULES_H
#define DARUMA_RECOVERY_INVENTORY_INITRAMFS_MODULES_H

#include <stdbool.h>

#include "recovery/digest.h"
#include "recovery/process.h"

#define INITRAMFS_BYTES_MAX (4ull << 30) /* of what is unpacked */

/* Calls `each` for every module in the image that `fd` is at the start of: a regular file whose name ends in .ko,
 * .ko.xz, .ko.zst or .ko.gz, with its path in the image and the digest of its bytes there. Returns 0; -EBADMSG: the
 * image is damaged; -EFBIG: too large; -EOPNOTSUPP: packed in a way that is not known; -ENOENT: the program that
 * unpacks it is not there; -ECHILD: that program failed; -ETIMEDOUT; or what `each` returned, if not 0. */
int initramfs_modules_read(const struct process_port *processes, int fd,
			   int (*each)(const char *path, const char sha256[DIGEST_TEXT_SIZE],
				       void *user),
			   void *user);

/* The same for the regular files whose path in the image `wants` says yes to. */
int initramfs_files_read(
	const struct process_port *processes, int fd, bool (*wants)(const char *path),
	int (*each)(const char *path, const char sha256[DIGEST_TEXT_SIZE], void *user), void *user);

#endif
