/* ftrace_users.c: which kernel modules hook functions of the kernel through its function tracer
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/ftrace_users.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/line_reader.h"
#include "recovery/system_file.h"

#define BYTES_MOST ((size_t)16 << 20)
#define NAME_SIZE  64 /* the kernel's own limit is lower */

/* Where it is mounted by itself, and where older systems have it. */
static const char *const files[] = { "/sys/kernel/tracing/enabled_functions",
				     "/sys/kernel/debug/tracing/enabled_functions" };

/* `at` is behind a '['. False if no name of a module ends in ']' there. */
static bool name_at(const char *at, char ret[NAME_SIZE])
{
	size_t length =
		strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

	if (length == 0 || length >= NAME_SIZE || at[length] != ']')
		return false;
	snprintf(ret, NAME_SIZE, "%.*s", (int)length, at);
	return true;
}

int ftrace_users_line(const char *line, struct text_list *ret)
{
	const char *at = strchr(line, '\t');
	char name[NAME_SIZE];
	int error = 0;

	while (!error && at && (at = strchr(at, '['))) {
		at++;
		if (name_at(at, name) && ret->count < FTRACE_USERS_MOST &&
		    !text_list_has(ret, name))
			error = text_list_add(ret, name);
	}
	return error;
}

static int take_line(const char *line, void *user)
{
	return ftrace_users_line(line, user);
}

int ftrace_users_read(const struct context *context, struct text_list *ret)
{
	owned_descriptor int fd = system_open(context, files[0], O_RDONLY | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		fd = system_open(context, files[1], O_RDONLY | O_NONBLOCK | O_NOCTTY);
	return fd < 0 ? fd : line_reader_read(fd, BYTES_MOST, take_line, ret);
}
