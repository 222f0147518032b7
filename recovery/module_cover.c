/* module_cover.c: /dev/null over the module files of watched products, for the time of a safe start
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/module_cover.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/early/hold_list.h"
#include "recovery/safe_path.h"
#include "recovery/system_file.h"

#define COVER	    "/dev/null"
#define COVER_MAJOR 1 /* Linux Documentation/admin-guide/devices.txt: 1:3 is /dev/null */
#define COVER_MINOR 3

/* No module is a device, so what is one in its place is the cover. */
static bool is_cover(const struct stat *stat)
{
	return S_ISCHR(stat->st_mode) && stat->st_rdev == makedev(COVER_MAJOR, COVER_MINOR);
}

/* Opens the file `path` of the system only as a place; no link on the way is followed. */
static int open_place(const struct context *context, const char *path, struct stat *ret_stat)
{
	owned_descriptor int root = safe_path_open_folder(context, "/");
	int fd = root < 0 ? root : safe_path_open_at(root, path + 1, O_PATH | O_NOFOLLOW, true);

	if (fd < 0)
		return fd;
	if (fstat(fd, ret_stat) < 0) {
		int error = -errno;

		close(fd);
		return error;
	}
	return fd;
}

static int put_one(const struct context *context, const char *path)
{
	char place[64];
	struct stat stat;
	owned_descriptor int fd = open_place(context, path, &stat);

	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return fd;
	if (is_cover(&stat))
		return 1;
	if (!S_ISREG(stat.st_mode))
		return -EINVAL;
	/* The place itself, whoever renames something meanwhile. */
	snprintf(place, sizeof(place), "/proc/self/fd/%d", fd);
	return mount(COVER, place, NULL, MS_BIND, NULL) < 0 ? -errno : 1;
}

static int read_list(const struct context *context, struct hold_list *ret)
{
	char path[PATH_MAX];
	int error = system_path(context, HOLD_LIST_FILE, path);

	if (!error)
		error = hold_list_read(ret, path);
	return error == -ENOENT ? 0 : error;
}

/* Every file of the list in turn; an error does not keep the others from theirs. Returns the sum or the first error. */
static int for_each(const struct context *context, const struct hold_list *list,
		    int (*one)(const struct context *context, const char *path))
{
	int sum = 0, first = 0;

	for (size_t i = 0; i < list->count; i++) {
		int result;

		if (list->items[i].kind != HOLD_FILE)
			continue;
		result = one(context, list->items[i].name);
		if (result < 0 && !first)
			first = result;
		sum += result > 0;
	}
	return first ? first : sum;
}

int module_cover_put(const struct context *context)
{
	struct hold_list list = { .count = 0 };
	int result = read_list(context, &list);

	if (!result)
		result = for_each(context, &list, put_one);
	hold_list_free(&list);
	return result;
}

/* Returns 1 if a cover was taken away, 0 if there is none. */
static int lift_one(const struct context *context, const char *path)
{
	char place[64];
	struct stat stat;
	owned_descriptor int fd = open_place(context, path, &stat);

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	if (!is_cover(&stat))
		return 0;
	snprintf(place, sizeof(place), "/proc/self/fd/%d", fd);
	return umount2(place, MNT_DETACH) < 0 ? -errno : 1;
}

/* Returns 1 if it is covered. What cannot be looked at is not. */
static int is_covered(const struct context *context, const char *path)
{
	struct stat stat;
	owned_descriptor int fd = open_place(context, path, &stat);

	return fd >= 0 && is_cover(&stat);
}

/* The covers stay for everybody else. */
static int leave_namespace(void)
{
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -errno;
	return 0;
}

int module_cover_lift(const struct context *context)
{
	struct hold_list list = { .count = 0 };
	int result = read_list(context, &list);

	if (!result)
		result = for_each(context, &list, is_covered);
	if (result > 0) {
		result = leave_namespace();
		if (!result)
			result = for_each(context, &list, lift_one);
	}
	hold_list_free(&list);
	return result;
}
