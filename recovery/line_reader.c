/* line_reader.c: bytes cut into lines of bounded length
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/line_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "recovery/cleanup.h"

#define CHUNK 65536

struct reading {
	struct line_reader reader;
	char bytes[CHUNK];
};

static int end_line(struct line_reader *reader, int (*each)(const char *line, void *user),
		    void *user)
{
	bool left_out = reader->left_out;

	reader->line[reader->length] = '\0';
	reader->length = 0;
	reader->left_out = false;
	return left_out ? 0 : each(reader->line, user);
}

int line_reader_feed(struct line_reader *reader, const char *bytes, size_t size,
		     int (*each)(const char *line, void *user), void *user)
{
	for (size_t i = 0; i < size; i++) {
		int result;

		if (bytes[i] != '\n') {
			if (bytes[i] == '\0' || reader->length == LINE_READER_MOST)
				reader->left_out = true;
			else
				reader->line[reader->length++] = bytes[i];
			continue;
		}
		result = end_line(reader, each, user);
		if (result)
			return result;
	}
	return 0;
}

int line_reader_read(int fd, size_t most, int (*each)(const char *line, void *user), void *user)
{
	owned struct reading *reading = calloc(1, sizeof(*reading));
	ssize_t got = 1;
	int result = 0;

	if (!reading)
		return -ENOMEM;
	while (!result && got > 0 && most > 0) {
		got = read(fd, reading->bytes, most < CHUNK ? most : CHUNK);
		if (got < 0)
			return -errno;
		most -= (size_t)got;
		result =
			line_reader_feed(&reading->reader, reading->bytes, (size_t)got, each, user);
	}
	return result;
}
