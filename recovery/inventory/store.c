/* store.c: copies of good files, by their SHA-256
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/digest.h"
#include "recovery/file_lock.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

#define BUCKET_SIZE 3 /* two digits and a NUL */
#define NEW_PREFIX  "new-"
#define FOLDER_MODE 0700

static int open_folder(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int make_folder(const char *path)
{
	return mkdir(path, FOLDER_MODE) < 0 && errno != EEXIST ? -errno : 0;
}

int store_open(const struct context *context, const struct file_port *port, bool create,
	       struct store *ret)
{
	char path[PATH_MAX];
	int error = system_path(context, STATE_FOLDER, path);

	if (!error && create)
		error = make_folder(path);
	if (!error)
		error = system_path(context, STATE_STORE, path);
	if (!error && create)
		error = make_folder(path);
	if (error)
		return error;
	error = open_folder(AT_FDCWD, path);
	if (error < 0)
		return error;
	*ret = (struct store){ .port = port, .folder = error };
	return 0;
}

int store_lock(const struct store *store)
{
	return file_lock_wait(store->folder, STORE_LOCK_SECONDS);
}

void store_close(struct store *store)
{
	if (!store || store->folder < 0)
		return;
	close(store->folder);
	store->folder = -1;
}

/* --- one copy ------------------------------------------------------------------------------ */

static bool is_digest(const char *text)
{
	return strlen(text) == DIGEST_TEXT_SIZE - 1 && strspn(text, "0123456789abcdef") == 64;
}

static int open_bucket(const struct store *store, const char *sha256, bool create)
{
	char name[BUCKET_SIZE];
	int fd;

	if (!is_digest(sha256))
		return -EINVAL;
	snprintf(name, sizeof(name), "%.2s", sha256);
	fd = open_folder(store->folder, name);
	if (fd != -ENOENT || !create)
		return fd;
	fd = store->port->make_folder(store->port, store->folder, name, FOLDER_MODE);
	return fd < 0 && fd != -EEXIST ? fd : open_folder(store->folder, name);
}

/* Whether the open file has the digest `sha256`; it is at its start afterwards. */
static int verify(int fd, const char *sha256)
{
	char found[DIGEST_TEXT_SIZE];
	int error;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return -errno;
	error = digest_file(fd, found);
	if (!error && lseek(fd, 0, SEEK_SET) < 0)
		error = -errno;
	if (!error && strcmp(found, sha256) != 0)
		error = -EBADMSG;
	return error;
}

static int open_copy(int bucket, const char *sha256)
{
	int error, fd = openat(bucket, sha256 + 2, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? -ENODATA : -errno;
	error = verify(fd, sha256);
	if (!error)
		return fd;
	close(fd);
	return error;
}

int store_get(const struct store *store, const char *sha256)
{
	owned_descriptor int bucket = open_bucket(store, sha256, false);

	if (bucket < 0)
		return bucket == -ENOENT ? -ENODATA : bucket;
	return open_copy(bucket, sha256);
}

int64_t store_size(const struct store *store, const char *sha256)
{
	owned_descriptor int bucket = open_bucket(store, sha256, false);
	struct stat stat;

	if (bucket < 0 || fstatat(bucket, sha256 + 2, &stat, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	return stat.st_size;
}

static int write_copy(const struct store *store, int bucket, int from, const char *name,
		      const char *sha256)
{
	const struct file_port *port = store->port;
	owned_descriptor int to = port->create(port, bucket, name);
	int error = to < 0 ? to : port->copy(port, from, to);

	if (!error)
		error = verify(to, sha256);
	if (!error)
		error = port->rename(port, bucket, name, sha256 + 2);
	if (error && to >= 0)
		port->unlink(port, bucket, name);
	return error == -EBADMSG ? -EAGAIN : error;
}

int store_put(const struct store *store, int fd, const char *sha256)
{
	owned_descriptor int bucket = open_bucket(store, sha256, true);
	owned_descriptor int there = bucket < 0 ? bucket : open_copy(bucket, sha256);
	char name[NAME_MAX + 1];

	if (bucket < 0)
		return bucket;
	if (there >= 0)
		return 0;
	if (there == -EBADMSG)
		store->port->unlink(store->port, bucket, sha256 + 2);
	snprintf(name, sizeof(name), NEW_PREFIX "%d-%.16s", (int)getpid(), sha256);
	store->port->unlink(store->port, bucket, name);
	return write_copy(store, bucket, fd, name, sha256);
}

int store_sync(const struct store *store)
{
	return syncfs(store->folder) < 0 ? -errno : 0;
}

/* --- what nobody needs --------------------------------------------------------------------- */

struct collecting {
	const struct store *store;
	bool (*is_needed)(const char *sha256, void *user);
	void *user;
	char digits[BUCKET_SIZE]; /* of the bucket being walked */
	int removed;
};

/* Calls `each` for every name but "." and ".."; closes `folder`. */
static int each_name(int folder,
		     int (*each)(int folder, const char *name, struct collecting *collecting),
		     struct collecting *collecting)
{
	DIR *names = fdopendir(folder);
	struct dirent *entry;
	int error = 0;

	if (!names) {
		error = -errno;
		close(folder);
		return error;
	}
	while (!error && (entry = readdir(names)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			error = each(dirfd(names), entry->d_name, collecting);
	closedir(names);
	return error;
}

static int collect_copy(int folder, const char *name, struct collecting *collecting)
{
	const struct file_port *port = collecting->store->port;
	char sha256[BUCKET_SIZE + NAME_MAX];
	int error;

	snprintf(sha256, sizeof(sha256), "%s%s", collecting->digits, name);
	if (is_digest(sha256) && collecting->is_needed(sha256, collecting->user))
		return 0;
	error = port->unlink(port, folder, name);
	collecting->removed += error == 0;
	return error;
}

static int collect_bucket(int folder, const char *name, struct collecting *collecting)
{
	int fd;

	if (strlen(name) != BUCKET_SIZE - 1)
		return 0;
	memcpy(collecting->digits, name, BUCKET_SIZE);
	fd = open_folder(folder, name);
	return fd < 0 ? fd : each_name(fd, collect_copy, collecting);
}

int store_collect(const struct store *store, bool (*is_needed)(const char *sha256, void *user),
		  void *user)
{
	struct collecting collecting = { .store = store, .is_needed = is_needed, .user = user };
	int error, fd = open_folder(store->folder, ".");

	if (fd < 0)
		return fd;
	error = each_name(fd, collect_bucket, &collecting);
	return error ? error : collecting.removed;
}
