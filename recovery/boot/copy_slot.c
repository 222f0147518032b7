/* copy_slot.c: places on the ESP for a kernel and its initramfs, and for an image of both
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/copy_slot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/boot/esp_file.h"
#include "recovery/cleanup.h"

#define FOLDER "EFI/daruma/good"

enum {
	PROGRAM,
	INITRD,
	FILES,
};

static const struct {
	const char *folder;
	const char *names[FILES]; /* NULL: it has none */
	const char *paths[FILES];
} slots[COPY_SLOTS_ALL] = {
	[COPY_SLOT_A] = { "a",
			  { "linux", "initrd" },
			  { "\\EFI\\daruma\\good\\a\\linux", "\\EFI\\daruma\\good\\a\\initrd" } },
	[COPY_SLOT_B] = { "b",
			  { "linux", "initrd" },
			  { "\\EFI\\daruma\\good\\b\\linux", "\\EFI\\daruma\\good\\b\\initrd" } },
	[COPY_SLOT_IMAGE_A] = { "c",
				{ "image.efi", NULL },
				{ "\\EFI\\daruma\\good\\c\\image.efi", NULL } },
	[COPY_SLOT_IMAGE_B] = { "d",
				{ "image.efi", NULL },
				{ "\\EFI\\daruma\\good\\d\\image.efi", NULL } },
};

const char *copy_slot_program(enum copy_slot slot)
{
	return slots[slot].paths[PROGRAM];
}

const char *copy_slot_initrd(enum copy_slot slot)
{
	return slots[slot].paths[INITRD];
}

static bool find(const char *path, int first, int end, enum copy_slot *ret)
{
	for (int slot = first; slot < end; slot++)
		if (strcmp(path, slots[slot].paths[PROGRAM]) == 0) {
			*ret = (enum copy_slot)slot;
			return true;
		}
	return false;
}

bool copy_slot_of(const char *path, enum copy_slot *ret)
{
	return find(path, COPY_SLOT_A, COPY_SLOTS, ret);
}

bool copy_slot_of_image(const char *path, enum copy_slot *ret)
{
	return find(path, COPY_SLOTS, COPY_SLOTS_ALL, ret);
}

/* --- folders ---------------------------------------------------------------------------------- */

/* Below \EFI\daruma, which `daruma install` makes: without it there is no stage to start anything. */
static int open_good(const struct esp *esp, bool make)
{
	char path[PATH_MAX + sizeof(FOLDER) + 1];
	int fd;

	snprintf(path, sizeof(path), "%s/" FOLDER, esp->path);
	if (make && mkdir(path, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

static int open_slot(const struct esp *esp, enum copy_slot slot, bool make)
{
	owned_descriptor int good = open_good(esp, make);
	int fd;

	if (good < 0)
		return good;
	if (make && mkdirat(good, slots[slot].folder, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = openat(good, slots[slot].folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

bool copy_slot_holds(const struct esp *esp, enum copy_slot slot, uint64_t kernel, uint64_t initrd)
{
	owned_descriptor int folder = open_slot(esp, slot, false);
	const uint64_t sizes[FILES] = { kernel, initrd };
	struct stat about;

	for (int i = 0; i < FILES && slots[slot].names[i]; i++)
		if (folder < 0 ||
		    fstatat(folder, slots[slot].names[i], &about, AT_SYMLINK_NOFOLLOW) < 0 ||
		    !S_ISREG(about.st_mode) || (uint64_t)about.st_size != sizes[i])
			return false;
	return true;
}

uint64_t copy_slot_size(const struct esp *esp, enum copy_slot slot)
{
	owned_descriptor int folder = open_slot(esp, slot, false);
	struct stat about;
	uint64_t size = 0;

	for (int i = 0; i < FILES && slots[slot].names[i]; i++)
		if (folder >= 0 &&
		    fstatat(folder, slots[slot].names[i], &about, AT_SYMLINK_NOFOLLOW) == 0)
			size += (uint64_t)about.st_blocks * 512;
	return size;
}

/* --- filling ---------------------------------------------------------------------------------- */

int copy_slot_open(const struct esp *esp, enum copy_slot slot)
{
	owned_descriptor int folder = open_slot(esp, slot, false);
	struct stat about;
	int fd = folder < 0 ? folder :
			      openat(folder, slots[slot].names[PROGRAM],
				     O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (folder < 0)
		return folder;
	if (fd < 0)
		return -errno;
	if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode))
		return fd;
	close(fd);
	return -EBADMSG;
}

int copy_slot_fill(const struct esp *esp, enum copy_slot slot, int program, int initrd)
{
	owned_descriptor int folder = open_slot(esp, slot, true);
	const int sources[FILES] = { program, initrd };
	int error = folder < 0 ? folder : 0;

	for (int i = 0; !error && i < FILES && slots[slot].names[i]; i++)
		error = esp_file_write(folder, slots[slot].names[i], sources[i]);
	if (!error && fsync(folder) < 0)
		error = -errno;
	if (error)
		copy_slot_clear(esp, slot);
	return error;
}

/* --- deleting --------------------------------------------------------------------------------- */

int copy_slot_clear(const struct esp *esp, enum copy_slot slot)
{
	owned_descriptor int good = open_good(esp, false);
	owned_descriptor int folder = good < 0 ? good : open_slot(esp, slot, false);

	if (folder < 0)
		return folder == -ENOENT ? 0 : folder;
	for (int i = 0; i < FILES && slots[slot].names[i]; i++)
		if (unlinkat(folder, slots[slot].names[i], 0) < 0 && errno != ENOENT)
			return -errno;
	return unlinkat(good, slots[slot].folder, AT_REMOVEDIR) < 0 && errno != ENOTEMPTY ? -errno :
											    0;
}

static int clear(const struct esp *esp, int begin, int end)
{
	owned_descriptor int good = open_good(esp, false);
	char path[PATH_MAX + sizeof(FOLDER) + 1];
	int first = 0;

	/* A file system that is read-only would refuse to delete even what is not there. */
	if (good < 0)
		return good == -ENOENT ? 0 : good;
	for (int slot = begin; slot < end; slot++) {
		int error = copy_slot_clear(esp, (enum copy_slot)slot);

		if (!first)
			first = error;
	}
	snprintf(path, sizeof(path), "%s/" FOLDER, esp->path);
	if (!first && rmdir(path) < 0 && errno != ENOENT && errno != ENOTEMPTY)
		first = -errno;
	return first;
}

int copy_slot_clear_all(const struct esp *esp)
{
	return clear(esp, COPY_SLOT_A, COPY_SLOTS);
}

int copy_slot_clear_images(const struct esp *esp)
{
	return clear(esp, COPY_SLOTS, COPY_SLOTS_ALL);
}
