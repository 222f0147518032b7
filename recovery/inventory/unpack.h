/* unpack.h: what a compressed file holds, by the programs of the system
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INVENTORY_UNPACK_H
#define DARUMA_RECOVERY_INVENTORY_UNPACK_H

#include <stddef.h>
#include <sys/types.h>

#include "recovery/process.h"

/* Unpacks what stands in `fd` from `offset` on, and hands it on in pieces to `take`; what that returns, if not 0,
 * ends it. The way of packing is told by the bytes. Moves the offset of `fd`. Returns 0; -EOPNOTSUPP: packed in no
 * way that is known, or not at all; -ENOENT: the program is not there; -ECHILD: it failed; -ETIMEDOUT; what `take`
 * returned; or another errno. */
int unpack(const struct process_port *processes, int fd, off_t offset, unsigned seconds,
	   int (*take)(const void *bytes, size_t size, void *user), void *user);

#endif
