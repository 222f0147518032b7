/* system_mounts.c: a system that is not running, made writable and whole for a repair
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/early/system_mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <mntent.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/early/fstab.h"
#include "recovery/early/kernel_log.h"

#define PROGRAM		  "daruma-rescue"
#define STEP_MILLISECONDS 100
#define MOUNTS		  "/proc/self/mounts"
#define PATH_OF_FD	  64

/* --- one folder ------------------------------------------------------------------------------- */

/* No link of the system leads out of it: its absolute ones mean its own files. */
static int open_in(const char *root, const char *path)
{
	struct open_how how = { .flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
				.resolve = RESOLVE_IN_ROOT };
	owned_descriptor int above = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	long fd;

	if (above < 0)
		return -errno;
	fd = syscall(SYS_openat2, above, path, &how, sizeof(how));
	return fd < 0 ? -errno : (int)fd;
}

static bool is_mount_point(int fd)
{
	struct statx about;

	return statx(fd, "", AT_EMPTY_PATH, 0, &about) == 0 &&
	       about.stx_attributes & STATX_ATTR_MOUNT_ROOT;
}

static void name_fd(int fd, char ret[PATH_OF_FD])
{
	snprintf(ret, PATH_OF_FD, "/proc/self/fd/%d", fd);
}

static int mount_on(int fd, const char *source, const char *type, unsigned long flags,
		    const char *data)
{
	char target[PATH_OF_FD];

	name_fd(fd, target);
	return mount(source, target, type, flags, data) < 0 ? -errno : 0;
}

/* --- the disks of fstab ------------------------------------------------------------------------ */

static bool appears(const char *device, bool wait)
{
	for (int left = SYSTEM_MOUNTS_SECONDS * 1000; access(device, F_OK) != 0;
	     left -= STEP_MILLISECONDS) {
		if (!wait || left <= 0)
			return false;
		poll(NULL, 0, STEP_MILLISECONDS);
	}
	return true;
}

static int mount_disk(int fd, const struct fstab_mount *mount, bool wait)
{
	if (!appears(mount->source, wait))
		return -ENODEV;
	return mount_on(fd, mount->source, mount->type, mount->flags, mount->data);
}

static int mount_bind(const char *root, int fd, const struct fstab_mount *mount)
{
	owned_descriptor int from = open_in(root, mount->source);
	char source[PATH_OF_FD];

	if (from < 0)
		return from;
	name_fd(from, source);
	return mount_on(fd, source, NULL, mount->flags & (MS_BIND | MS_REC), NULL);
}

static int mount_one(const char *root, const struct fstab_mount *mount, bool wait)
{
	owned_descriptor int fd = open_in(root, mount->folder);

	if (fd < 0)
		return fd;
	if (is_mount_point(fd))
		return mount_on(fd, NULL, NULL, MS_REMOUNT | mount->flags, NULL);
	return mount->flags & MS_BIND ? mount_bind(root, fd, mount) : mount_disk(fd, mount, wait);
}

static int mount_all(const char *root, const struct fstab *fstab, bool wait)
{
	for (size_t i = 0; i < fstab->count; i++) {
		const struct fstab_mount *mount = &fstab->mounts[i];
		int error = mount_one(root, mount, wait);

		if (!error)
			continue;
		kernel_log_line(PROGRAM, "cannot mount %s on %s: %s", mount->source, mount->folder,
				strerror(-error));
		if (!mount->optional)
			return error;
	}
	return 0;
}

