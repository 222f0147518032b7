/* place_digest.c: the digest of what is in place, read again only where it may be another
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/place_digest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "recovery/cleanup.h"
#include "recovery/quarantine/move.h"
#include "recovery/safe_path.h"

#define NANO INT64_C(1000000000)

/* What tells one state of a file from another. */
struct look {
	int64_t device, inode, size, ctime_ns;
};

static int take_look(const struct context *context, const struct action *entry, struct look *ret)
{
	const char *name;
	owned_descriptor int parent =
		safe_path_open_parent(context, entry->folder, entry->path, &name);
	struct stat stat;

	if (parent < 0)
		return parent;
	if (fstatat(parent, name, &stat, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	*ret = (struct look){ (int64_t)stat.st_dev, (int64_t)stat.st_ino, stat.st_size,
			      (int64_t)stat.st_ctim.tv_sec * NANO + stat.st_ctim.tv_nsec };
	return 0;
}

static bool is_same(const struct look *one, const struct look *other)
{
	return one->device == other->device && one->inode == other->inode &&
	       one->size == other->size && one->ctime_ns == other->ctime_ns;
}

static bool is_settled(const struct look *look)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return look->ctime_ns + NANO < (int64_t)now.tv_sec * NANO + now.tv_nsec;
}

static int copy_digest(const struct database_row *row, void *user)
{
	snprintf(user, DIGEST_TEXT_SIZE, "%s", database_text(row, 0));
	return 1;
}

/* 1: found. */
static int recall(struct database *database, const char *path, const struct look *look,
		  char ret_sha256[DIGEST_TEXT_SIZE])
{
	return database_query(database, copy_digest, ret_sha256,
			      "SELECT sha256 FROM place_digest WHERE path=?1 AND device=?2 AND"
			      " inode=?3 AND size=?4 AND ctime_ns=?5",
			      "tiiii", path, look->device, look->inode, look->size, look->ctime_ns);
}

static int remember(struct database *database, const char *path, const struct look *look,
		    const char *sha256)
{
	return database_run(database,
			    "INSERT OR REPLACE INTO place_digest(path,device,inode,size,ctime_ns,"
			    "sha256) VALUES(?1,?2,?3,?4,?5,?6)",
			    "tiiiit", path, look->device, look->inode, look->size, look->ctime_ns,
			    sha256);
}

int place_digest(const struct context *context, struct database *database,
		 const struct action *entry, char ret_sha256[DIGEST_TEXT_SIZE])
{
	struct look before, after;
	bool known = take_look(context, entry, &before) == 0;
	int result = known ? recall(database, entry->path, &before, ret_sha256) : 0;

	if (result)
		return result < 0 ? result : 0;
	result = move_look(context, entry->folder, entry->path, ret_sha256);
	if (result || context->dry_run || !known || !is_settled(&before) ||
	    take_look(context, entry, &after) != 0 || !is_same(&before, &after))
		return result;
	return remember(database, entry->path, &before, ret_sha256);
}

int place_digest_clean(struct database *database)
{
	return database_run(database,
			    "DELETE FROM place_digest WHERE path NOT IN (SELECT path FROM action"
			    " WHERE step NOT IN ('restored','purged') AND restores IS NULL)",
			    "");
}
