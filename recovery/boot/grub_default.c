/* grub_default.c: the default of GRUB, as Debian and Ubuntu set it up
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Their grub-mkconfig(8) reads the files of /etc/default/grub.d whose names end in .cfg behind /etc/default/grub, in
 * the order of the names. It makes a menu beside the old one, but then copies it over that; so that a power cut
 * leaves one of both, it is told another name here, and the file is renamed. That is also the moment to look at it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/boot/boot_loader.h"
#include "recovery/boot/grub_menu.h"
#include "recovery/cleanup.h"
#include "recovery/fresh_file.h"
#include "recovery/system_file.h"

#define SETTINGS "/etc/default"
#define FOLDER	 "grub.d"
#define NAME	 "90-daruma.cfg"
#define FRESH	 NAME ".new" /* grub-mkconfig reads *.cfg only */
#define OURS	 SETTINGS "/" FOLDER "/" NAME
#define FIRST                                                                                      \
	"# written by daruma while the kernel before is the default: 'daruma release kernel' "     \
	"undoes it\n"
#define SECOND	    "GRUB_DEFAULT=\""
#define THIRD	    "\"\n"
#define OURS_MAX    4096
#define MENU_FOLDER "/boot/grub"
#define MENU_NAME   "grub.cfg"
#define MENU	    MENU_FOLDER "/" MENU_NAME
#define MADE_NAME   "daruma.cfg"
#define MADE	    MENU_FOLDER "/" MADE_NAME
#define MENU_MAX    (4 * 1024 * 1024)
#define SECONDS	    300 /* it may look for other systems on slow disks */

static bool is_here(const struct boot_loader_access *access)
{
	return system_exists(access->context, MENU) &&
	       (system_exists(access->context, SETTINGS "/grub") ||
		system_exists(access->context, SETTINGS "/" FOLDER));
}

static int find(const struct boot_loader_access *access, const char *release,
		char ret_entry[BOOT_LOADER_ENTRY_SIZE])
{
	owned char *menu = NULL;
	size_t length;
	int error = system_read(access->context, MENU, MENU_MAX, &menu, &length);

	return error ? error : grub_menu_find(menu, length, release, ret_entry);
}

/* Whose file it is, and what it says. */
static int read_ours(const struct boot_loader_access *access,
		     char ret_entry[BOOT_LOADER_ENTRY_SIZE])
{
	static const char head[] = FIRST SECOND;
	owned char *text = NULL;
	const char *entry;
	size_t size, length;
	int error = system_read(access->context, OURS, OURS_MAX, &text, &size);

	ret_entry[0] = '\0';
	if (error)
		return error == -ENOENT ? 0 : error == -EFBIG ? -EEXIST : error;
	if (strncmp(text, FIRST, sizeof(FIRST) - 1) != 0)
		return -EEXIST;
	if (strncmp(text, head, sizeof(head) - 1) != 0)
		return 0;
	entry = text + sizeof(head) - 1;
	length = strcspn(entry, "\"\n");
	if (strcmp(entry + length, THIRD) == 0 && length < BOOT_LOADER_ENTRY_SIZE) {
		memcpy(ret_entry, entry, length);
		ret_entry[length] = '\0';
	}
	return 0;
}

/* --- the file ------------------------------------------------------------------------------ */

static int open_folder(const struct context *context, bool make)
{
	owned_descriptor int above = system_open(context, SETTINGS, O_RDONLY | O_DIRECTORY);
	int fd;

	if (above < 0)
		return above;
	if (make && mkdirat(above, FOLDER, 0755) < 0 && errno != EEXIST)
		return -errno;
	fd = openat(above, FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int write_ours(const struct context *context, const char *entry)
{
	owned_descriptor int folder = open_folder(context, true);
	char text[sizeof(FIRST SECOND THIRD) + BOOT_LOADER_ENTRY_SIZE];

	if (folder < 0)
		return folder;
	snprintf(text, sizeof(text), FIRST SECOND "%s" THIRD, entry);
	return fresh_file_put(folder, NAME, FRESH, text);
}

static int delete_ours(const struct context *context)
{
	owned_descriptor int folder = open_folder(context, false);

	if (folder < 0)
		return folder == -ENOENT ? 0 : folder;
	if (unlinkat(folder, NAME, 0) < 0)
		return errno == ENOENT ? 0 : -errno;
	return fsync(folder) < 0 ? -errno : 0;
}

/* --- the menu ------------------------------------------------------------------------------ */

/* Another file of that folder may have the last word: then the menu stays. `entry` may be NULL. */
static int check_menu(const struct context *context, const char *entry)
{
	owned char *menu = NULL;
	size_t length;
	int error = entry ? system_read(context, MADE, MENU_MAX, &menu, &length) : 0;

	if (error || !entry)
		return error;
	return grub_menu_has_default(menu, length, entry) ? 0 : -EBADMSG;
}

/* With the mode of the one it replaces, since a menu may hold a password. */
static int put_menu(const struct context *context, int folder)
{
	owned_descriptor int fd = system_open(context, MADE, O_RDONLY);
	struct stat stat;

	if (fd < 0)
		return fd;
	if (fstatat(folder, MENU_NAME, &stat, 0) < 0 || fchmod(fd, stat.st_mode & 07777) < 0 ||
	    fsync(fd) < 0 || renameat(folder, MADE_NAME, folder, MENU_NAME) < 0 ||
	    fsync(folder) < 0)
		return -errno;
	return 0;
}

static int make_menu(const struct boot_loader_access *access)
{
	char path[PATH_MAX];
	const char *const command[] = { "grub-mkconfig", "-o", path, NULL };
	int error = system_path(access->context, MADE, path);

	if (!error)
		error = process_succeed(access->processes, command, SECONDS);
	return error == -ENOENT ? -EOPNOTSUPP : error;
}

static int update_menu(const struct boot_loader_access *access, const char *entry)
{
	owned_descriptor int folder = -1;
	int error;

	if (!access->processes)
		return 0;
	folder = system_open(access->context, MENU_FOLDER, O_RDONLY | O_DIRECTORY);
	if (folder < 0)
		return folder;
	error = make_menu(access);
	if (!error)
		error = check_menu(access->context, entry);
	if (!error)
		error = put_menu(access->context, folder);
	if (error) {
		unlinkat(folder, MADE_NAME, 0);
		unlinkat(folder, MADE_NAME ".new", 0);
	}
	return error;
}

static int set(const struct boot_loader_access *access, const char *entry)
{
	char present[BOOT_LOADER_ENTRY_SIZE];
	int error = read_ours(access, present);

	if (!error && strcmp(present, entry) != 0)
		error = write_ours(access->context, entry);
	return error ? error : update_menu(access, entry);
}

/* The menu is made anew even without a file: the power may have gone between the two. */
static int undo(const struct boot_loader_access *access, const char *entry, const char *before)
{
	char present[BOOT_LOADER_ENTRY_SIZE];
	int error = read_ours(access, present);

	if (error == -EEXIST)
		return 0;
	if (!error && (!present[0] || strcmp(present, entry) == 0))
		error = before ? write_ours(access->context, before) : delete_ours(access->context);
	return error ? error : update_menu(access, NULL);
}

const struct boot_loader boot_loader_grub = {
	.name = "grub",
	.is_here = is_here,
	.find = find,
	.read = read_ours,
	.set = set,
	.undo = undo,
};
