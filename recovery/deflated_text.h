/* deflated_text.h: text that the kernel compressed before it stored it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * pstore stores raw deflate, without zlib's header and sum (Linux fs/pstore/platform.c), with windows of 2 to 32 KiB.
 * Nothing here allocates or calls the system, so that the process that may do neither can inflate.
 */
#ifndef DARUMA_RECOVERY_DEFLATED_TEXT_H
#define DARUMA_RECOVERY_DEFLATED_TEXT_H

#include <stddef.h>

#define DEFLATED_TEXT_MAX 65536 /* bytes that come out of one part; a true one is of some KiB */
/* Bytes zlib works in: 7 KiB and the window, and room for a larger one. */
#define DEFLATED_MEMORY 131072

/* The caller provides the memory. */
struct deflated_text {
	char text[DEFLATED_TEXT_MAX];
	_Alignas(max_align_t) unsigned char memory[DEFLATED_MEMORY];
	size_t used; /* of `memory` */
};

/* Inflates `size` bytes into room->text and returns how many came out. What comes after damage, after the end of the
 * stream, or after DEFLATED_TEXT_MAX bytes is left out; 0: nothing in it can be read. */
size_t deflated_text_read(struct deflated_text *room, const void *bytes, size_t size);

#endif
