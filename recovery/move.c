/* move.c: taking one object out of its place, and putting a good one there
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/move.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/attributes.h"
#include "recovery/cleanup.h"
#include "recovery/digest.h"
#include "recovery/safe_path.h"
#include "recovery/scan.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

#define QUARANTINE STATE_FOLDER "/quarantine"
#define OBJECT	   "object"

#define ORPHANS_MOST 10000

/* --- folders ------------------------------------------------------------------------------- */

static int open_folder(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int move_open(const struct context *context, const struct file_port *port, struct move *ret)
{
	struct move move = { context, port, -1, { .folder = -1 } };
	char path[PATH_MAX];
	int error = system_path(context, QUARANTINE, path);

	if (error)
		return error;
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return -errno;
	move.quarantine = open_folder(AT_FDCWD, path);
	if (move.quarantine < 0)
		return move.quarantine;
	if (flock(move.quarantine, LOCK_EX | LOCK_NB) < 0)
		error = errno == EWOULDBLOCK ? -EBUSY : -errno;
	if (!error)
		error = store_open(context, port, false, &move.store);
	if (error && error != -ENOENT) { /* without a store there is nothing to put back */
		move_close(&move);
		return error;
	}
	*ret = move;
	return 0;
}

void move_close(struct move *move)
{
	if (!move)
		return;
	if (move->quarantine >= 0)
		close(move->quarantine);
	move->quarantine = -1;
	store_close(&move->store);
}

/* The folder of row `id` in the quarantine. */
static int open_kept(const struct move *move, int64_t id, bool create)
{
	char name[PLACE_NAME_SIZE];
	int error = 0;

	snprintf(name, sizeof(name), "%lld", (long long)id);
	if (create)
		error = move->port->make_folder(move->port, move->quarantine, name, 0700);
	return error && error != -EEXIST ? error : open_folder(move->quarantine, name);
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

int move_reserve(const struct move *move, int64_t id)
{
	char name[PLACE_NAME_SIZE], orphan[PLACE_NAME_SIZE + 20];
	int fd = open_kept(move, id, false);
	int error = fd < 0 ? fd : is_empty(fd);

	if (error == -ENOENT || error == 1)
		return 0;
	if (error)
		return error;
	snprintf(name, sizeof(name), "%lld", (long long)id);
	error = -EEXIST;
	for (int n = 1; error == -EEXIST && n <= ORPHANS_MOST; n++) {
		snprintf(orphan, sizeof(orphan), "orphan-%s-%d", name, n);
		error = move->port->rename(move->port, move->quarantine, name, orphan);
	}
	return error ? error : move->port->sync(move->port, move->quarantine);
}

/* --- keeping ------------------------------------------------------------------------------- */

int move_look(const struct context *context, const char *folder, const char *path, char *ret_sha256)
{
	const char *name;
	owned_descriptor int parent = safe_path_open_parent(context, folder, path, &name);

	return parent < 0 ? parent : place_look(parent, name, ret_sha256);
}

static int unlink_if_there(const struct move *move, int folder, const char *name)
{
	int error = move->port->unlink(move->port, folder, name);

	return error == -ENOENT ? 0 : error;
}

/* A new file `name` with the bytes of `from`, on the disk. */
static int copy_file(const struct move *move, int from, int folder, const char *name,
		     const char *sha256, const char *attributes)
{
	const struct file_port *port = move->port;
	int fd = port->create(port, folder, name);
	int error;

	if (fd < 0)
		return fd;
	error = port->copy(port, from, fd);
	if (!error)
		error = place_compare(fd, sha256, -EAGAIN);
	if (!error && attributes)
		error = port->dress(port, fd, attributes);
	if (!error)
		error = port->sync(port, fd);
	close(fd);
	return error;
}

static int64_t mtime_of(const struct stat *stat)
{
	return (int64_t)stat->st_mtim.tv_sec * 1000000000 + stat->st_mtim.tv_nsec;
}

static bool is_same_file(int folder, const char *name, const struct action *action)
{
	struct stat stat;

	return fstatat(folder, name, &stat, AT_SYMLINK_NOFOLLOW) == 0 &&
	       stat.st_dev == action->kept.device && stat.st_ino == action->kept.inode &&
	       stat.st_size == action->kept.size && mtime_of(&stat) == action->kept.mtime_ns;
}

/* A second name moves nothing and needs no room; a file with more names stays what it is under the others. */
static int link_file(const struct move *move, const struct place *place, int from, int kept,
		     const struct action *action)
{
	const struct file_port *port = move->port;
	int error = port->link(port, place->folder, place->name, kept, OBJECT);

	if (!error && !is_same_file(kept, OBJECT, action))
		error = -EAGAIN;
	return error ? error : port->sync(port, from);
}

static int note_kept(int fd, struct action *action, nlink_t *ret_names)
{
	struct stat stat;

	if (fstat(fd, &stat) < 0)
		return -errno;
	action->kept.device = stat.st_dev;
	action->kept.inode = stat.st_ino;
	action->kept.size = stat.st_size;
	action->kept.mtime_ns = mtime_of(&stat);
	*ret_names = stat.st_nlink;
	return 0;
}

static int keep_file(const struct move *move, const struct place *place, int fd,
		     struct action *action, nlink_t names)
{
	owned_descriptor int kept = open_kept(move, action->id, true);
	int error;

	if (kept < 0)
		return kept;
	error = names == 1 ? link_file(move, place, fd, kept, action) : -EMLINK;
	if (error == -EXDEV || error == -EMLINK || error == -EPERM || error == -EOPNOTSUPP)
		error = copy_file(move, fd, kept, OBJECT, action->sha256, NULL);
	if (!error)
		error = move->port->sync(move->port, kept);
	return error ? error : move->port->sync(move->port, move->quarantine);
}

int move_keep(const struct move *move, struct action *action)
{
	struct place place;
	owned_descriptor int folder = -1, fd = -1;
	nlink_t names = 0;
	int error = 0;

	if (!action->sha256)
		return 0;
	error = place_open(move->context, move->port, action, &place);
	if (error)
		return error;
	folder = place.folder;
	fd = place_open_file(folder, place.name);
	if (fd < 0)
		return fd == -ENOENT ? -EAGAIN : fd;
	error = note_kept(fd, action, &names);
	if (!error)
		error = attributes_read(fd, &action->attributes);
	if (!error)
		error = place_compare(fd, action->sha256, -EAGAIN);
	return error ? error : keep_file(move, &place, fd, action, names);
}

/* --- preparing ----------------------------------------------------------------------------- */

/* The good copy, compared: from the store, or from the quarantine entry that is put back. */
static int open_good(const struct move *move, const struct action *action)
{
	owned_descriptor int kept = -1;
	int error, fd;

	if (!action->restores)
		return move->store.folder < 0 ? -ENODATA :
						store_get(&move->store, action->replaced_by);
	kept = open_kept(move, action->restores, false);
	if (kept < 0)
		return kept == -ENOENT ? -ENODATA : kept;
	fd = place_open_file(kept, OBJECT);
	if (fd < 0)
		return fd == -ENOENT ? -ENODATA : fd;
	error = place_compare(fd, action->replaced_by, -EBADMSG);
	if (!error)
		return fd;
	close(fd);
	return error;
}

int move_prepare(const struct move *move, const struct action *action)
{
	owned_descriptor int good = -1, folder = -1;
	struct place place;
	int error;

	if (!action->replaced_by)
		return 0;
	good = open_good(move, action);
	if (good < 0)
		return good;
	error = action->sha256 ? 0 : place_make_way(move->context, move->port, action);
	if (!error)
		error = place_open(move->context, move->port, action, &place);
	if (error)
		return error;
	folder = place.folder;
	return copy_file(move, good, folder, place.beside, action->replaced_by,
			 action->put_attributes);
}

/* --- swapping ------------------------------------------------------------------------------ */

static int swap(const struct move *move, const struct action *action, const struct place *place)
{
	const struct file_port *port = move->port;

	if (!action->sha256)
		return action->replaced_by ?
			       port->rename(port, place->folder, place->beside, place->name) :
			       0;
	return action->replaced_by ? place_exchange(place) :
				     port->rename(port, place->folder, place->name, place->beside);
}

int move_swap(const struct move *move, const struct action *action)
{
	owned_descriptor int folder = -1;
	struct place place;
	int error = place_open(move->context, move->port, action, &place);

	if (error)
		return error;
	folder = place.folder;
	error = swap(move, action, &place);
	if (error)
		return error;
	/* Between the copy and the swap somebody may have put another file in place. */
	if (action->sha256 && !is_same_file(folder, place.beside, action)) {
		error = action->replaced_by ?
				place_exchange(&place) :
				move->port->rename(move->port, folder, place.beside, place.name);
		return error ? error : -EAGAIN;
	}
	return move->port->sync(move->port, folder);
}

/* --- the end, either way ------------------------------------------------------------------- */

static int seal(const struct move *move, int64_t id)
{
	owned_descriptor int kept = open_kept(move, id, false);
	int error;

	if (kept < 0)
		return kept;
	error = move->port->set_mode(move->port, kept, OBJECT, 0);
	return error ? error : move->port->sync(move->port, kept);
}

int move_settle(const struct move *move, const struct action *action)
{
	owned_descriptor int folder = -1;
	struct place place;
	int error;

	if (!action->sha256)
		return 0;
	error = place_open(move->context, move->port, action, &place);
	if (error)
		return place_is_gone(error) ? seal(move, action->id) : error;
	folder = place.folder;
	if (place_holds(&place, place.beside, action->sha256))
		error = move->port->unlink(move->port, folder, place.beside);
	if (!error)
		error = move->port->sync(move->port, folder);
	return error ? error : seal(move, action->id);
}

/* Whether the swap has happened, by what is found. Beside the place is either the good copy or what was taken. */
static bool is_swapped(const struct action *action, const struct place *place)
{
	if (strcmp(action->step, ACTION_PLANNED) == 0)
		return false;
	if (!action->sha256)
		return !place_has(place, place->beside) &&
		       place_holds(place, place->name, action->replaced_by);
	return place_has(place, place->beside) &&
	       !place_holds(place, place->beside, action->replaced_by) &&
	       !place_holds(place, place->name, action->sha256);
}

/* 1: what is in place now is not ours to move. */
static int swap_back(const struct move *move, const struct action *action,
		     const struct place *place)
{
	const struct file_port *port = move->port;

	if (!action->sha256)
		return port->rename(port, place->folder, place->name, place->beside);
	if (!place_has(place, place->name))
		return port->rename(port, place->folder, place->beside, place->name);
	return place_holds(place, place->name, action->replaced_by) ? place_exchange(place) : 1;
}

static int undo_place(const struct move *move, const struct action *action,
		      const struct place *place)
{
	int error = place_mend_exchange(place);

	if (!error && is_swapped(action, place))
		error = swap_back(move, action, place);
	if (!error)
		error = unlink_if_there(move, place->folder, place->beside);
	return error ? error : move->port->sync(move->port, place->folder);
}

/* Whether nothing can have been taken yet. */
static bool is_untaken(const struct action *action)
{
	return !action->sha256 || strcmp(action->step, ACTION_PLANNED) == 0;
}

/* What was taken is dropped only when it is in its place, or somebody has put another file there by himself. */
static bool is_back(const struct action *action, const struct place *place)
{
	return place_holds(place, place->name, action->sha256) ||
	       (place_has(place, place->name) &&
		!place_holds(place, place->name, action->replaced_by));
}

int move_undo(const struct move *move, const struct action *action)
{
	owned_descriptor int folder = -1;
	struct place place;
	int error = place_open(move->context, move->port, action, &place);
	bool drop = is_untaken(action);

	if (error && !place_is_gone(error))
		return error;
	if (!error) {
		folder = place.folder;
		error = undo_place(move, action, &place);
		if (error)
			return error;
		drop = drop || is_back(action, &place);
	}
	return drop ? move_forget(move, action->id) : 1;
}

int move_forget(const struct move *move, int64_t id)
{
	owned_descriptor int kept = open_kept(move, id, false);
	char name[PLACE_NAME_SIZE];
	int error;

	if (kept < 0)
		return kept == -ENOENT ? 0 : kept;
	error = unlink_if_there(move, kept, OBJECT);
	snprintf(name, sizeof(name), "%lld", (long long)id);
	return error ? error : move->port->remove_folder(move->port, move->quarantine, name);
}
