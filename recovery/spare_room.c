/* spare_room.c: a file that holds room on the disk for the start in which there is none
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/spare_room.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/system_file.h"

/* Bytes that can surely be written where the tables are, or a negative errno. f_bfree would be too much: ext4 counts blocks
 * in it that nobody gets, 16 MiB of a large file system (ext4_statfs(), s_resv_clusters). */
static int64_t room(const struct context *context)
{
	char path[PATH_MAX];
	struct statvfs there;
	int error = system_path(context, STATE_FOLDER, path);

	if (error)
		return error;
	if (statvfs(path, &there) < 0)
		return -errno;
	return (int64_t)there.f_bavail * (int64_t)there.f_frsize;
}

static int fill(const char *path)
{
	owned_descriptor int fd =
		open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int error;

	if (fd < 0)
		return -errno;
	error = -posix_fallocate(fd, 0, SPARE_ROOM_BYTES);
	if (error)
		unlink(path);
	return error ? error : 1;
}

/* Whether what a power cut left is all of it. */
static bool is_whole(const char *path)
{
	struct stat found;

	return lstat(path, &found) == 0 && S_ISREG(found.st_mode) &&
	       found.st_size == SPARE_ROOM_BYTES;
}

int spare_room_keep(const struct context *context)
{
	char path[PATH_MAX];
	int64_t bytes = room(context);
	int error = system_path(context, SPARE_ROOM_FILE, path);

	if (error || bytes < 0)
		return error ? error : (int)bytes;
	if (is_whole(path) || bytes < 2 * (int64_t)SPARE_ROOM_BYTES)
		return 0;
	if (unlink(path) < 0 && errno != ENOENT)
		return -errno;
	return fill(path);
}

/* Many file systems let freed blocks be used only once the removal is on the disk. */
static int sync_folder(const struct context *context)
{
	char path[PATH_MAX];
	int error = system_path(context, STATE_FOLDER, path);
	owned_descriptor int fd = error ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (error)
		return error;
	return fd < 0 || fsync(fd) < 0 ? -errno : 0;
}

int spare_room_give_up(const struct context *context)
{
	char path[PATH_MAX];
	int64_t bytes = room(context);
	int error = system_path(context, SPARE_ROOM_FILE, path);

	if (error || bytes < 0)
		return error ? error : (int)bytes;
	if (bytes >= SPARE_ROOM_BYTES)
		return 0;
	if (unlink(path) < 0)
		return errno == ENOENT ? 0 : -errno;
	error = sync_folder(context);
	return error ? error : 1;
}
