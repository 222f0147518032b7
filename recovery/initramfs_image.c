/* initramfs_image.c: making the distribution rebuild an initramfs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/initramfs_image.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/digest.h"
#include "recovery/early/hold_list.h"
#include "recovery/initramfs_made.h"
#include "recovery/state.h"
#include "recovery/system_file.h"
#include "recovery/text_list.h"

#define IMAGE	       "initrd.img-"
#define STAMP	       STATE_FOLDER "/initramfs-"
#define STAMP_MAX      (HOLD_LIST_SIZE + 128)
#define DEPMOD_SECONDS 120
#define PIECE_SIZE     65536

static int update(const struct context *context, const struct process_port *processes,
		  const char *kernel, unsigned seconds)
{
	const char *command[] = { "update-initramfs", "-u", "-k", kernel, NULL };
	owned_descriptor int lock = processes->lock_packages ? processes->lock_packages() : -ENOENT;
	int error;

	/* Any other error is no reason to leave the image as it is. */
	if (lock == -EINPROGRESS)
		return lock;
	/* An image that cannot be noted is one that a verdict may name: no reason to go without it. */
	(void)initramfs_made_begin(context, kernel);
	error = process_succeed(processes, command, seconds);
	(void)initramfs_made_end(context, kernel);
	return error == -ENOENT ? -EOPNOTSUPP : error;
}

int initramfs_image_update(const struct context *context, const struct process_port *processes,
			   const char *kernel, unsigned seconds)
{
	const char *depmod[] = { "depmod", "-a", kernel, NULL };
	int error;

	if (context->root[0] != '\0')
		return 0;
	error = process_succeed(processes, depmod, DEPMOD_SECONDS);
	return error && error != -ENOENT ? error : update(context, processes, kernel, seconds);
}

bool initramfs_image_is_current(const char *stamp, const char *digest, const char *hold)
{
	size_t length = strlen(digest);

	return strncmp(stamp, digest, length) == 0 && stamp[length] == '\n' &&
	       strcmp(stamp + length + 1, hold) == 0;
}

static bool is_current(const struct context *context, const char *kernel, const char *digest,
		       const char *hold)
{
	char name[PATH_MAX];
	owned char *stamp = NULL;
	size_t size;

	return snprintf(name, sizeof(name), STAMP "%s", kernel) < (int)sizeof(name) &&
	       system_read(context, name, STAMP_MAX, &stamp, &size) == 0 &&
	       initramfs_image_is_current(stamp, digest, hold);
}

static int add_file(const struct context *context, const char *path, struct digest *digest)
{
	owned_descriptor int fd = system_open(context, path, O_RDONLY);
	char piece[PIECE_SIZE];
	ssize_t size = fd < 0 ? -1 : read(fd, piece, sizeof(piece));

	for (; size > 0; size = read(fd, piece, sizeof(piece)))
		digest_add(digest, piece, (size_t)size);
	return fd < 0 ? fd : size < 0 ? -errno : 0;
}

/* Of all programs that lie in an image. recovery/hooks/initramfs-post-update has the same ones in the same order. */
static int programs_digest(const struct context *context, char ret_digest[DIGEST_TEXT_SIZE])
{
	static const char *const programs[] = { "/usr/lib/daruma/daruma-initramfs",
						"/usr/lib/daruma/daruma-rescue",
						"/usr/bin/daruma" };
	struct digest *digest = digest_begin();
	int error = digest ? 0 : -ENOMEM, ended;

	for (size_t i = 0; !error && i < sizeof(programs) / sizeof(programs[0]); i++)
		error = add_file(context, programs[i], digest);
	ended = digest_end(digest, ret_digest);
	return error ? error : ended;
}

bool initramfs_image_has_programs(const struct context *context, const char *kernel)
{
	char name[PATH_MAX], digest[DIGEST_TEXT_SIZE];
	owned char *stamp = NULL;
	size_t size;

	return programs_digest(context, digest) == 0 &&
	       snprintf(name, sizeof(name), STAMP "%s", kernel) < (int)sizeof(name) &&
	       system_read(context, name, STAMP_MAX, &stamp, &size) == 0 &&
	       strncmp(stamp, digest, strlen(digest)) == 0 && stamp[strlen(digest)] == '\n';
}

int initramfs_image_forget(const struct context *context, const char *kernel)
{
	char name[PATH_MAX], path[PATH_MAX];
	int error;

	if (snprintf(name, sizeof(name), STAMP "%s", kernel) >= (int)sizeof(name))
		return -ENAMETOOLONG;
	error = system_path(context, name, path);
	return error || unlink(path) == 0 || errno == ENOENT ? error : -errno;
}

/* Kernels that have an initramfs. */
static int list_kernels(const struct context *context, struct text_list *ret)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *names;
	int error = system_path(context, "/boot", path);

	if (error)
		return error;
	names = opendir(path);
	if (!names)
		return errno == ENOENT ? 0 : -errno;
	while (!error && (entry = readdir(names))) {
		const char *kernel = entry->d_name + sizeof(IMAGE) - 1;

		/* Not the copies that update-initramfs keeps beside them. */
		if (strncmp(entry->d_name, IMAGE, sizeof(IMAGE) - 1) == 0 &&
		    !strstr(kernel, ".new") && !strstr(kernel, ".bak") && !strstr(kernel, ".dpkg-"))
			error = text_list_add(ret, kernel);
	}
	closedir(names);
	return error;
}

static int refresh_all(const struct context *context, const struct process_port *processes,
		       const struct text_list *kernels, const char *digest, const char *hold)
{
	int made = 0;

	for (size_t i = 0; i < kernels->count; i++) {
		int error;

		if (is_current(context, kernels->items[i], digest, hold))
			continue;
		error = update(context, processes, kernels->items[i], INITRAMFS_IMAGE_SECONDS);
		if (error)
			return error;
		made++;
	}
	return made;
}

int initramfs_image_refresh(const struct context *context, const struct process_port *processes)
{
	struct text_list kernels = { 0 };
	char digest[DIGEST_TEXT_SIZE];
	owned char *hold = NULL;
	size_t size;
	int result;

	if (context->root[0] != '\0')
		return 0;
	result = programs_digest(context, digest);
	if (!result)
		result = list_kernels(context, &kernels);
	if (!result)
		result = system_read(context, HOLD_LIST_FILE, HOLD_LIST_SIZE, &hold, &size);
	if (!result || result == -ENOENT)
		result = refresh_all(context, processes, &kernels, digest, hold ? hold : "");
	text_list_free(&kernels);
	return result;
}
