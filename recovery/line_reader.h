/* line_reader.h: bytes cut into lines of bounded length
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For files of others, which may be of any size and hold anything: memory stays the same.
 */
#ifndef DARUMA_RECOVERY_LINE_READER_H
#define DARUMA_RECOVERY_LINE_READER_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define LINE_READER_MOST PATH_MAX /* longer lines, and those with a NUL in them, are left out */

/* Begins as { 0 }. */
struct line_reader {
	char line[LINE_READER_MOST + 1];
	size_t length;
	bool left_out; /* the line that is being read */
};

/* Takes the next `size` bytes; calls `each` with every line that ends in them, without its end. A last line without an
 * end is none. Returns what `each` returns if not 0, else 0. */
int line_reader_feed(struct line_reader *reader, const char *bytes, size_t size,
		     int (*each)(const char *line, void *user), void *user);

/* The same for an open file to its end, or to `most` bytes. Returns also -ENOMEM or the errno of reading. */
int line_reader_read(int fd, size_t most, int (*each)(const char *line, void *user), void *user);

#endif
