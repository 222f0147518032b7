/* administrators.c: the local users who may become root anyway
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/early/administrators.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MOST    (1024 * 1024)
#define MEMBERS_MOST 4096 /* keeps the time within bounds: every user is looked for among them */

static const char *const groups[] = { "sudo", "wheel" };

#define GROUPS (sizeof(groups) / sizeof(groups[0]))

/* name:password:number:members and name:password:number:group:comment:home:shell */
enum part {
	NAME,
	NUMBER = 2,
	MEMBERS,
	GROUP = 3
};

/* Bytes of a text, without a NUL. */
struct piece {
	const char *at;
	size_t length;
};

struct group {
	uint32_t number;
	struct piece members;
};

/* Cuts off what stands before the first `end`. False: nothing is left. */
static bool next_piece(struct piece *rest, char end, struct piece *ret)
{
	const char *found = rest->length ? memchr(rest->at, end, rest->length) : NULL;

	if (!rest->at)
		return false;
	*ret = (struct piece){ rest->at, found ? (size_t)(found - rest->at) : rest->length };
	if (found)
		*rest = (struct piece){ found + 1, rest->length - ret->length - 1 };
	else
		*rest = (struct piece){ NULL, 0 };
	return true;
}

static bool part_of(struct piece line, enum part part, struct piece *ret)
{
	for (int i = 0; i <= (int)part; i++)
		if (!next_piece(&line, ':', ret))
			return false;
	return true;
}

static bool same(struct piece one, const char *at, size_t length)
{
	return one.length == length && memcmp(one.at, at, length) == 0;
}

static bool read_number(struct piece digits, uint32_t *ret)
{
	uint64_t value = 0;

	if (digits.length == 0 || digits.length > 10)
		return false;
	for (size_t i = 0; i < digits.length; i++) {
		if (digits.at[i] < '0' || digits.at[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(digits.at[i] - '0');
	}
	*ret = (uint32_t)value;
	return value < UINT32_MAX;
}

static bool read_group(const char *text, const char *name, struct group *ret)
{
	struct piece rest = { text, strlen(text) }, line, part;

	while (next_piece(&rest, '\n', &line)) {
		if (!part_of(line, NAME, &part) || !same(part, name, strlen(name)))
			continue;
		if (!part_of(line, NUMBER, &part) || !read_number(part, &ret->number) ||
		    !part_of(line, MEMBERS, &ret->members))
			return false;
		if (ret->members.length > MEMBERS_MOST)
			ret->members.length = MEMBERS_MOST;
		return true;
	}
	return false;
}

static bool has_member(const struct group *group, struct piece name)
{
	struct piece rest = group->members, member;

	while (next_piece(&rest, ',', &member))
		if (name.length > 0 && same(member, name.at, name.length))
			return true;
	return false;
}

/* By a group's list, or by the group that the user's own line names. */
static bool is_administrator(struct piece line, const struct group *of, size_t count)
{
	struct piece name, text;
	uint32_t number;

	if (!part_of(line, NAME, &name) || !part_of(line, GROUP, &text) ||
	    !read_number(text, &number))
		return false;
	for (size_t i = 0; i < count; i++)
		if (of[i].number == number || has_member(&of[i], name))
			return true;
	return false;
}

void administrators_parse(const char *group, const char *passwd, struct administrators *ret)
{
	struct piece rest = { passwd, strlen(passwd) }, line, text;
	struct group of[GROUPS];
	size_t count = 0;

	ret->count = 0;
	for (size_t i = 0; i < GROUPS; i++)
		if (read_group(group, groups[i], &of[count]))
			count++;
	while (ret->count < ADMINISTRATORS_MOST && next_piece(&rest, '\n', &line)) {
		uint32_t number;

		if (is_administrator(line, of, count) && part_of(line, NUMBER, &text) &&
		    read_number(text, &number) && number != 0)
			ret->users[ret->count++] = number;
	}
}

/* NULL: it cannot be read whole. */
static char *read_file(const char *folder, const char *name)
{
	char path[PATH_MAX];
	char *text = malloc(FILE_MOST + 1);
	size_t size = 0;
	ssize_t got = -1;
	int fd = -1;

	if (text && snprintf(path, sizeof(path), "%s/%s", folder, name) < (int)sizeof(path))
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	while (fd >= 0 && size <= FILE_MOST &&
	       (got = read(fd, text + size, FILE_MOST + 1 - size)) > 0)
		size += (size_t)got;
	if (fd >= 0)
		close(fd);
	if (got != 0) {
		free(text);
		return NULL;
	}
	text[size] = '\0';
	return text;
}

void administrators_read(const char *folder, struct administrators *ret)
{
	char *group = read_file(folder, "group"), *passwd = read_file(folder, "passwd");

	ret->count = 0;
	if (group && passwd)
		administrators_parse(group, passwd, ret);
	free(group);
	free(passwd);
}
