/* panic_switch.c: turning an oops into a panic while a start is unanswered
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/early/panic_switch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NUMBER_SIZE 16

static int read_number(const char *folder, const char *name, long *ret)
{
	char path[PATH_MAX], text[NUMBER_SIZE], *end;
	ssize_t size;
	int fd;

	if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	size = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (size <= 0)
		return -EIO;
	text[size] = '\0';
	*ret = strtol(text, &end, 10);
	return end == text ? -EBADMSG : 0;
}

static int write_number(const char *folder, const char *name, long number)
{
	char path[PATH_MAX];
	int fd, written;

	if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return -errno;
	written = dprintf(fd, "%ld\n", number);
	close(fd);
	return written < 0 ? -EIO : 0;
}

static int set_restart(const struct panic_switch *where)
{
	long seconds;
	int error = read_number(where->sysctl, "panic", &seconds);

	if (error || seconds != 0)
		return error;
	return write_number(where->sysctl, "panic", PANIC_SWITCH_SECONDS);
}

static int set_oops(const struct panic_switch *where)
{
	long before, kept;
	int error = read_number(where->sysctl, "panic_on_oops", &before);

	if (error)
		return error;
	if (mkdir(where->run, 0755) < 0 && errno != EEXIST)
		return -errno;
	/* Asked for the second time: the value in the file is the true one. */
	if (read_number(where->run, "panic_on_oops", &kept) != 0)
		error = write_number(where->run, "panic_on_oops", before);
	if (error || before == 1)
		return error;
	return write_number(where->sysctl, "panic_on_oops", 1);
}

int panic_switch_set(const struct panic_switch *where)
{
	int restart = set_restart(where);
	int oops = set_oops(where);

	return restart ? restart : oops;
}

int panic_switch_give_back(const struct panic_switch *where)
{
	char path[PATH_MAX];
	long before;
	int error;

	if (read_number(where->run, "panic_on_oops", &before) != 0)
		return 0;
	error = write_number(where->sysctl, "panic_on_oops", before);
	if (error)
		return error;
	if (snprintf(path, sizeof(path), "%s/panic_on_oops", where->run) < (int)sizeof(path))
		unlink(path);
	return 1;
}
