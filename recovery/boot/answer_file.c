/* answer_file.c: the file on the ESP that takes the answer
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/answer_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/answer_file.h"
#include "policy/bytes.h"
#include "recovery/boot/limits_file.h"
#include "recovery/cleanup.h"

#define OUR_FOLDER "\\EFI\\daruma\\"

int answer_file_path(const struct esp *esp, const char *name, char ret_path[PATH_MAX])
{
	int size = snprintf(ret_path, PATH_MAX, "%s%s", esp->path, name);

	if (name[0] != '\\' || size < 0 || size >= PATH_MAX)
		return -EINVAL;
	for (char *at = ret_path + strlen(esp->path); *at; at++)
		if (*at == '\\')
			*at = '/';
	return strstr(ret_path + strlen(esp->path), "/..") ? -EINVAL : 0;
}

static int open_file(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	return fd < 0 ? -errno : fd;
}

/* A byte more is read than the file has, so that a longer one is not taken for it. An empty one was never laid. */
static enum daruma_state read_open(int fd, struct daruma_answer_file *ret)
{
	uint8_t bytes[DARUMA_ANSWER_FILE_SIZE + 1];
	ssize_t size = pread(fd, bytes, sizeof(bytes), 0);

	return daruma_answer_file_decode(bytes, size <= 0 ? 1 : (size_t)size, ret);
}

static bool is_sound(const char *path)
{
	owned_descriptor int fd = open_file(path, O_RDONLY);
	struct daruma_answer_file file;

	return fd >= 0 && read_open(fd, &file) != DARUMA_STATE_DAMAGED;
}

/* What lies there is ours, however it looks: a file system that was mended after a crash may have emptied it. */
static bool is_in_our_folder(const char *name)
{
	return strncasecmp(name, OUR_FOLDER, sizeof(OUR_FOLDER) - 1) == 0;
}

static int write_zeroes(const char *path)
{
	static const uint8_t zeroes[DARUMA_ANSWER_FILE_SIZE];
	owned_descriptor int fd =
		open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	ssize_t written;

	if (fd < 0)
		return -errno;
	written = write(fd, zeroes, sizeof(zeroes));
	if (written < 0)
		return -errno;
	if ((size_t)written != sizeof(zeroes))
		return -ENOSPC;
	return fsync(fd) < 0 ? -errno : 0;
}

static int sync_folder_of(const char *path)
{
	char folder[PATH_MAX];
	owned_descriptor int fd = -1;

	snprintf(folder, sizeof(folder), "%.*s", (int)(strrchr(path, '/') - path), path);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 || fsync(fd) < 0 ? -errno : 0;
}

int answer_file_is_due(const struct esp *esp, const struct daruma_limits *limits)
{
	char path[PATH_MAX];
	int error;

	if (!limits->answer_path[0])
		return 0;
	error = answer_file_path(esp, limits->answer_path, path);
	if (error)
		return error;
	if (is_sound(path))
		return 0;
	return access(path, F_OK) < 0 || is_in_our_folder(limits->answer_path) ? 1 : -EEXIST;
}

int answer_file_lay(const struct esp *esp, const struct daruma_limits *limits)
{
	char path[PATH_MAX], fresh[PATH_MAX + 8];
	int error = answer_file_is_due(esp, limits);

	if (error <= 0)
		return error;
	answer_file_path(esp, limits->answer_path, path);
	snprintf(fresh, sizeof(fresh), "%s.new", path);
	unlink(fresh);
	error = write_zeroes(fresh);
	if (!error && rename(fresh, path) < 0)
		error = -errno;
	if (error)
		unlink(fresh);
	else
		error = sync_folder_of(path);
	return error ? error : 1;
}

int answer_file_delete(const struct esp *esp)
{
	struct daruma_limits limits;
	char path[PATH_MAX];

	if (!limits_file_load(esp, &limits) || !limits.answer_path[0] ||
	    answer_file_path(esp, limits.answer_path, path) != 0 ||
	    (!is_sound(path) && !is_in_our_folder(limits.answer_path)))
		return 0;
	return unlink(path) < 0 && errno != ENOENT ? -errno : 0;
}

enum daruma_state answer_file_read(const char *path, struct daruma_answer *ret)
{
	owned_descriptor int fd = open_file(path, O_RDONLY);
	struct daruma_answer_file file = { .slot = 0 };
	enum daruma_state state = fd < 0 ? DARUMA_STATE_DAMAGED : read_open(fd, &file);

	*ret = file.answer;
	return fd == -ENOENT ? DARUMA_STATE_ABSENT : state;
}

/* A sector is written as a whole or not at all; where it is not, its checksum tells. */
static int write_slot(int fd, const uint8_t *slot, off_t at)
{
	ssize_t written = pwrite(fd, slot, DARUMA_ANSWER_SLOT_SIZE, at);

	if (written < 0)
		return -errno;
	if (written != DARUMA_ANSWER_SLOT_SIZE)
		return -EIO;
	return fdatasync(fd) < 0 ? -errno : 0;
}

int answer_file_write(const char *path, const struct daruma_answer *answer)
{
	owned_descriptor int fd = open_file(path, O_RDWR);
	struct daruma_answer_file before, after;
	uint8_t slot[DARUMA_ANSWER_SLOT_SIZE], stored[DARUMA_ANSWER_SIZE],
		wanted[DARUMA_ANSWER_SIZE];
	enum daruma_state state;
	int error;

	if (fd < 0)
		return fd;
	state = read_open(fd, &before);
	if (state == DARUMA_STATE_DAMAGED)
		return -EBADMSG;
	daruma_answer_encode(&before.answer, stored);
	daruma_answer_encode(answer, wanted);
	if (state == DARUMA_STATE_VALID && daruma_same(stored, wanted, sizeof(wanted)))
		return 0;
	daruma_answer_slot_encode(answer, before.sequence, slot);
	error = write_slot(fd, slot, before.slot * DARUMA_ANSWER_SLOT_SIZE);
	if (error)
		return error;
	read_open(fd, &after);
	daruma_answer_encode(&after.answer, stored);
	return daruma_same(stored, wanted, sizeof(wanted)) ? 0 : -EIO;
}
