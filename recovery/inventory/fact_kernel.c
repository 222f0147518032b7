/* fact_kernel.c: which kernel runs, and the digest of its file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/digest.h"
#include "recovery/inventory/fact_kinds.h"
#include "recovery/system_file.h"

#define RELEASE_FILE "/proc/sys/kernel/osrelease"

int fact_kernel_release(const struct context *context, char ret_release[NAME_MAX + 1])
{
	owned char *text = NULL;
	size_t length;
	int error = system_read(context, RELEASE_FILE, NAME_MAX, &text, &length);

	if (error)
		return error;
	text[strcspn(text, "\n")] = 0;
	if (text[0] == 0 || text[0] == '.' || strchr(text, '/'))
		return -EBADMSG;
	snprintf(ret_release, NAME_MAX + 1, "%s", text);
	return 0;
}

int fact_kernel_source(const struct context *context, char ret_path[PATH_MAX])
{
	char release[NAME_MAX + 1];
	int error = fact_kernel_release(context, release);

	if (!error)
		snprintf(ret_path, PATH_MAX, "/boot/vmlinuz-%s", release);
	return error;
}

/* A kernel whose file is elsewhere has no "image". */
static int add_image(const struct context *context, const char *kind, struct fact_list *ret)
{
	char path[PATH_MAX], sha256[DIGEST_TEXT_SIZE];
	owned_descriptor int fd = -1;

	if (fact_kernel_source(context, path) != 0)
		return 0;
	fd = system_open(context, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return 0;
	if (digest_file(fd, sha256) != 0)
		return 0;
	return fact_list_add(ret, kind, "image", sha256);
}

int fact_kernel_read(const struct context *context, const char *kind, struct fact_list *ret)
{
	char release[NAME_MAX + 1];
	int error = fact_kernel_release(context, release);

	if (!error)
		error = fact_list_add(ret, kind, "release", release);
	return error ? error : add_image(context, kind, ret);
}
