/* limits_file.c: limits.bin and limits.bak on the ESP
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/limits_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "policy/bytes.h"
#include "recovery/cleanup.h"
#include "recovery/system_file.h"

#define TEMPORARY "limits.new"

static const char *const names[LIMITS_COPIES] = { "limits.bin", "limits.bak" };

/* Reads one file of the folder; *ret_size is 0 where there is none. */
static int read_bytes(int folder, const char *name, uint8_t bytes[DARUMA_LIMITS_SIZE + 1],
		      size_t *ret_size)
{
	owned_descriptor int fd =
		openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	size_t size = 0;
	ssize_t got = 1;

	if (fd < 0)
		return -errno;
	while (got != 0 && size <= DARUMA_LIMITS_SIZE) {
		got = read(fd, bytes + size, DARUMA_LIMITS_SIZE + 1 - size);
		if (got < 0 && errno != EINTR)
			return -errno;
		if (got > 0)
			size += (size_t)got;
	}
	*ret_size = size;
	return 0;
}

static int open_folder(const struct esp *esp)
{
	char path[PATH_MAX + 16];
	int fd;

	snprintf(path, sizeof(path), "%s/EFI/daruma", esp->path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

enum daruma_state limits_file_read(const struct esp *esp, enum limits_copy copy,
				   struct daruma_limits *ret)
{
	owned_descriptor int folder = open_folder(esp);
	uint8_t bytes[DARUMA_LIMITS_SIZE + 1];
	size_t size = 0;
	int error = folder < 0 ? folder : read_bytes(folder, names[copy], bytes, &size);
	enum daruma_state state = daruma_limits_decode(bytes, size, esp->guid, ret);

	return error && error != -ENOENT ? DARUMA_STATE_DAMAGED : state;
}

bool limits_file_load(const struct esp *esp, struct daruma_limits *ret)
{
	for (int copy = 0; copy < LIMITS_COPIES; copy++)
		if (limits_file_read(esp, (enum limits_copy)copy, ret) == DARUMA_STATE_VALID)
			return true;
	return false;
}

static int write_all(int fd, const uint8_t *bytes, size_t size)
{
	while (size > 0) {
		ssize_t written = write(fd, bytes, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		bytes += written;
		size -= (size_t)written;
	}
	return fsync(fd) < 0 ? -errno : 0;
}

static bool holds(int folder, const char *name, const uint8_t *bytes)
{
	uint8_t stored[DARUMA_LIMITS_SIZE + 1];
	size_t size = 0;

	return read_bytes(folder, name, stored, &size) == 0 && size == DARUMA_LIMITS_SIZE &&
	       daruma_same(stored, bytes, DARUMA_LIMITS_SIZE);
}

static int write_temporary(int folder, const uint8_t *bytes)
{
	owned_descriptor int fd = openat(
		folder, TEMPORARY, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	int error;

	if (fd < 0)
		return -errno;
	error = write_all(fd, bytes, DARUMA_LIMITS_SIZE);
	if (!error && !holds(folder, TEMPORARY, bytes))
		error = -EIO;
	return error;
}

/* A power cut leaves the old file or the new one, and perhaps a temporary that the next call removes. */
static int replace(int folder, const char *name, const uint8_t *bytes)
{
	int error;

	unlinkat(folder, TEMPORARY, 0);
	error = write_temporary(folder, bytes);
	if (!error && renameat(folder, TEMPORARY, folder, name) < 0)
		error = -errno;
	if (error)
		unlinkat(folder, TEMPORARY, 0);
	else if (fsync(folder) < 0)
		error = -errno;
	if (!error && !holds(folder, name, bytes))
		error = -EIO;
	return error;
}

static void encode_for(const struct esp *esp, const struct daruma_limits *limits,
		       uint8_t ret_bytes[DARUMA_LIMITS_SIZE])
{
	struct daruma_limits ours = *limits;

	memcpy(ours.install, esp->guid, DARUMA_GUID_SIZE);
	daruma_limits_encode(&ours, ret_bytes);
}

int limits_file_count_outdated(const struct esp *esp, const struct daruma_limits *limits)
{
	owned_descriptor int folder = open_folder(esp);
	uint8_t bytes[DARUMA_LIMITS_SIZE];
	int outdated = 0;

	encode_for(esp, limits, bytes);
	for (int copy = 0; copy < LIMITS_COPIES; copy++)
		outdated += folder < 0 || !holds(folder, names[copy], bytes);
	return outdated;
}

int limits_file_write(const struct esp *esp, const struct daruma_limits *limits)
{
	owned_descriptor int folder = open_folder(esp);
	uint8_t bytes[DARUMA_LIMITS_SIZE];
	int written = 0;
	int error = folder < 0 ? folder : 0;

	encode_for(esp, limits, bytes);
	for (int copy = LIMITS_COPIES; !error && copy > 0; copy--) {
		if (holds(folder, names[copy - 1], bytes))
			continue;
		error = replace(folder, names[copy - 1], bytes);
		written++;
	}
	return error ? error : written;
}
