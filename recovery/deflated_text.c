/* deflated_text.c: text that the kernel compressed before it stored it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/deflated_text.h"

#include <limits.h>
#include <zlib.h>

#define RAW_WINDOW (-15) /* no header, and the largest window, which reads all smaller ones */
#define ALIGNMENT  _Alignof(max_align_t)

/* Out of the room only, and nothing comes back before the end: the next part has all of it again. */
static void *take(void *user, unsigned items, unsigned size)
{
	struct deflated_text *room = user;
	size_t left = sizeof(room->memory) - room->used, wanted;
	void *at = room->memory + room->used;

	if (__builtin_mul_overflow((size_t)items, (size_t)size, &wanted) || wanted > left)
		return Z_NULL;
	wanted = (wanted + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	room->used += wanted < left ? wanted : left;
	return at;
}

static void leave(void *user, void *memory)
{
	(void)user;
	(void)memory;
}

size_t deflated_text_read(struct deflated_text *room, const void *bytes, size_t size)
{
	z_stream stream = { .zalloc = take,
			    .zfree = leave,
			    .opaque = room,
			    .next_in = (z_const Bytef *)bytes,
			    .avail_in = size < UINT_MAX ? (unsigned)size : UINT_MAX,
			    .next_out = (Bytef *)room->text,
			    .avail_out = sizeof(room->text) };

	room->used = 0;
	if (inflateInit2(&stream, RAW_WINDOW) != Z_OK)
		return 0;
	/* Whatever ends it, what came out before is text. */
	inflate(&stream, Z_FINISH);
	inflateEnd(&stream);
	return sizeof(room->text) - stream.avail_out;
}
