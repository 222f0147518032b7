/* kdump.c: logs of dead kernels that kdump saved
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/kdump.h"

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
#include "recovery/state.h"
#include "recovery/system_file.h"

#define CRASH_FOLDER "/var/crash"
#define SEEN_KEY     "kdump.seen"
#define MARK_SIZE    64

/* What a name of a log begins with. */
static const char *const names[] = { "dmesg.", "vmcore-dmesg.txt", "vmcore-dmesg-incomplete.txt" };

struct saved_log {
	struct timespec time;
	char mark[MARK_SIZE]; /* the same as long as it is the same file: time and inode */
	char folder[NAME_MAX + 1], name[NAME_MAX + 1];
};

struct saved_logs {
	struct saved_log items[KDUMP_TEXTS_MAX];
	size_t count;
};

static bool is_log(const char *name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strncmp(name, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static bool is_roots(const struct stat *stat, mode_t type)
{
	return (stat->st_mode & S_IFMT) == type && stat->st_uid == geteuid() &&
	       !(stat->st_mode & (S_IWGRP | S_IWOTH));
}

/* -1 for what does not count. Most of what others put there is not even opened. */
static int open_roots(int folder, const char *name, mode_t type, struct stat *stat)
{
	int fd;

	if (fstatat(folder, name, stat, AT_SYMLINK_NOFOLLOW) != 0 || !is_roots(stat, type))
		return -1;
	fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || (fstat(fd, stat) == 0 && is_roots(stat, type)))
		return fd;
	close(fd);
	return -1;
}

static int open_crash_folder(const struct context *context)
{
	return system_open(context, CRASH_FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

static bool is_older(struct timespec one, struct timespec other)
{
	return one.tv_sec != other.tv_sec ? one.tv_sec < other.tv_sec : one.tv_nsec < other.tv_nsec;
}

/* Behind the others, or where the oldest is if all room is taken. NULL: that one is not older. */
static struct saved_log *find_room(struct saved_logs *logs, struct timespec time)
{
	struct saved_log *oldest = &logs->items[0];

	if (logs->count < KDUMP_TEXTS_MAX)
		return &logs->items[logs->count++];
	for (size_t i = 1; i < logs->count; i++)
		if (is_older(logs->items[i].time, oldest->time))
			oldest = &logs->items[i];
	return is_older(oldest->time, time) ? oldest : NULL;
}

static void add_log(struct saved_logs *logs, const char *folder, const char *name,
		    const struct stat *stat)
{
	struct saved_log *room = find_room(logs, stat->st_mtim);

	if (!room)
		return;
	room->time = stat->st_mtim;
	snprintf(room->mark, sizeof(room->mark), "%lld.%ld:%llu", (long long)stat->st_mtim.tv_sec,
		 (long)stat->st_mtim.tv_nsec, (unsigned long long)stat->st_ino);
	snprintf(room->folder, sizeof(room->folder), "%s", folder);
	snprintf(room->name, sizeof(room->name), "%s", name);
}

/* Calls `each` with the names in the folder that `fd`, which is closed, is open for. Those count for which it returns true:
 * what anybody may put there must not take the room of what kdump saved. */
static void each_name(int fd, struct saved_logs *logs, const char *folder,
		      bool (*each)(struct saved_logs *logs, int fd, const char *folder,
				   const char *name))
{
	DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;
	unsigned count = 0;

	for (unsigned i = 0;
	     list && i < KDUMP_NAMES_MAX && count < KDUMP_FOLDERS_MAX && (entry = readdir(list));
	     i++)
		count += entry->d_name[0] != '.' && each(logs, dirfd(list), folder, entry->d_name);
	if (list)
		closedir(list);
	else if (fd >= 0)
		close(fd);
}

static bool scan_file(struct saved_logs *logs, int fd, const char *folder, const char *name)
{
	struct stat stat;
	owned_descriptor int file = is_log(name) ? open_roots(fd, name, S_IFREG, &stat) : -1;

	if (file >= 0)
		add_log(logs, folder, name, &stat);
	return file >= 0;
}

static bool scan_folder(struct saved_logs *logs, int fd, const char *above, const char *name)
{
	struct stat stat;
	int below = open_roots(fd, name, S_IFDIR, &stat);

	(void)above;
	each_name(below, logs, name, scan_file);
	return below >= 0;
}

static struct saved_logs *collect(const struct context *context)
{
	struct saved_logs *logs = calloc(1, sizeof(*logs));

	if (logs)
		each_name(open_crash_folder(context), logs, "", scan_folder);
	return logs;
}

static bool is_listed(const char *seen, const char *mark)
{
	size_t length = strlen(mark);

	for (const char *at = seen; at && (at = strstr(at, mark)); at += length)
		if ((at == seen || at[-1] == ' ') && (at[length] == '\0' || at[length] == ' '))
			return true;
	return false;
}

/* NULL: there is none. */
static const struct saved_log *find_newest(const struct saved_logs *logs, const char *seen,
					   int64_t since, unsigned *ret_fresh)
{
	const struct saved_log *newest = NULL;

	*ret_fresh = 0;
	for (size_t i = 0; i < logs->count; i++) {
		const struct saved_log *log = &logs->items[i];

		if (log->time.tv_sec < since || is_listed(seen, log->mark))
			continue;
		++*ret_fresh;
		if (!newest || is_older(newest->time, log->time))
			newest = log;
	}
	return newest;
}

static int read_end(int fd, off_t size, struct crash_text *text)
{
	off_t from = size > CRASH_TEXT_MAX ? size - CRASH_TEXT_MAX : 0;
	ssize_t got;

	text->text = malloc(CRASH_TEXT_MAX);
	if (!text->text)
		return -ENOMEM;
	do {
		got = pread(fd, text->text + text->size, CRASH_TEXT_MAX - text->size,
			    from + (off_t)text->size);
		if (got > 0)
			text->size += (size_t)got;
	} while (got > 0 && text->size < CRASH_TEXT_MAX);
	return got < 0 ? -errno : 0;
}

static int read_log(const struct context *context, const struct saved_log *log,
		    struct crash_text *text)
{
	struct stat stat;
	owned_descriptor int top = open_crash_folder(context);
	owned_descriptor int folder = top < 0 ? -1 : open_roots(top, log->folder, S_IFDIR, &stat);
	owned_descriptor int file = folder < 0 ? -1 : open_roots(folder, log->name, S_IFREG, &stat);

	text->time = log->time.tv_sec;
	return file < 0 ? -ENOENT : read_end(file, stat.st_size, text);
}

int kdump_read_new(const struct context *context, struct database *database, int64_t since,
		   struct crash_text *ret)
{
	owned struct saved_logs *logs = collect(context);
	owned char *seen = NULL;
	struct crash_text text = { 0 };
	const struct saved_log *newest;
	int error;

	if (!logs)
		return -ENOMEM;
	/* With marks that cannot be read, what was judged would be judged again. */
	error = database ? state_get_text(database, SEEN_KEY, &seen) : 0;
	if (error)
		return error;
	newest = find_newest(logs, seen, since, &text.fresh);
	error = newest ? read_log(context, newest, &text) : 0;
	if (error)
		crash_text_free(&text);
	else
		*ret = text;
	return error;
}

bool kdump_has_new(const struct context *context, struct database *database, int64_t since)
{
	owned struct saved_logs *logs = collect(context);
	owned char *seen = NULL;
	unsigned fresh;

	return logs && logs->count > 0 && state_get_text(database, SEEN_KEY, &seen) == 0 &&
	       find_newest(logs, seen, since, &fresh) != NULL;
}

static int by_mark(const void *one, const void *other)
{
	return strcmp(((const struct saved_log *)one)->mark,
		      ((const struct saved_log *)other)->mark);
}

int kdump_mark_seen(const struct context *context, struct database *database)
{
	owned struct saved_logs *logs = collect(context);
	owned char *before = NULL;
	char marks[KDUMP_TEXTS_MAX * MARK_SIZE] = "";
	size_t at = 0;
	int error = logs ? state_get_text(database, SEEN_KEY, &before) : -ENOMEM;

	if (error)
		return error;
	qsort(logs->items, logs->count, sizeof(logs->items[0]), by_mark);
	for (size_t i = 0; i < logs->count; i++)
		at += (size_t)snprintf(marks + at, sizeof(marks) - at, "%s%s", i ? " " : "",
				       logs->items[i].mark);
	if (strcmp(before ? before : "", marks) == 0)
		return 0;
	return state_set_text(database, SEEN_KEY, marks);
}
