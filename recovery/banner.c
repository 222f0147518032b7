/* banner.c: saying on every console that this is the safe profile (R52)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/banner.h"

#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/system_file.h"

static const struct {
	const char *folder;
	const char *file;
} login_texts[] = {
	{ "/run/issue.d", "/run/issue.d/daruma.issue" },
	{ "/run/motd.d", "/run/motd.d/daruma" },
};

/* A console that nobody reads must not stop us. */
static void write_to(const char *path, int flags, const char *text)
{
	owned_descriptor int fd =
		open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags, 0644);

	if (fd >= 0 && write(fd, text, strlen(text)) < 0)
		return;
}

static void show_on_consoles(const struct context *context, const char *text)
{
	owned char *names = NULL;
	size_t length;
	char *rest = NULL;

	write_to("/dev/tty1", 0, text);
	if (system_read(context, "/sys/class/tty/console/active", 256, &names, &length) != 0)
		return;
	for (char *name = strtok_r(names, " \n", &rest); name;
	     name = strtok_r(NULL, " \n", &rest)) {
		char path[PATH_MAX];

		if (isalpha((unsigned char)*name) && !strchr(name, '/') &&
		    strcmp(name, "tty1") != 0 &&
		    snprintf(path, sizeof(path), "/dev/%s", name) < (int)sizeof(path))
			write_to(path, 0, text);
	}
}

void banner_show(const struct context *context, const char *text)
{
	for (size_t i = 0; i < sizeof(login_texts) / sizeof(login_texts[0]); i++) {
		char path[PATH_MAX];

		if (system_path(context, login_texts[i].folder, path) == 0)
			mkdir(path, 0755);
		if (system_path(context, login_texts[i].file, path) == 0)
			write_to(path, O_CREAT | O_TRUNC | O_NOFOLLOW, text);
	}
	if (context->root[0] == '\0')
		show_on_consoles(context, text);
}
