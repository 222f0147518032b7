/* place.c: the place of one object: its folder, its name, and our names beside it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/digest.h"
#include "recovery/inventory/folder_attributes.h"
#include "recovery/inventory/scan.h"
#include "recovery/safe_path.h"

int place_open(const struct context *context, const struct file_port *port,
	       const struct action *action, struct place *ret)
{
	ret->port = port;
	snprintf(ret->beside, sizeof(ret->beside), SCAN_OWN_PREFIX "%lld", (long long)action->id);
	snprintf(ret->third, sizeof(ret->third), SCAN_OWN_PREFIX "%lld-old", (long long)action->id);
	ret->folder = safe_path_open_parent(context, action->folder, action->path, &ret->name);
	return ret->folder < 0 ? ret->folder : 0;
}

int64_t place_size(const struct context *context, const struct action *action)
{
	const char *name;
	owned_descriptor int parent =
		safe_path_open_parent(context, action->folder, action->path, &name);
	struct stat stat;

	if (parent < 0 || fstatat(parent, name, &stat, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	return S_ISREG(stat.st_mode) ? stat.st_size : -1;
}

bool place_is_gone(int error)
{
	return error == -ENOENT || error == -ENOTDIR;
}

/* --- the way ------------------------------------------------------------------------------- */

/* A new folder, open; `attributes` may be NULL. */
static int make_folder(const struct file_port *port, int folder, const char *name,
		       const char *attributes)
{
	int error = port->make_folder(port, folder, name, 0755), fd;

	if (error)
		return error;
	fd = safe_path_open_at(folder, name, O_RDONLY | O_DIRECTORY, false);
	if (fd >= 0 && attributes)
		error = port->dress(port, fd, attributes);
	if (fd >= 0 && !error)
		error = port->sync(port, folder);
	if (fd >= 0 && !error)
		return fd;
	if (fd >= 0)
		close(fd);
	port->remove_folder(port, folder, name);
	return error ? error : fd;
}

static int enter_folder(const struct file_port *port, struct database *database, int folder,
			const char *path, bool cross)
{
	const char *name = strrchr(path, '/') + 1;
	owned char *attributes = NULL;
	int error, fd = safe_path_open_at(folder, name, O_RDONLY | O_DIRECTORY, cross);

	if (fd != -ENOENT)
		return fd;
	error = folder_attributes_find(database, path, &attributes);
	return error ? error : make_folder(port, folder, name, attributes);
}

int place_make_way(const struct context *context, const struct file_port *port,
		   struct database *database, const struct action *action)
{
	char path[PATH_MAX];
	char *at = path + 1, *slash;
	int fd = safe_path_open_folder(context, "/");

	if (!safe_path_is_plain(action->path))
		return -EINVAL;
	snprintf(path, sizeof(path), "%s", action->path);
	while (fd >= 0 && (slash = strchr(at, '/'))) {
		const char *below;
		int next;

		*slash = 0;
		below = safe_path_below(action->folder, path);
		next = enter_folder(port, database, fd, path, !below || !*below);
		close(fd);
		fd = next;
		*slash = '/';
		at = slash + 1;
	}
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

/* --- looking ------------------------------------------------------------------------------- */

int place_open_file(int folder, const char *name)
{
	const int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY;
	int fd = safe_path_open_at(folder, name, flags | O_NOATIME, false);
	struct stat stat;

	/* Only the owner and root may leave the access time alone. */
	if (fd == -EPERM)
		fd = safe_path_open_at(folder, name, flags, false);
	if (fd < 0 || (fstat(fd, &stat) == 0 && S_ISREG(stat.st_mode)))
		return fd;
	close(fd);
	return S_ISDIR(stat.st_mode) ? -EISDIR : -EINVAL;
}

int place_look(int folder, const char *name, char *ret_sha256)
{
	owned_descriptor int fd = place_open_file(folder, name);

	return fd < 0 ? fd : digest_file(fd, ret_sha256);
}

int place_compare(int fd, const char *sha256, int otherwise)
{
	char found[DIGEST_TEXT_SIZE];
	int error = lseek(fd, 0, SEEK_SET) < 0 ? -errno : digest_file(fd, found);

	if (error)
		return error;
	return strcmp(found, sha256) == 0 ? 0 : otherwise;
}

bool place_holds(const struct place *place, const char *name, const char *sha256)
{
	char found[DIGEST_TEXT_SIZE];

	return sha256 && place_look(place->folder, name, found) == 0 && strcmp(found, sha256) == 0;
}

bool place_has(const struct place *place, const char *name)
{
	struct stat stat;

	return fstatat(place->folder, name, &stat, AT_SYMLINK_NOFOLLOW) == 0;
}

/* --- exchanging ---------------------------------------------------------------------------- */

int place_exchange(const struct place *place)
{
	const struct file_port *port = place->port;
	int error = port->exchange(port, place->folder, place->beside, place->name);

	if (error != -EINVAL && error != -ENOSYS && error != -EOPNOTSUPP)
		return error;
	error = port->rename(port, place->folder, place->name, place->third);
	if (error)
		return error;
	error = port->rename(port, place->folder, place->beside, place->name);
	if (error) {
		port->rename(port, place->folder, place->third, place->name);
		return error;
	}
	return port->rename(port, place->folder, place->third, place->beside);
}

int place_mend_exchange(const struct place *place)
{
	if (!place_has(place, place->third))
		return 0;
	return place->port->rename(place->port, place->folder, place->third,
				   place_has(place, place->name) ? place->beside : place->name);
}
