/* variables.h: EFI variables; the only user of libefivar
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A port: tests and machines without run-time variables bring their own table. libefivar obeys EFIVARFS_PATH, which
 * points it at a plain folder.
 */
#ifndef DARUMA_RECOVERY_BOOT_VARIABLES_H
#define DARUMA_RECOVERY_BOOT_VARIABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct variables {
	/* Whether variables can be read here at all. */
	bool (*available)(void);
	/* Reads at most `size` bytes. Returns 0, -ENOENT, -E2BIG (larger than `size`) or -EIO. */
	int (*read)(const char *guid, const char *name, uint8_t *buffer, size_t size,
		    size_t *ret_size, uint32_t *ret_attributes);
	/* Returns 0, -EROFS, -EPERM, -ENOSPC, -EINVAL (other attributes than stored) or -EIO. */
	int (*write)(const char *guid, const char *name, const uint8_t *bytes, size_t size,
		     uint32_t attributes);
	int (*remove)(const char *guid, const char *name);
	/* Calls `each` for every name of `guid` that starts with `prefix`, until it returns non-zero, which is returned. */
	int (*list)(const char *guid, const char *prefix, int (*each)(const char *name, void *user),
		    void *user);
};

/* The machine's own variables. */
const struct variables *variables_of_machine(void);

#endif
