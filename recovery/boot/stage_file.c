/* stage_file.c: the firmware stage's programs on the ESP: the one in use, and perhaps one on trial
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/stage_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "recovery/boot/copy_slot.h"
#include "recovery/cleanup.h"
#include "recovery/system_file.h"

#define STAGE_MAX 1048576
#define FRESH	  "daruma.new" /* 8.3: no long name is left behind by a power cut */

static const char *const ours[] = { STAGE_FILE_PROGRAM, STAGE_FILE_TRIAL, FRESH,       "limits.bin",
				    "limits.bak",	"limits.new",	  "answer.bin" };

/* Opens EFI/daruma on the ESP, made if `make`. */
static int open_folder(const struct esp *esp, bool make)
{
	char path[PATH_MAX + 16];
	int fd;

	snprintf(path, sizeof(path), "%s/EFI/daruma", esp->path);
	if (make && mkdir(path, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

static bool says_the_same(int folder, const char *name, const char *bytes, size_t size)
{
	owned_descriptor int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	owned char *present = malloc(size + 1);
	size_t at = 0;
	ssize_t got = 1;

	if (fd < 0 || !present)
		return false;
	while (at <= size && (got = read(fd, present + at, size + 1 - at)) > 0)
		at += (size_t)got;
	return got == 0 && at == size && memcmp(present, bytes, size) == 0;
}

static int write_fresh(int folder, const char *bytes, size_t size)
{
	owned_descriptor int fd =
		openat(folder, FRESH, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	for (size_t at = 0; at < size;) {
		ssize_t written = write(fd, bytes + at, size - at);

		if (written <= 0)
			return written < 0 ? -errno : -ENOSPC;
		at += (size_t)written;
	}
	return fsync(fd) < 0 ? -errno : 0;
}

static int replace(int folder, const char *name, const char *bytes, size_t size)
{
	int error = write_fresh(folder, bytes, size);

	if (!error && !says_the_same(folder, FRESH, bytes, size))
		error = -EIO;
	if (!error && renameat(folder, FRESH, folder, name) < 0)
		error = -errno;
	if (error) {
		unlinkat(folder, FRESH, 0);
		return error;
	}
	if (fsync(folder) < 0)
		return -errno;
	return says_the_same(folder, name, bytes, size) ? 1 : -EIO;
}

int stage_file_read_source(const struct context *context, char **ret_bytes, size_t *ret_size)
{
	owned char *bytes = NULL;
	size_t size;
	int error = system_read(context, STAGE_FILE_SOURCE, STAGE_MAX, &bytes, &size);

	if (error)
		return error;
	if (size < 64 || memcmp(bytes, "MZ", 2) != 0)
		return -EBADMSG;
	*ret_bytes = bytes;
	*ret_size = size;
	bytes = NULL;
	return 0;
}

int stage_file_read(const struct esp *esp, const char *name, char **ret_bytes, size_t *ret_size)
{
	char path[2 * PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/EFI/daruma/%s", esp->path, name) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	return system_read_named(path, STAGE_MAX, ret_bytes, ret_size);
}

int stage_file_copy(const struct context *context, const struct esp *esp, const char *name)
{
	owned char *bytes = NULL;
	owned_descriptor int folder = -1;
	size_t size;
	int error = stage_file_read_source(context, &bytes, &size);

	if (error)
		return error;
	folder = open_folder(esp, true);
	if (folder < 0)
		return folder;
	return says_the_same(folder, name, bytes, size) ? 0 : replace(folder, name, bytes, size);
}

int stage_file_digest(const struct esp *esp, const char *name, char ret[DIGEST_TEXT_SIZE])
{
	owned_descriptor int folder = open_folder(esp, false);
	owned_descriptor int fd = -1;
	struct stat there;

	if (folder < 0)
		return folder;
	fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || fstat(fd, &there) < 0)
		return -errno;
	if (!S_ISREG(there.st_mode) || there.st_size > STAGE_MAX)
		return -EBADMSG;
	return digest_file(fd, ret);
}

int stage_file_source_digest(const struct context *context, char ret[DIGEST_TEXT_SIZE])
{
	owned char *bytes = NULL;
	size_t size;
	int error = stage_file_read_source(context, &bytes, &size);

	return error ? error : digest_bytes(bytes, size, ret);
}

int stage_file_take_trial(const struct esp *esp)
{
	owned_descriptor int folder = open_folder(esp, false);

	if (folder < 0)
		return folder;
	if (renameat(folder, STAGE_FILE_TRIAL, folder, STAGE_FILE_PROGRAM) < 0)
		return -errno;
	return fsync(folder) < 0 ? -errno : 0;
}

int stage_file_drop_trial(const struct esp *esp)
{
	owned_descriptor int folder = open_folder(esp, false);

	if (folder < 0)
		return folder == -ENOENT ? 0 : folder;
	return unlinkat(folder, STAGE_FILE_TRIAL, 0) < 0 && errno != ENOENT ? -errno : 0;
}

/* Takes up room for a file of `size` bytes and `others` small ones, and gives it back. */
static int try_room(int folder, size_t size, int others)
{
	owned_descriptor int fd =
		openat(folder, FRESH, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct statvfs there;
	int error = 0;

	if (fd < 0)
		return -errno;
	if (fstatvfs(fd, &there) < 0)
		error = -errno;
	/* Each file takes whole clusters. */
	if (!error)
		error = -posix_fallocate(
			fd, 0,
			(off_t)((size + there.f_bsize - 1) / there.f_bsize + (size_t)others) *
				(off_t)there.f_bsize);
	if (!error && fsync(fd) < 0)
		error = -errno;
	unlinkat(folder, FRESH, 0);
	return error;
}

int stage_file_try(const struct context *context, const struct esp *esp, int others)
{
	owned char *bytes = NULL;
	owned_descriptor int present = open_folder(esp, false);
	owned_descriptor int folder = -1;
	char path[PATH_MAX + 16];
	size_t size;
	int error = stage_file_read_source(context, &bytes, &size);

	if (error)
		return error;
	if (present >= 0 && says_the_same(present, STAGE_FILE_PROGRAM, bytes, size))
		size = 0;
	if (size == 0 && others == 0)
		return 0;
	folder = open_folder(esp, true);
	if (folder < 0)
		return folder;
	error = try_room(folder, size, others);
	snprintf(path, sizeof(path), "%s/EFI/daruma", esp->path);
	if (present < 0)
		rmdir(path);
	return error;
}

int stage_file_try_delete(const struct esp *esp)
{
	owned_descriptor int folder = open_folder(esp, false);

	if (folder < 0)
		return folder == -ENOENT ? 0 : folder;
	return faccessat(folder, ".", W_OK, 0) < 0 ? -errno : 0;
}

int stage_file_delete(const struct esp *esp)
{
	owned_descriptor int folder = open_folder(esp, false);
	char path[PATH_MAX + 16];
	int error = 0;

	if (folder < 0)
		return folder == -ENOENT ? 0 : folder;
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		if (unlinkat(folder, ours[i], 0) < 0 && errno != ENOENT && error == 0)
			error = -errno;
	}
	if (!error)
		error = copy_slot_clear_all(esp);
	if (!error)
		error = copy_slot_clear_images(esp);
	if (error)
		return error;
	snprintf(path, sizeof(path), "%s/EFI/daruma", esp->path);
	/* Somebody else's file in it is left alone. */
	return rmdir(path) < 0 && errno != ENOTEMPTY ? -errno : 0;
}

bool stage_file_target_exists(const struct esp *esp, const char *path)
{
	char file[2 * PATH_MAX];
	struct stat there;

	if (path[0] != '\\' ||
	    snprintf(file, sizeof(file), "%s%s", esp->path, path) >= (int)sizeof(file))
		return false;
	for (char *at = file + strlen(esp->path); *at; at++) {
		if (*at == '\\')
			*at = '/';
	}
	return stat(file, &there) == 0 && S_ISREG(there.st_mode) && access(file, R_OK) == 0;
}
