/* process_descriptors.c: the open descriptors of every process, as /proc tells of them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/process_descriptors.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/system_file.h"

#define INFO_MAX    65536
#define CLOCK_EVERY 256 /* descriptors between two looks at the clock */

struct walk {
	int (*visit)(const struct process_descriptor *descriptor, void *user);
	void *user;
	time_t end; /* CLOCK_MONOTONIC */
};

static time_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

/* Also for "fd" alone: a number has nothing but digits. */
static bool is_number(const char *name)
{
	size_t length = 0;

	while (name[length] >= '0' && name[length] <= '9')
		length++;
	return length > 0 && name[length] == 0;
}

/* Takes `fd`, which may be an error. NULL: see errno. */
static DIR *open_names(int fd)
{
	DIR *names = fd < 0 ? NULL : fdopendir(fd);

	if (fd < 0)
		errno = -fd;
	else if (!names)
		close(fd);
	return names;
}

static int visit_descriptor(const struct walk *walk, int folder,
			    struct process_descriptor *descriptor)
{
	char target[PROCESS_TARGET_SIZE];
	ssize_t length = readlinkat(folder, descriptor->name, target, sizeof(target) - 1);

	if (length < 0)
		return 0;
	target[length] = 0;
	descriptor->target = target;
	return walk->visit(descriptor, walk->user);
}

static int walk_process(const struct walk *walk, int process, const char *process_name)
{
	int fd = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *names = open_names(fd < 0 ? -errno : fd);
	struct process_descriptor descriptor = { .process = process, .process_name = process_name };
	struct dirent *entry;
	unsigned count = 0;
	int result = 0;

	if (!names)
		return 0;
	while (!result && count < PROCESS_DESCRIPTORS_MOST && (entry = readdir(names))) {
		if (!is_number(entry->d_name))
			continue;
		if (count++ % CLOCK_EVERY == 0 && now() > walk->end)
			result = -ETIME;
		descriptor.name = entry->d_name;
		if (!result)
			result = visit_descriptor(walk, fd, &descriptor);
	}
	closedir(names);
	return result;
}

int process_descriptors_walk(const struct context *context,
			     int (*visit)(const struct process_descriptor *descriptor, void *user),
			     void *user)
{
	const struct walk walk = { visit, user, now() + PROCESS_DESCRIPTORS_SECONDS };
	int fd = system_open(context, "/proc", O_RDONLY | O_DIRECTORY), result = 0;
	DIR *names = open_names(fd);
	struct dirent *entry;

	if (!names)
		return -errno;
	while (!result && (entry = readdir(names))) {
		owned_descriptor int process = -1;

		if (!is_number(entry->d_name))
			continue;
		process = openat(fd, entry->d_name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (process >= 0)
			result = walk_process(&walk, process, entry->d_name);
	}
	closedir(names);
	return result;
}

int process_descriptor_info(const struct context *context,
			    const struct process_descriptor *descriptor, char **ret_text)
{
	char path[PATH_MAX];
	size_t length;

	snprintf(path, sizeof(path), "/proc/%s/fdinfo/%s", descriptor->process_name,
		 descriptor->name);
	return system_read(context, path, INFO_MAX, ret_text, &length);
}
