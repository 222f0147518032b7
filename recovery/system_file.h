/* system_file.h: small files of the system below --root
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_SYSTEM_FILE_H
#define DARUMA_RECOVERY_SYSTEM_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "recovery/context.h"

/* `path` (absolute) below context->root. Returns 0 or -ENAMETOOLONG. */
int system_path(const struct context *context, const char *path, char ret_path[PATH_MAX]);

/* Opens `path` below context->root with open(2) `flags` (O_CLOEXEC is added). With a root other than "" no link leads
 * out of it. Returns a descriptor or a negative errno. */
int system_open(const struct context *context, const char *path, int flags);

/* Whether there is anything at `path` below context->root; a link counts by what it leads to. */
bool system_exists(const struct context *context, const char *path);

/* The whole regular file `path` below context->root, at most `most` bytes, with a NUL behind it that is not counted;
 * to be freed by the caller. Returns 0, -EFBIG, -ENOMEM, -EISDIR, -EINVAL (a pipe, device or socket) or the errno of
 * open or read. */
int system_read(const struct context *context, const char *path, size_t most, char **ret_text,
		size_t *ret_length);

/* The same for the path as it is, without a root: what a user named on the command line. */
int system_read_named(const char *path, size_t most, char **ret_text, size_t *ret_length);

#endif
