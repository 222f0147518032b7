/* fact_initramfs.c: the initramfs that the running kernel came with, and the modules in it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/digest.h"
#include "recovery/inventory/fact_kinds.h"
#include "recovery/inventory/initramfs_modules.h"
#include "recovery/process.h"
#include "recovery/system_file.h"

struct adding {
	const char *kind;
	struct fact_list *facts;
};

/* Where distributions put it: Debian, Fedora and SUSE, Arch. */
static const struct {
	const char *before, *behind; /* the release of the kernel */
} places[] = { { "/boot/initrd.img-", "" },
	       { "/boot/initramfs-", ".img" },
	       { "/boot/initrd-", "" } };

int fact_initramfs_source(const struct context *context, char ret_path[PATH_MAX])
{
	char release[NAME_MAX + 1];
	int error = fact_kernel_release(context, release);

	for (size_t i = 0; !error && i < sizeof(places) / sizeof(places[0]); i++) {
		owned_descriptor int fd = -1;

		snprintf(ret_path, PATH_MAX, "%s%s%s", places[i].before, release, places[i].behind);
		fd = system_open(context, ret_path, O_PATH);
		if (fd >= 0)
			return 0;
	}
	return error ? error : -ENOENT;
}

static int open_image(const struct context *context, char ret_path[PATH_MAX])
{
	int error = fact_initramfs_source(context, ret_path);

	return error ? error : system_open(context, ret_path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
}

int fact_initramfs_read(const struct context *context, const char *kind, struct fact_list *ret)
{
	char path[PATH_MAX], sha256[DIGEST_TEXT_SIZE];
	owned_descriptor int fd = open_image(context, path);
	int error = fd < 0 ? fd : digest_file(fd, sha256);

	return error ? error : fact_list_add(ret, kind, path, sha256);
}

static int add_module(const char *path, const char sha256[DIGEST_TEXT_SIZE], void *user)
{
	const struct adding *adding = user;

	return fact_list_add(adding->facts, adding->kind, path, sha256);
}

int fact_initramfs_modules_read(const struct context *context, const char *kind,
				struct fact_list *ret)
{
	struct adding adding = { .kind = kind, .facts = ret };
	char path[PATH_MAX];
	owned_descriptor int fd = open_image(context, path);

	return fd < 0 ? fd : initramfs_modules_read(process_of_machine(), fd, add_module, &adding);
}
