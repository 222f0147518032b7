/* deflate.c: a text compressed as pstore compresses it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/deflate.h"

#include <check.h>
#include <zlib.h>

size_t deflate_as_pstore(const void *text, size_t size, int window, void *to, size_t room)
{
	z_stream stream = { .next_in = (z_const Bytef *)text,
			    .avail_in = (unsigned)size,
			    .next_out = to,
			    .avail_out = (unsigned)room };

	ck_assert_int_eq(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -window, 8,
				      Z_DEFAULT_STRATEGY),
			 Z_OK);
	ck_assert_int_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
	deflateEnd(&stream);
	return room - stream.avail_out;
}
