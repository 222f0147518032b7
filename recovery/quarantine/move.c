/* move.c: taking one object out of its place, and putting a good one there
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/move.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/digest.h"
#include "recovery/quarantine/attributes.h"
#include "recovery/safe_path.h"

int move_open(const struct context *context, const struct file_port *port,
	      struct database *database, struct move *ret)
{
	struct move move = { context, port, database, { .folder = -1 }, { .folder = -1 } };
	int error = kept_open(context, port, &move.kept);

	if (error)
		return error;
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
	kept_close(&move->kept);
	store_close(&move->store);
}

/* --- keeping ------------------------------------------------------------------------------- */

int move_look(const struct context *context, const char *folder, const char *path, char *ret_sha256)
{
	const char *name;
	owned_descriptor int parent = safe_path_open_parent(context, folder, path, &name);

	return parent < 0 ? parent : place_look(parent, name, ret_sha256);
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
	int error = port->link(port, place->folder, place->name, kept, KEPT_OBJECT);

	if (!error && !is_same_file(kept, KEPT_OBJECT, action))
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

/* Somebody has the file open for writing: under a second name too its bytes would go on changing. The kernel gives no lease
 * for reading then (fcntl(2)); file systems without leases do not tell. */
static bool is_open_for_writing(int fd)
{
	/* Who opens it while we have the lease breaks it, and SIGIO would end this process. */
	if (fcntl(fd, F_SETSIG, SIGURG) < 0)
		return false;
	if (fcntl(fd, F_SETLEASE, F_RDLCK) < 0)
		return errno == EAGAIN;
	fcntl(fd, F_SETLEASE, F_UNLCK);
	return false;
}

static int keep_file(const struct move *move, const struct place *place, int fd,
		     struct action *action, nlink_t names)
{
	owned_descriptor int kept = kept_open_row(&move->kept, action->id, true);
	int error;

	if (kept < 0)
		return kept;
	error = names == 1 && !is_open_for_writing(fd) ? link_file(move, place, fd, kept, action) :
							 -EMLINK;
	if (error == -EXDEV || error == -EMLINK || error == -EPERM || error == -EOPNOTSUPP)
		error = copy_file(move, fd, kept, KEPT_OBJECT, action->sha256, NULL);
	if (!error)
		error = move->port->sync(move->port, kept);
	return error ? error : move->port->sync(move->port, move->kept.folder);
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
	kept = kept_open_row(&move->kept, action->restores, false);
	if (kept < 0)
		return kept == -ENOENT ? -ENODATA : kept;
	fd = place_open_file(kept, KEPT_OBJECT);
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
	error = action->sha256 ? 0 :
				 place_make_way(move->context, move->port, move->database, action);
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

/* --- the end ------------------------------------------------------------------------------- */

int move_settle(const struct move *move, const struct action *action)
{
	owned_descriptor int folder = -1;
	struct place place;
	int error;

	if (!action->sha256)
		return 0;
	error = place_open(move->context, move->port, action, &place);
	if (error)
		return place_is_gone(error) ? kept_seal(&move->kept, action->id) : error;
	folder = place.folder;
	if (place_holds(&place, place.beside, action->sha256))
		error = move->port->unlink(move->port, folder, place.beside);
	if (!error)
		error = move->port->sync(move->port, folder);
	return error ? error : kept_seal(&move->kept, action->id);
}
