/* store.h: copies of good files, by their SHA-256
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * /var/lib/daruma/store/<first 2 hex digits>/<other 62>, files 0600 in folders 0700. A copy is written beside its place,
 * verified and renamed, so that a name never stands for half a file; it outlives a power cut after store_sync().
 * What is read back is verified again.
 */
#ifndef DARUMA_RECOVERY_INVENTORY_STORE_H
#define DARUMA_RECOVERY_INVENTORY_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "recovery/context.h"
#include "recovery/quarantine/file_port.h"

struct store {
	const struct file_port *port;
	int folder; /* open, or -1 */
};

/* Opens the store below context->root, and makes it if `create`. Returns 0, -ENOENT (there is none) or an errno. */
int store_open(const struct context *context, const struct file_port *port, bool create,
	       struct store *ret);

/* Waits until nobody else has it, and keeps it alone until store_close(). Due for who puts copies in or collects: what one
 * process has put and not recorded yet is to another what nobody needs. Reading needs no lock. Returns 0, -ETIMEDOUT
 * after STORE_LOCK_SECONDS, or another negative errno: a healthy start is answered good all the same. */
#define STORE_LOCK_SECONDS 120
int store_lock(const struct store *store);

/* A store that was not opened ({ .folder = -1 }) and NULL are accepted. */
void store_close(struct store *store);

/* Copies the whole file `fd`, whose digest is `sha256`, unless a sound copy is there. Returns 0, -EAGAIN (the file has
 * another digest by now), -ENOSPC, ... */
int store_put(const struct store *store, int fd, const char *sha256);

/* Puts everything on the disk. Returns 0 or an errno. */
int store_sync(const struct store *store);

/* Opens a copy for reading, at its start, after comparing its digest. Returns a descriptor, -ENODATA (not in the store)
 * or -EBADMSG (damaged). */
int store_get(const struct store *store, const char *sha256);

/* The size of a copy, which is not compared; -1 where there is none. */
int64_t store_size(const struct store *store, const char *sha256);

/* Removes every copy that `is_needed` does not want, and what an interrupted store_put() left. Returns the number
 * removed or a negative errno. */
int store_collect(const struct store *store, bool (*is_needed)(const char *sha256, void *user),
		  void *user);

#endif
