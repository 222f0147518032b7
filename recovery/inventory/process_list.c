/* process_list.c: the processes there are, and whose each is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/process_list.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/cleanup.h"

#define ROOM_AT_FIRST 256
#define STATUS_BEGIN  512 /* the line stands in the first lines, behind a name of 16 characters */
#define NUMBER_MOST   20

static bool is_number(const char *name)
{
	size_t length = strspn(name, "0123456789");

	return length > 0 && length < NUMBER_MOST && name[length] == 0;
}

/* A program that anybody may start with root's rights is still his: the first number of "Uid:" in /proc/PID/status (kernel:
 * Documentation/filesystems/proc.rst). The name in the first line has no end of a line in it. */
static uid_t find_user(int proc, const char *number, uid_t owner)
{
	static const char mark[] = "\nUid:\t";
	char path[NUMBER_MOST + sizeof("/status")], text[STATUS_BEGIN];
	owned_descriptor int fd = -1;
	const char *at;
	char *end;
	ssize_t length;
	unsigned long user;

	snprintf(path, sizeof(path), "%.*s/status", NUMBER_MOST, number);
	fd = openat(proc, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	length = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	if (length <= 0)
		return owner;
	text[length] = 0;
	at = strstr(text, mark);
	if (!at || !strchr("0123456789", at[sizeof(mark) - 1]))
		return owner;
	user = strtoul(at + sizeof(mark) - 1, &end, 10);
	return *end == '\t' ? (uid_t)user : owner;
}

static int add(struct process_list *list, size_t *room, int proc, const char *name)
{
	struct stat stat;

	/* The folder belongs to whose rights the process has: only root's may be borrowed. */
	if (fstatat(proc, name, &stat, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (list->count == *room) {
		size_t more = *room ? 2 * *room : ROOM_AT_FIRST;
		struct process_entry *items = reallocarray(list->items, more, sizeof(*items));

		if (!items)
			return -ENOMEM;
		list->items = items;
		*room = more;
	}
	list->items[list->count++] = (struct process_entry){
		.number = strtoul(name, NULL, 10),
		.user = stat.st_uid == 0 ? find_user(proc, name, 0) : stat.st_uid,
	};
	return 0;
}

static int compare(const void *one, const void *other)
{
	const struct process_entry *a = one, *b = other;

	if (a->user != b->user)
		return a->user < b->user ? -1 : 1;
	return (a->number > b->number) - (a->number < b->number);
}

int process_list_read(int proc, struct process_list *ret)
{
	int fd = openat(proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *names = fd < 0 ? NULL : fdopendir(fd);
	struct process_list list = { NULL, 0 };
	struct dirent *entry;
	size_t room = 0;
	int error = names ? 0 : -errno;

	if (!names && fd >= 0)
		close(fd);
	while (!error && (entry = readdir(names)))
		if (is_number(entry->d_name))
			error = add(&list, &room, proc, entry->d_name);
	if (names)
		closedir(names);
	if (error) {
		process_list_free(&list);
		return error;
	}
	if (list.count)
		qsort(list.items, list.count, sizeof(*list.items), compare);
	*ret = list;
	return 0;
}

void process_list_free(struct process_list *list)
{
	free(list->items);
	*list = (struct process_list){ NULL, 0 };
}
