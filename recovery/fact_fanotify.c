/* fact_fanotify.c: which programs watch accesses to files through fanotify
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/fact_kinds.h"
#include "recovery/system_file.h"

#define GROUP	     "anon_inode:[fanotify]" /* kernel: fs/notify/fanotify/fanotify_user.c */
#define INFO_MAX     65536
#define BLOCKS_FLAGS 0x0c /* FAN_CLASS_CONTENT, FAN_CLASS_PRE_CONTENT: fanotify_init(2) */

static bool is_number(const char *name)
{
	return name[0] && name[strspn(name, "0123456789")] == 0;
}

/* /proc/PID/fdinfo/FD has a line "fanotify flags:<hex> event-flags:<hex>" (kernel: Documentation/filesystems/proc.rst). */
static bool can_block(const struct context *context, const char *process, const char *name)
{
	static const char mark[] = "fanotify flags:";
	owned char *text = NULL;
	char path[PATH_MAX];
	size_t length;
	const char *at;

	snprintf(path, sizeof(path), "/proc/%s/fdinfo/%s", process, name);
	if (system_read(context, path, INFO_MAX, &text, &length) != 0)
		return false;
	at = strstr(text, mark);
	return at && (strtoul(at + sizeof(mark) - 1, NULL, 16) & BLOCKS_FLAGS);
}

/* A process that is gone meanwhile, or has no program (a thread of the kernel), gives nothing. */
static int add_program(const struct context *context, const char *kind, int process,
		       const char *process_name, const char *name, struct fact_list *ret)
{
	char program[PATH_MAX];
	ssize_t length = readlinkat(process, "exe", program, sizeof(program) - 1);

	if (length <= 0)
		return 0;
	program[length] = 0;
	/* Sorting keeps "blocks" of a program that does both. */
	return fact_list_add(ret, kind, program,
			     can_block(context, process_name, name) ? "blocks" : "listens");
}

static int look_at_process(const struct context *context, const char *kind, int process,
			   const char *process_name, struct fact_list *ret)
{
	int fd = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *names = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int error = 0;

	if (!names) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while (!error && (entry = readdir(names))) {
		char target[sizeof(GROUP) + 1];
		ssize_t length;

		if (!is_number(entry->d_name))
			continue;
		length = readlinkat(fd, entry->d_name, target, sizeof(target));
		if (length == sizeof(GROUP) - 1 && memcmp(target, GROUP, sizeof(GROUP) - 1) == 0)
			error = add_program(context, kind, process, process_name, entry->d_name,
					    ret);
	}
	closedir(names);
	return error;
}

int fact_fanotify_read(const struct context *context, const char *kind, struct fact_list *ret)
{
	int fd = system_open(context, "/proc", O_RDONLY | O_DIRECTORY);
	DIR *names = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int error = 0;

	if (!names) {
		error = -errno;
		if (fd < 0)
			return fd;
		close(fd);
		return error;
	}
	while (!error && (entry = readdir(names))) {
		owned_descriptor int process = -1;

		if (!is_number(entry->d_name))
			continue;
		process = openat(fd, entry->d_name, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (process >= 0)
			error = look_at_process(context, kind, process, entry->d_name, ret);
	}
	closedir(names);
	return error;
}
