/* process_descriptors.c: the open descriptors of every process, as /proc tells of them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/process_descriptors.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/inventory/process_list.h"
#include "recovery/system_file.h"

#define INFO_MAX    65536
#define CLOCK_EVERY 256 /* descriptors between two looks at the clock */
/* UID_MIN of login.defs(5): from here on people, and what they start in containers */
#define FIRST_USER 1000

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

/* `left`: how many more of its user are looked at. */
static int walk_process(const struct walk *walk, int process, const char *process_name,
			size_t *left)
{
	int fd = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *names = open_names(fd < 0 ? -errno : fd);
	struct process_descriptor descriptor = { .process = process, .process_name = process_name };
	size_t most = *left < PROCESS_DESCRIPTORS_MOST ? *left : PROCESS_DESCRIPTORS_MOST;
	size_t count = 0;
	struct dirent *entry;
	int result = 0;

	if (!names)
		return 0;
	while (!result && count < most && (entry = readdir(names))) {
		if (!is_number(entry->d_name))
			continue;
		if (count++ % CLOCK_EVERY == 0 && now() > walk->end)
			result = -ETIME;
		descriptor.name = entry->d_name;
		if (!result)
			result = visit_descriptor(walk, fd, &descriptor);
	}
	closedir(names);
	*left -= count;
	return result;
}

static int open_and_walk(const struct walk *walk, int proc, unsigned long number, size_t *left)
{
	owned_descriptor int process = -1;
	char name[32];

	snprintf(name, sizeof(name), "%lu", number);
	process = openat(proc, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return process < 0 ? 0 : walk_process(walk, process, name, left);
}

/* Root has what it needs; of all others none takes the time of the next. */
static size_t share_of(uid_t user)
{
	return user == 0 ? SIZE_MAX : PROCESS_DESCRIPTORS_OF_USER;
}

static int walk_processes(const struct walk *walk, int proc, const struct process_list *list)
{
	size_t left = 0;
	int result = 0;

	for (size_t i = 0; !result && i < list->count; i++) {
		const struct process_entry *entry = &list->items[i];

		if (i == 0 || entry->user != list->items[i - 1].user)
			left = share_of(entry->user);
		result = open_and_walk(walk, proc, entry->number, &left);
		/* Those of the system were before it. */
		if (result == -ETIME && entry->user >= FIRST_USER)
			return 0;
	}
	return result;
}

int process_descriptors_walk(const struct context *context,
			     int (*visit)(const struct process_descriptor *descriptor, void *user),
			     void *user)
{
	const struct walk walk = { visit, user, now() + PROCESS_DESCRIPTORS_SECONDS };
	owned_descriptor int proc = system_open(context, "/proc", O_RDONLY | O_DIRECTORY);
	struct process_list list = { NULL, 0 };
	int result = proc < 0 ? proc : process_list_read(proc, &list);

	if (!result)
		result = walk_processes(&walk, proc, &list);
	process_list_free(&list);
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
