/* initramfs_modules.c: which kernel modules, and other files, an initramfs brings (R10)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/initramfs_modules.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "recovery/inventory/cpio.h"
#include "recovery/inventory/unpack.h"

#define PIECE_SIZE     65536
#define UNPACK_SECONDS 20

struct reading {
	bool (*wants)(const char *path);
	int (*each)(const char *path, const char sha256[DIGEST_TEXT_SIZE], void *user);
	void *user;
	char path[CPIO_NAME_MAX]; /* of the file that is being read, "" for one that nobody wants */
	struct digest *digest;
	struct cpio archive;
	bool ended;	 /* an archive ends in what is not one: the rest does not count */
	uint64_t thrown; /* bytes of that rest */
};

/* --- the archive --------------------------------------------------------------------------- */

static bool is_module(const char *name)
{
	static const char *const ends[] = { ".ko", ".ko.xz", ".ko.zst", ".ko.gz" };
	size_t length = strlen(name);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t size = strlen(ends[i]);

		if (length > size && strcmp(name + length - size, ends[i]) == 0)
			return true;
	}
	return false;
}

static int begin_file(const char *name, uint32_t size, void *user)
{
	struct reading *reading = user;

	(void)size;
	reading->path[0] = 0;
	if (!reading->wants(name))
		return 0;
	snprintf(reading->path, sizeof(reading->path), "%s", name);
	reading->digest = digest_begin();
	return reading->digest ? 0 : -ENOMEM;
}

static int add_data(const void *bytes, size_t size, void *user)
{
	const struct reading *reading = user;

	digest_add(reading->digest, bytes, size);
	return 0;
}

static int end_file(void *user)
{
	struct reading *reading = user;
	char sha256[DIGEST_TEXT_SIZE];
	int error;

	if (!reading->digest)
		return 0;
	error = digest_end(reading->digest, sha256);
	reading->digest = NULL;
	return error ? error : reading->each(reading->path, sha256, reading->user);
}

static int feed(struct reading *reading, const void *bytes, size_t size, size_t *ret_used)
{
	int error = cpio_feed(&reading->archive, bytes, size, ret_used);

	if (!error && reading->archive.state == CPIO_DAMAGED)
		error = -EBADMSG;
	if (!error && reading->archive.offset > INITRAMFS_BYTES_MAX)
		error = -EFBIG;
	return error;
}

/* --- what is compressed -------------------------------------------------------------------- */

static int throw_away(struct reading *reading, size_t size)
{
	reading->thrown += size;
	return reading->archive.offset + reading->thrown > INITRAMFS_BYTES_MAX ? -EFBIG : 0;
}

static int take_unpacked(const void *bytes, size_t size, void *user)
{
	struct reading *reading = user;
	size_t used = 0;
	int error = reading->ended ? throw_away(reading, size) : feed(reading, bytes, size, &used);

	if (reading->archive.state == CPIO_OTHER)
		reading->ended = true;
	return error;
}

static int read_packed(struct reading *reading, const struct process_port *processes, int fd,
		       off_t offset)
{
	reading->archive.state = CPIO_BETWEEN;
	return unpack(processes, fd, offset, UNPACK_SECONDS, take_unpacked, reading);
}

/* --- all of it ----------------------------------------------------------------------------- */

/* Up to the end, or to what is no archive: then *ret_more, and where it begins. */
static int read_plain(struct reading *reading, int fd, off_t *ret_offset, bool *ret_more)
{
	char piece[PIECE_SIZE];
	ssize_t got;

	*ret_more = false;
	while ((got = read(fd, piece, sizeof(piece))) != 0) {
		size_t used;
		int error;

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		error = feed(reading, piece, (size_t)got, &used);
		if (error)
			return error;
		if (reading->archive.state == CPIO_OTHER) {
			*ret_offset = (off_t)reading->archive.offset;
			*ret_more = true;
			return 0;
		}
	}
	return 0;
}

int initramfs_files_read(
	const struct process_port *processes, int fd, bool (*wants)(const char *path),
	int (*each)(const char *path, const char sha256[DIGEST_TEXT_SIZE], void *user), void *user)
{
	struct reading reading = { .wants = wants, .each = each, .user = user };
	const struct cpio_port port = {
		.begin = begin_file,
		.data = add_data,
		.end = end_file,
		.user = &reading,
	};
	off_t offset;
	bool more;
	int error;

	reading.archive.port = &port;
	error = read_plain(&reading, fd, &offset, &more);
	if (!error && more)
		error = read_packed(&reading, processes, fd, offset);
	/* What ends within an entry is cut. */
	if (!error && reading.archive.state != CPIO_BETWEEN && !reading.ended &&
	    !(reading.archive.state == CPIO_HEADER && reading.archive.have == 0))
		error = -EBADMSG;
	digest_end(reading.digest, NULL);
	return error;
}

int initramfs_modules_read(const struct process_port *processes, int fd,
			   int (*each)(const char *path, const char sha256[DIGEST_TEXT_SIZE],
				       void *user),
			   void *user)
{
	return initramfs_files_read(processes, fd, is_module, each, user);
}
