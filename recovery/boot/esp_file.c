/* esp_file.c: a large file laid on the ESP, and the room for it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/esp_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/digest.h"

#define PIECE_SIZE 65536

static int write_all(int to, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t written = write(to, bytes, size);

		if (written < 0)
			return -errno;
		bytes += written;
		size -= (size_t)written;
	}
	return 0;
}

/* Also says what was written. */
static int copy(int from, int to, char ret_digest[DIGEST_TEXT_SIZE])
{
	struct digest *digest = digest_begin();
	char piece[PIECE_SIZE];
	ssize_t got;
	int error = digest ? 0 : -ENOMEM, ended;

	while (!error && (got = read(from, piece, sizeof(piece))) != 0) {
		error = got < 0 ? -errno : write_all(to, piece, (size_t)got);
		if (!error)
			digest_add(digest, piece, (size_t)got);
	}
	ended = digest_end(digest, ret_digest);
	if (!error)
		error = ended;
	return error || fsync(to) == 0 ? error : -errno;
}

/* From the disk, and not from what the kernel remembers of the writing. */
static int reads_back(int folder, const char *name, const char *digest)
{
	owned_descriptor int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char found[DIGEST_TEXT_SIZE];
	int error;

	if (fd < 0)
		return -errno;
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	error = digest_file(fd, found);
	return error ? error : strcmp(found, digest) == 0 ? 0 : -EIO;
}

int esp_file_write(int folder, const char *name, int from)
{
	owned_descriptor int to =
		openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	char digest[DIGEST_TEXT_SIZE];
	int error = to < 0 ? -errno : copy(from, to, digest);

	return error ? error : reads_back(folder, name, digest);
}

int esp_file_free_room(const struct esp *esp, uint64_t *ret)
{
	struct statvfs about;

	if (statvfs(esp->path, &about) < 0)
		return -errno;
	*ret = (uint64_t)about.f_bavail * about.f_frsize;
	return 0;
}
