/* cpio.h: reading an archive of the kind that an initramfs is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The form is "newc" (kernel: Documentation/driver-api/early-userspace/buffer-format.rst): archives one behind another with
 * zeroes between them. A header is 6 digits of magic and 13 numbers of 8 hexadecimal digits; name and data are padded to 4
 * bytes. Bytes come in pieces of any size, and nothing but a name is kept.
 */
#ifndef DARUMA_RECOVERY_INVENTORY_CPIO_H
#define DARUMA_RECOVERY_INVENTORY_CPIO_H

#include <stddef.h>
#include <stdint.h>

#define CPIO_HEADER_SIZE 110
#define CPIO_NAME_MAX	 4096 /* with its NUL, as the kernel has it */

enum cpio_state {
	CPIO_BETWEEN, /* before a header of a new archive: zeroes are passed over */
	CPIO_HEADER,
	CPIO_NAME,
	CPIO_DATA,
	CPIO_OTHER,   /* what follows is not an archive of this kind: it may be a compressed one */
	CPIO_DAMAGED, /* as is what follows */
};

/* What is told of each regular file. A function returns 0, or a negative errno that ends the reading. */
struct cpio_port {
	int (*begin)(const char *name, uint32_t size, void *user);
	int (*data)(const void *bytes, size_t size, void *user);
	int (*end)(void *user);
	void *user;
};

/* The caller sets `port`; the rest begins with zeroes. */
struct cpio {
	const struct cpio_port *port;
	enum cpio_state state;
	uint64_t offset; /* bytes read so far */
	size_t have;	 /* of the header or the name */
	uint32_t name_size, size, left, padding;
	int is_file;
	char header[CPIO_HEADER_SIZE];
	char name[CPIO_NAME_MAX];
};

/* Takes the next `size` bytes, but none that belong to CPIO_OTHER or follow damage; *ret_used is their number. Returns 0
 * (see cpio->state) or what a function of the port returned. */
int cpio_feed(struct cpio *cpio, const void *bytes, size_t size, size_t *ret_used);

#endif
