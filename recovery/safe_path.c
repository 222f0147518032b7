/* safe_path.c: opening paths of products without being led elsewhere
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/safe_path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/products/deny_list.h"

#define RETRIES 16 /* openat2(2) asks for another try when something moved meanwhile */

bool safe_path_is_plain(const char *path)
{
	if (path[0] != '/' || strlen(path) >= PATH_MAX)
		return false;
	if (!path[1])
		return true;
	while (*path == '/') {
		size_t length = strcspn(++path, "/");

		if (length == 0 || length > NAME_MAX || (length == 1 && path[0] == '.') ||
		    (length == 2 && path[0] == '.' && path[1] == '.'))
			return false;
		path += length;
	}
	return true;
}

const char *safe_path_without_usr(const char *path)
{
	static const char *const merged[] = { "/usr/bin",   "/usr/sbin",  "/usr/lib",
					      "/usr/lib64", "/usr/lib32", "/usr/libx32" };

	for (size_t i = 0; i < sizeof(merged) / sizeof(merged[0]); i++) {
		size_t length = strlen(merged[i]);

		if (strncmp(path, merged[i], length) == 0 &&
		    (path[length] == 0 || path[length] == '/'))
			return path + strlen("/usr");
	}
	return path;
}

const char *safe_path_below(const char *folder, const char *path)
{
	size_t length = strcmp(folder, "/") == 0 ? 0 : strlen(folder);

	if (strncmp(folder, path, length) != 0)
		return NULL;
	if (path[length] == '/')
		return path + length + 1;
	return path[length] ? NULL : path + length;
}

