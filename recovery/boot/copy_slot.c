/* copy_slot.c: two places on the ESP for a kernel and its initramfs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/copy_slot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/digest.h"

#define FOLDER	   "EFI/daruma/good"
#define PIECE_SIZE 65536

enum {
	KERNEL,
	INITRD,
	FILES,
};

static const struct {
	const char *folder;
	const char *paths[FILES];
} slots[COPY_SLOTS] = {
	[COPY_SLOT_A] = { "a",
			  { "\\EFI\\daruma\\good\\a\\linux", "\\EFI\\daruma\\good\\a\\initrd" } },
	[COPY_SLOT_B] = { "b",
			  { "\\EFI\\daruma\\good\\b\\linux", "\\EFI\\daruma\\good\\b\\initrd" } },
};

static const char *const names[FILES] = { "linux", "initrd" };

const char *copy_slot_kernel(enum copy_slot slot)
{
	return slots[slot].paths[KERNEL];
}

const char *copy_slot_initrd(enum copy_slot slot)
{
	return slots[slot].paths[INITRD];
}

bool copy_slot_of(const char *path, enum copy_slot *ret)
{
	for (int slot = 0; slot < COPY_SLOTS; slot++)
		if (strcmp(path, slots[slot].paths[KERNEL]) == 0) {
			*ret = (enum copy_slot)slot;
			return true;
		}
	return false;
}

/* --- folders ---------------------------------------------------------------------------------- */

/* Below \EFI\daruma, which `daruma install` makes: without it there is no stage to start anything. */
static int open_good(const struct esp *esp, bool make)
{
	char path[PATH_MAX + sizeof(FOLDER) + 1];
	int fd;

	snprintf(path, sizeof(path), "%s/" FOLDER, esp->path);
	if (make && mkdir(path, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

static int open_slot(const struct esp *esp, enum copy_slot slot, bool make)
{
	owned_descriptor int good = open_good(esp, make);
	int fd;

	if (good < 0)
		return good;
	if (make && mkdirat(good, slots[slot].folder, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = openat(good, slots[slot].folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

bool copy_slot_holds(const struct esp *esp, enum copy_slot slot, uint64_t kernel, uint64_t initrd)
{
	owned_descriptor int folder = open_slot(esp, slot, false);
	const uint64_t sizes[FILES] = { kernel, initrd };
	struct stat about;

	for (int i = 0; i < FILES; i++)
		if (folder < 0 || fstatat(folder, names[i], &about, AT_SYMLINK_NOFOLLOW) < 0 ||
		    !S_ISREG(about.st_mode) || (uint64_t)about.st_size != sizes[i])
			return false;
	return true;
}

uint64_t copy_slot_size(const struct esp *esp, enum copy_slot slot)
{
	owned_descriptor int folder = open_slot(esp, slot, false);
	struct stat about;
	uint64_t size = 0;

	for (int i = 0; i < FILES; i++)
		if (folder >= 0 && fstatat(folder, names[i], &about, AT_SYMLINK_NOFOLLOW) == 0)
			size += (uint64_t)about.st_blocks * 512;
	return size;
}

/* --- copying ---------------------------------------------------------------------------------- */

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

static int write_file(int folder, const char *name, int from)
{
	owned_descriptor int to =
		openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	char digest[DIGEST_TEXT_SIZE];
	int error = to < 0 ? -errno : copy(from, to, digest);

	return error ? error : reads_back(folder, name, digest);
}

int copy_slot_fill(const struct esp *esp, enum copy_slot slot, int kernel, int initrd)
{
	owned_descriptor int folder = open_slot(esp, slot, true);
	const int sources[FILES] = { kernel, initrd };
	int error = folder < 0 ? folder : 0;

	for (int i = 0; !error && i < FILES; i++)
		error = write_file(folder, names[i], sources[i]);
	if (!error && fsync(folder) < 0)
		error = -errno;
	if (error)
		copy_slot_clear(esp, slot);
	return error;
}

/* --- deleting --------------------------------------------------------------------------------- */

int copy_slot_clear(const struct esp *esp, enum copy_slot slot)
{
	owned_descriptor int good = open_good(esp, false);
	owned_descriptor int folder = good < 0 ? good : open_slot(esp, slot, false);

	if (folder < 0)
		return folder == -ENOENT ? 0 : folder;
	for (int i = 0; i < FILES; i++)
		if (unlinkat(folder, names[i], 0) < 0 && errno != ENOENT)
			return -errno;
	return unlinkat(good, slots[slot].folder, AT_REMOVEDIR) < 0 && errno != ENOTEMPTY ? -errno :
											    0;
}

int copy_slot_clear_all(const struct esp *esp)
{
	owned_descriptor int good = open_good(esp, false);
	char path[PATH_MAX + sizeof(FOLDER) + 1];
	int first = 0;

	/* A file system that is read-only would refuse to delete even what is not there. */
	if (good < 0)
		return good == -ENOENT ? 0 : good;
	for (int slot = 0; slot < COPY_SLOTS; slot++) {
		int error = copy_slot_clear(esp, (enum copy_slot)slot);

		if (!first)
			first = error;
	}
	snprintf(path, sizeof(path), "%s/" FOLDER, esp->path);
	if (!first && rmdir(path) < 0 && errno != ENOENT && errno != ENOTEMPTY)
		first = -errno;
	return first;
}

int copy_slot_free_room(const struct esp *esp, uint64_t *ret)
{
	struct statvfs about;

	if (statvfs(esp->path, &about) < 0)
		return -errno;
	*ret = (uint64_t)about.f_bavail * about.f_frsize;
	return 0;
}
