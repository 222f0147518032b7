/* unpack.c: what a compressed file holds, by the programs of the system
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/unpack.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define MARK_SIZE 6

static const struct packing {
	const char *mark;
	size_t length;
	const char *const argv[4]; /* unpacks standard input to standard output */
} packings[] = {
	{ "\x1f\x8b", 2, { "gzip", "-dcq" } },
	{ "\x28\xb5\x2f\xfd", 4, { "zstd", "-dcq" } },
	{ "\xfd"
	  "7zXZ",
	  5,
	  { "xz", "-dcq" } },
	{ "\x5d\0\0", 3, { "xz", "-dcq", "--format=lzma" } },
	{ "BZh", 3, { "bzip2", "-dcq" } },
	{ "\x02\x21\x4c\x18", 4, { "lz4", "-dcq" } },
};

static const struct packing *find_packing(const char mark[MARK_SIZE])
{
	for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++)
		if (memcmp(packings[i].mark, mark, packings[i].length) == 0)
			return &packings[i];
	return NULL;
}

int unpack(const struct process_port *processes, int fd, off_t offset, unsigned seconds,
	   int (*take)(const void *bytes, size_t size, void *user), void *user)
{
	char mark[MARK_SIZE] = { 0 };
	const struct packing *packing;
	int status = 0, error;

	if (pread(fd, mark, sizeof(mark), offset) < 0 || lseek(fd, offset, SEEK_SET) < 0)
		return -errno;
	packing = find_packing(mark);
	if (!packing)
		return -EOPNOTSUPP;
	error = processes->filter(packing->argv, seconds, fd, take, user, &status);
	/* 2 is a warning of gzip: of zeroes behind the end, say. */
	if (!error && status != 0 && status != 2)
		error = -ECHILD;
	return error;
}