/* A system without one has nothing but its root. */
static int read_fstab(const char *root, struct fstab *ret)
{
	owned_descriptor int etc = open_in(root, "/etc");
	owned_descriptor int fd =
		etc < 0 ? -1 : openat(etc, "fstab", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	owned char *bytes = malloc(FSTAB_SIZE_MAX + 1);
	ssize_t size;
	int error;

	if (!bytes)
		return -ENOMEM;
	if (fd < 0)
		return etc < 0 ? etc : errno == ENOENT ? 0 : -errno;
	size = read(fd, bytes, FSTAB_SIZE_MAX + 1);
	error = size < 0	      ? -errno :
		size > FSTAB_SIZE_MAX ? -E2BIG :
					fstab_read(bytes, (size_t)size, ret);
	if (error)
		kernel_log_line(PROGRAM, "cannot understand %s/etc/fstab: %s", root,
				strerror(-error));
	return error;
}

static int mount_fstab(const char *root, bool wait)
{
	owned struct fstab *fstab = calloc(1, sizeof(*fstab));
	int error = fstab ? read_fstab(root, fstab) : -ENOMEM;

	return error ? error : mount_all(root, fstab, wait);
}

/* --- this kernel's own ------------------------------------------------------------------------- */

static const char *const kernel_folders[] = { "/proc", "/sys", "/dev", "/run" };

#define KERNEL_FOLDERS (sizeof(kernel_folders) / sizeof(kernel_folders[0]))

/* What crashes left is read from there; without it the repair goes by what changed. */
static void mount_pstore(void)
{
	if (mount("pstore", "/sys/fs/pstore", "pstore", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) <
		    0 &&
	    errno != EBUSY)
		kernel_log_line(PROGRAM, "cannot mount pstore: %s", strerror(errno));
}

static int mount_kernel(const char *root)
{
	mount_pstore();
	for (size_t i = 0; i < KERNEL_FOLDERS; i++) {
		owned_descriptor int fd = open_in(root, kernel_folders[i]);
		int error =
			fd < 0 ? fd : mount_on(fd, kernel_folders[i], NULL, MS_BIND | MS_REC, NULL);

		if (error) {
			kernel_log_line(PROGRAM, "cannot show %s to the system: %s",
					kernel_folders[i], strerror(-error));
			return error;
		}
	}
	return 0;
}

/* Not one by one: all that is mounted in them goes with them. */
static void end_kernel(const char *root)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < KERNEL_FOLDERS; i++)
		if (snprintf(path, sizeof(path), "%s%s", root, kernel_folders[i]) <
		    (int)sizeof(path))
			umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW);
}

/* --- all of it ---------------------------------------------------------------------------------- */

static int remount(const char *root, unsigned long flags)
{
	return mount(NULL, root, NULL, MS_REMOUNT | flags, NULL) < 0 ? -errno : 0;
}

static bool is_writable(const char *root)
{
	struct statvfs about;

	return statvfs(root, &about) == 0 && !(about.f_flag & ST_RDONLY);
}

static int enter(struct system_mounts *ret)
{
	if (unshare(CLONE_NEWNS) < 0)
		return -errno;
	ret->entered = true;
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ? -errno : 0;
}

int system_mounts_make(const char *root, bool wait, struct system_mounts *ret)
{
	int error;

	*ret = (struct system_mounts){ .root = root, .writable = is_writable(root) };
	error = enter(ret);
	if (!error && !ret->writable)
		error = remount(root, 0);
	if (error) {
		kernel_log_line(PROGRAM, "cannot make %s writable: %s", root, strerror(-error));
		return error;
	}
	error = mount_fstab(root, wait);
	return error ? error : mount_kernel(root);
}

/* The newest mount of a disk below `root`; false where there is none. */
static bool newest_below(const char *root, char ret[PATH_MAX])
{
	size_t length = strlen(root);
	FILE *mounts = setmntent(MOUNTS, "re");
	struct mntent *entry;
	bool found = false;

	while (mounts && (entry = getmntent(mounts))) {
		/* Anything else is shared with those who run here. */
		if (entry->mnt_fsname[0] != '/' || strncmp(entry->mnt_dir, root, length) != 0 ||
		    entry->mnt_dir[length] != '/')
			continue;
		snprintf(ret, PATH_MAX, "%s", entry->mnt_dir);
		found = true;
	}
	if (mounts)
		endmntent(mounts);
	return found;
}

/* What cannot be taken away is not asked for again. */
static int end_disks(const char *root)
{
	char path[PATH_MAX];
	int first = 0;

	for (bool ended = true; ended && newest_below(root, path);) {
		int error = remount(path, MS_RDONLY);

		ended = umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) == 0;
		if (!error && !ended)
			error = -errno;
		if (!first)
			first = error;
	}
	return first;
}

int system_mounts_end(const struct system_mounts *mounts)
{
	int first, error;

	sync();
	if (!mounts->entered)
		return 0;
	end_kernel(mounts->root);
	first = end_disks(mounts->root);
	/* A bind or a subvolume shares its being read-only with the root. */
	error = remount(mounts->root, mounts->writable ? 0 : MS_RDONLY);
	return first ? first : error;
}
