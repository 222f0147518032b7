/* unit_file.c: the two facts about a unit file that decide whether it can wait for the guard
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/early/unit_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define UNIT_FILE_SIZE 65536

/* Units that come after the guard in any case: being before them is no cycle. */
static const char *const later[] = { "sysinit.target",	      "basic.target",
				     "multi-user.target",     "graphical.target",
				     "network-pre.target",    "network.target",
				     "network-online.target", "shutdown.target",
				     "umount.target",	      "final.target" };

static const char *const words_for_no[] = { "no", "n", "false", "f", "off", "0" };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_one_of(const char *word, const char *const list[], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcasecmp(word, list[i]) == 0)
			return true;
	}
	return false;
}

static void read_before(char *value, struct unit_file *unit)
{
	char *rest = NULL;

	for (char *word = strtok_r(value, " \t\r", &rest); word;
	     word = strtok_r(NULL, " \t\r", &rest)) {
		if (!is_one_of(word, later, COUNT(later)))
			unit->before_early = true;
	}
}

static char *trim(char *text)
{
	char *end = text + strlen(text);

	while (end > text && strchr(" \t\r", end[-1]))
		*--end = '\0';
	return text + strspn(text, " \t");
}

static void read_line(char *line, struct unit_file *unit)
{
	char *equals = strchr(line, '=');
	char *key;

	if (!equals || *line == '#' || *line == ';')
		return;
	*equals = '\0';
	key = trim(line);
	if (strcmp(key, "DefaultDependencies") == 0)
		unit->default_dependencies =
			!is_one_of(trim(equals + 1), words_for_no, COUNT(words_for_no));
	else if (strcmp(key, "Before") == 0)
		read_before(equals + 1, unit);
}

void unit_file_parse(const char *text, size_t size, struct unit_file *unit)
{
	char *copy = malloc(size + 1), *rest = NULL;
	char *at;

	if (!copy)
		return;
	memcpy(copy, text, size);
	copy[size] = '\0';
	/* A backslash at the end of a line joins the next one. */
	while ((at = strstr(copy, "\\\n")))
		at[0] = at[1] = ' ';
	for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		read_line(line, unit);
	free(copy);
}

static int read_one(int folder, const char *name, struct unit_file *unit)
{
	char *text;
	ssize_t size;
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	int error = 0;

	if (fd < 0)
		return -errno;
	text = malloc(UNIT_FILE_SIZE);
	size = text ? read(fd, text, UNIT_FILE_SIZE) : -1;
	if (size < 0)
		error = text ? -errno : -ENOMEM;
	else
		unit_file_parse(text, (size_t)size, unit);
	free(text);
	close(fd);
	return error;
}

static void read_drop_ins(const char *folder, const char *name, struct unit_file *unit)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *names;

	if (snprintf(path, sizeof(path), "%s/%s.d", folder, name) >= (int)sizeof(path))
		return;
	names = opendir(path);
	if (!names)
		return;
	while ((entry = readdir(names))) {
		size_t length = strlen(entry->d_name);

		if (length > 5 && strcmp(entry->d_name + length - 5, ".conf") == 0)
			read_one(dirfd(names), entry->d_name, unit);
	}
	closedir(names);
}

int unit_file_read(const char *const *folders, const char *name, struct unit_file *ret)
{
	struct unit_file unit = { .default_dependencies = true };
	int error = -ENOENT;

	for (size_t i = 0; error == -ENOENT && folders[i]; i++) {
		char path[PATH_MAX];

		if (snprintf(path, sizeof(path), "%s/%s", folders[i], name) < (int)sizeof(path))
			error = read_one(AT_FDCWD, path, &unit);
	}
	if (error)
		return error;
	for (size_t i = 0; folders[i]; i++)
		read_drop_ins(folders[i], name, &unit);
	*ret = unit;
	return 0;
}
