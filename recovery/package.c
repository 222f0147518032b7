/* package.c: is a package installed
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/package.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/system_file.h"

#define STATUS_FILE "/var/lib/dpkg/status"

/* `line` is "Package: NAME\n" with a name of the list. */
static bool names_one(const char *line, const struct text_list *names)
{
	static const char key[] = "Package: ";
	size_t length;

	if (strncmp(line, key, sizeof(key) - 1) != 0)
		return false;
	line += sizeof(key) - 1;
	length = strcspn(line, "\n");
	for (size_t i = 0; i < names->count; i++)
		if (strlen(names->items[i]) == length &&
		    strncmp(names->items[i], line, length) == 0)
			return true;
	return false;
}

/* A paragraph ends with an empty line; its status follows its name (deb-status form of dpkg). */
static bool search(FILE *file, const struct text_list *names)
{
	owned char *line = NULL;
	size_t room = 0;
	bool ours = false;

	while (getline(&line, &room, file) > 0) {
		if (line[0] == '\n')
			ours = false;
		if (names_one(line, names))
			ours = true;
		if (ours && strncmp(line, "Status: ", 8) == 0 && strstr(line, " installed\n"))
			return true;
	}
	return false;
}

bool package_is_installed(const struct context *context, const struct text_list *names)
{
	int fd = names->count ? system_open(context, STATUS_FILE, O_RDONLY | O_NONBLOCK) : -1;
	FILE *file = fd < 0 ? NULL : fdopen(fd, "re");
	bool found;

	if (!file) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	found = search(file, names);
	fclose(file);
	return found;
}