static int open_root(const struct context *context)
{
	int fd = open(context->root[0] ? context->root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* Where the link `name` in the root folder leads, as an absolute path. Returns 0, -EINVAL (no link), -ENOENT, ... */
static int read_root_link(const struct context *context, const char *name, char ret[PATH_MAX])
{
	owned_descriptor int root = open_root(context);
	char target[PATH_MAX];
	ssize_t length = root < 0 ? -1 : readlinkat(root, name, target, sizeof(target) - 1);

	if (length < 0)
		return root < 0 ? -EINVAL : -errno;
	while (length > 1 && target[length - 1] == '/')
		length--;
	target[length] = 0;
	return snprintf(ret, PATH_MAX, "%s%s", target[0] == '/' ? "" : "/", target) < PATH_MAX ?
		       0 :
		       -ENAMETOOLONG;
}

static bool can_be_merged(const char *name)
{
	static const char *const merged[] = { "bin", "sbin", "lib", "lib32", "lib64", "libx32" };

	for (size_t i = 0; i < sizeof(merged) / sizeof(merged[0]); i++)
		if (strcmp(name, merged[i]) == 0)
			return true;
	return false;
}

/* What stands for the first part of a path; "" where a link is not to be followed. */
static void find_start(const struct context *context, const char *first, char ret[PATH_MAX])
{
	char wanted[NAME_MAX + 8];
	/* No link on any system, and asked for most. */
	int error = strcmp(first, "usr") == 0 ? -EINVAL : read_root_link(context, first, ret);

	snprintf(wanted, sizeof(wanted), "/usr/%s", first);
	if (error == -ENOENT && can_be_merged(first))
		snprintf(ret, PATH_MAX, "%s", wanted);
	else if (error || (can_be_merged(first) && strcmp(ret, wanted) != 0))
		ret[0] = 0;
}

int safe_path_canonical(const struct context *context, const char *path, char ret_path[PATH_MAX])
{
	size_t length = strcspn(path + (path[0] == '/'), "/") + 1;
	char first[NAME_MAX + 1], start[PATH_MAX], moved[PATH_MAX];

	if (!safe_path_is_plain(path))
		return -EINVAL;
	snprintf(first, sizeof(first), "%.*s", (int)length - 1, path + 1);
	find_start(context, first, start);
	if (start[0] && snprintf(moved, PATH_MAX, "%s%s", start, path + length) >= PATH_MAX)
		return -ENAMETOOLONG;
	/* The folder of merged systems is the system's own; any other must be one that a product could name itself. */
	if (!start[0] || !safe_path_is_plain(moved) ||
	    (!can_be_merged(first) && deny_list_has_path(moved)))
		snprintf(moved, PATH_MAX, "%s", path);
	memcpy(ret_path, moved, strlen(moved) + 1);
	return 0;
}

/* Whether the link `name` in the root folder gives what `path` is, lies in or holds the name of something protected. */
static bool is_protected_by_link(const struct context *context, const char *name, const char *path)
{
	char target[PATH_MAX], other[PATH_MAX + NAME_MAX + 2];
	const char *rest;

	if (read_root_link(context, name, target) != 0 || !safe_path_is_plain(target))
		return false;
	rest = safe_path_below(target, path);
	if (!rest && !safe_path_below(path, target))
		return false;
	snprintf(other, sizeof(other), "/%s%s%s", name, rest && rest[0] ? "/" : "",
		 rest ? rest : "");
	return deny_list_has_path(other);
}

bool safe_path_is_protected(const struct context *context, const char *path)
{
	int fd = open(context->root[0] ? context->root : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *root = fd < 0 ? NULL : fdopendir(fd);
	bool is_protected = deny_list_has_path(path);
	struct dirent *entry;

	if (!root && fd >= 0)
		close(fd);
	while (root && !is_protected && (entry = readdir(root)))
		if (entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN)
			is_protected = is_protected_by_link(context, entry->d_name, path);
	if (root)
		closedir(root);
	return is_protected;
}

bool safe_path_is_behind_link(const struct context *context, const char *path)
{
	char canonical[PATH_MAX];
	int fd = safe_path_canonical(context, path, canonical);

	if (!fd)
		fd = safe_path_open_folder(context, canonical);
	if (fd >= 0)
		close(fd);
	return fd == -ELOOP;
}

/* --- part by part -------------------------------------------------------------------------- */

struct place {
	dev_t device;
	int mount; /* -1: the file system does not tell */
};

static int find_place(int fd, struct place *ret)
{
	struct file_handle none = { .handle_bytes = 0 };
	struct stat stat;

	if (fstat(fd, &stat) < 0)
		return -errno;
	ret->device = stat.st_dev;
	/* Fails for want of room in the handle, and has then told the mount. */
	if (name_to_handle_at(fd, "", &none, &ret->mount, AT_EMPTY_PATH) < 0 && errno != EOVERFLOW)
		ret->mount = -1;
	return S_ISLNK(stat.st_mode) ? -ELOOP : 0;
}

static int check_place(int fd, const struct place *start, bool cross)
{
	struct place here;
	int error = find_place(fd, &here);

	if (error || cross)
		return error;
	return here.device == start->device && here.mount == start->mount ? 0 : -EXDEV;
}

/* One part; refuses a link before anything is opened through it. */
static int open_part(int folder, const char *name, int flags, const struct place *start, bool cross)
{
	int error, fd = openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	error = check_place(fd, start, cross);
	if (!error && !(flags & O_PATH)) {
		close(fd);
		fd = openat(folder, name, flags | O_NOFOLLOW | O_CLOEXEC);
		error = fd < 0 ? -errno : check_place(fd, start, cross);
	}
	if (error && fd >= 0)
		close(fd);
	return error ? error : fd;
}

/* The next part of `*at`; moves `*at` behind it. */
static int take_part(const char **at, char ret_name[NAME_MAX + 1])
{
	size_t length = strcspn(*at, "/");

	if (length == 0 || length > NAME_MAX)
		return length ? -ENAMETOOLONG : -EINVAL;
	memcpy(ret_name, *at, length);
	ret_name[length] = 0;
	*at += length + ((*at)[length] == '/');
	return strcmp(ret_name, "..") == 0 ? -EXDEV : 0;
}

int safe_path_walk(int folder, const char *relative, int flags, bool cross)
{
	char name[NAME_MAX + 1];
	struct place start;
	int fd = -1, error = find_place(folder, &start);

	if (error)
		return error;
	if (!*relative)
		relative = ".";
	while (*relative) {
		int next = take_part(&relative, name);

		if (next == 0)
			next = open_part(fd < 0 ? folder : fd, name,
					 *relative ? O_PATH | O_DIRECTORY : flags, &start, cross);
		if (fd >= 0)
			close(fd);
		if (next < 0)
			return next;
		fd = next;
	}
	return fd;
}

/* --- in one call --------------------------------------------------------------------------- */

int safe_path_open_at(int folder, const char *relative, int flags, bool cross)
{
	/* No O_NOFOLLOW: with it a link could be the last part. */
	struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS |
			   (cross ? 0 : RESOLVE_NO_XDEV),
	};
	long fd = -1;

	for (int i = 0; i < RETRIES; i++) {
		fd = syscall(SYS_openat2, folder, *relative ? relative : ".", &how, sizeof(how));
		if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
			break;
	}
	/* A filter of system calls may answer EPERM for one that it does not know. */
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return safe_path_walk(folder, relative, flags, cross);
	return fd < 0 ? -errno : (int)fd;
}

int safe_path_open_folder(const struct context *context, const char *folder)
{
	owned_descriptor int root = open_root(context);

	if (root < 0)
		return root;
	if (!safe_path_is_plain(folder))
		return -EINVAL;
	return safe_path_open_at(root, folder + 1, O_RDONLY | O_DIRECTORY, true);
}

int safe_path_open_parent(const struct context *context, const char *folder, const char *path,
			  const char **ret_name)
{
	const char *below = safe_path_below(folder, path);
	const char *name = strrchr(path, '/') + 1;
	owned_descriptor int top = -1;
	char parent[PATH_MAX];
	int fd;

	if (!safe_path_is_plain(path))
		return -EINVAL;
	if (!below || !*below)
		return -EXDEV;
	top = safe_path_open_folder(context, folder);
	if (top < 0)
		return top;
	snprintf(parent, sizeof(parent), "%.*s", name == below ? 0 : (int)(name - below) - 1,
		 below);
	fd = safe_path_open_at(top, parent, O_RDONLY | O_DIRECTORY, false);
	if (fd >= 0)
		*ret_name = name;
	return fd;
}
