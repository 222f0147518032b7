/* kept.c: what the quarantine keeps: a folder for each row, with its object
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/kept.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

#define QUARANTINE STATE_FOLDER "/quarantine"

#define ROW_NAME_SIZE 24
#define ORPHANS_MOST  10000

static int open_folder(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int kept_open(const struct context *context, const struct file_port *port, struct kept *ret)
{
	struct kept kept = { port, -1 };
	char path[PATH_MAX];
	int error = system_path(context, QUARANTINE, path);

	if (error)
		return error;
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return -errno;
	kept.folder = open_folder(AT_FDCWD, path);
	if (kept.folder < 0)
		return kept.folder;
	if (flock(kept.folder, LOCK_EX | LOCK_NB) < 0)
		error = errno == EWOULDBLOCK ? -EBUSY : -errno;
	if (error) {
		kept_close(&kept);
		return error;
	}
	*ret = kept;
	return 0;
}

void kept_close(struct kept *kept)
{
	if (!kept)
		return;
	if (kept->folder >= 0)
		close(kept->folder);
	kept->folder = -1;
}

int kept_open_row(const struct kept *kept, int64_t id, bool create)
{
	char name[ROW_NAME_SIZE];
	int error = 0;

	snprintf(name, sizeof(name), "%lld", (long long)id);
	if (create)
		error = kept->port->make_folder(kept->port, kept->folder, name, 0700);
	return error && error != -EEXIST ? error : open_folder(kept->folder, name);
}

/* 1: nothing is in it; 0: something is. Closes `fd`. */
static int is_empty(int fd)
{
	const struct dirent *entry;
	DIR *folder = fdopendir(fd);
	int result = 1;

	if (!folder) {
		result = -errno;
		close(fd);
		return result;
	}
	errno = 0;
	while (result == 1 && (entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			result = 0;
	if (result == 1 && errno)
		result = -errno;
	closedir(folder);
	return result;
}

int kept_reserve(const struct kept *kept, int64_t id)
{
	char name[ROW_NAME_SIZE], orphan[ROW_NAME_SIZE + 20];
	int fd = kept_open_row(kept, id, false);
	int error = fd < 0 ? fd : is_empty(fd);

	if (error == -ENOENT || error == 1)
		return 0;
	if (error)
		return error;
	snprintf(name, sizeof(name), "%lld", (long long)id);
	error = -EEXIST;
	for (int n = 1; error == -EEXIST && n <= ORPHANS_MOST; n++) {
		snprintf(orphan, sizeof(orphan), "orphan-%s-%d", name, n);
		error = kept->port->rename(kept->port, kept->folder, name, orphan);
	}
	return error ? error : kept->port->sync(kept->port, kept->folder);
}

int kept_seal(const struct kept *kept, int64_t id)
{
	owned_descriptor int row = kept_open_row(kept, id, false);
	int error;

	if (row < 0)
		return row;
	error = kept->port->set_mode(kept->port, row, KEPT_OBJECT, 0);
	return error ? error : kept->port->sync(kept->port, row);
}

int kept_forget(const struct kept *kept, int64_t id)
{
	owned_descriptor int row = kept_open_row(kept, id, false);
	char name[ROW_NAME_SIZE];
	int error;

	if (row < 0)
		return row == -ENOENT ? 0 : row;
	error = file_port_unlink_if_there(kept->port, row, KEPT_OBJECT);
	snprintf(name, sizeof(name), "%lld", (long long)id);
	return error ? error : kept->port->remove_folder(kept->port, kept->folder, name);
}
